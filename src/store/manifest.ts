/**
 * The manifest of a person's own model: `NAME.vit.json` beside `NAME.onnx`, to be committed with it.
 */
import path from 'node:path';
import * as v from 'valibot';
import { writeWhole } from '../engine/files/write-whole';
import { Failure } from '../shared/failure';
import { describeIssues } from '../shared/describe-issues';
import { manifestSchema, type Manifest, type ManifestChanges } from '../shared/manifest';
import { readJson } from './json-file';
import { modelStem } from './weight-endings';

/** Where the manifest of a model file belongs. */
export function manifestPath(modelFile: string): string {
  return path.join(path.dirname(modelFile), `${modelStem(modelFile)}.vit.json`);
}

/** @throws Failure `model-unreadable` for a manifest that breaks its format, naming the field */
export async function readManifest(modelFile: string): Promise<Manifest | undefined> {
  const file = manifestPath(modelFile);
  const data = await readJson(file);
  if (data === undefined) return undefined;
  const parsed = v.safeParse(manifestSchema, data);
  if (!parsed.success) {
    throw new Failure(
      'model-unreadable',
      `${path.basename(file)} does not follow its format: ${describeIssues(parsed.issues)}.`,
      `Correct ${file}, or delete it to go by what stands beside the model.`,
    );
  }
  return parsed.output;
}

/** The last write of each manifest: every one begins with what the one before left. */
const writing = new Map<string, Promise<unknown>>();

/**
 * Remembers what is to be stated of a model; what the manifest already holds and `changes` does not
 * name stays.
 * @returns the manifest's path
 * @throws Failure `cache-unwritable` when the folder cannot be written
 */
export async function writeManifest(modelFile: string, changes: ManifestChanges): Promise<string> {
  const file = manifestPath(modelFile);
  const before = writing.get(file) ?? Promise.resolve();
  const written = before.then(() => write(modelFile, file, changes));
  const settled = written.catch(() => undefined);
  writing.set(file, settled);
  try {
    await written;
  } finally {
    if (writing.get(file) === settled) writing.delete(file);
  }
  return file;
}

async function write(modelFile: string, file: string, changes: ManifestChanges): Promise<void> {
  const { format, ...stated } = { format: 1, ...(await readManifest(modelFile)), ...changes };
  const kept = Object.entries(stated).filter(([, value]) => value !== null);
  const manifest = { format, ...Object.fromEntries(kept) };
  try {
    await writeWhole(file, (handle) =>
      handle.writeFile(`${JSON.stringify(manifest, undefined, 2)}\n`),
    );
  } catch (error) {
    throw new Failure(
      'cache-unwritable',
      `${path.basename(file)} cannot be written beside the model.`,
      `Make ${path.dirname(file)} writable, or copy the model to a folder of your own.`,
      { cause: error },
    );
  }
}
