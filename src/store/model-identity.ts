/** What tells a model with all that it rests on from every other one. */
import { createHash } from 'node:crypto';
import { EngineError } from '../engine/engine-error';
import { sha256Of } from '../engine/identity/file-hash';
import { identityOf } from '../engine/identity/identity';
import { Failure } from '../shared/failure';
import type { StatedArchitecture } from '../shared/architecture';
import type { ModelDescription } from '../shared/model';
import { comparesPhrases } from '../shared/phrases';
import { hasCode } from './json-file';
import { identityOfReader, readerFilesOf } from './phrase-reader-files';

/**
 * `identityOf` the model's file; of a probe, that of its head and its backbone; of a model that
 * compares phrases, that of the picture encoder, the text encoder and the tokeniser.
 *
 * @throws Failure `model-missing`; EngineError `model-unreadable`
 */
export async function identityOfModel(
  model: ModelDescription,
  cacheFolder: string,
): Promise<string> {
  const { path, architecture, backbone } = model;
  if (backbone !== undefined) {
    return joined([
      await headOf(path, cacheFolder),
      await weightsOf(backbone.path, cacheFolder, architecture),
    ]);
  }
  const weights = await weightsOf(path, cacheFolder, architecture);
  return comparesPhrases(model)
    ? joined([weights, await identityOfReader(readerFilesOf(model), cacheFolder)])
    : weights;
}

async function headOf(file: string, cacheFolder: string): Promise<string> {
  try {
    return await sha256Of(file, cacheFolder);
  } catch (error) {
    throw missing(file, error);
  }
}

async function weightsOf(
  file: string,
  cacheFolder: string,
  architecture: StatedArchitecture | undefined,
): Promise<string> {
  try {
    return await identityOf(file, cacheFolder, architecture);
  } catch (error) {
    throw missing(file, error instanceof EngineError && error.cause ? error.cause : error, error);
  }
}

/** @param thrown what to throw where no file is missing */
function missing(file: string, cause: unknown, thrown = cause): unknown {
  if (!hasCode(cause, 'ENOENT')) return thrown;
  const { path = file } = cause as NodeJS.ErrnoException;
  return new Failure(
    'model-missing',
    path === file
      ? `There is no model at ${file}.`
      : `A part of the model is missing: there is no ${path}.`,
    path === file
      ? 'Check the path, or choose another model.'
      : 'Put it beside the others, or download the model again.',
    { cause },
  );
}

function joined(identities: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(identities)).digest('hex');
}
