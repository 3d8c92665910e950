/** The files that turn phrases into embeddings, and what tells them from others. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { sha256Of } from '../engine/identity/file-hash';
import { identityOf } from '../engine/identity/identity';
import { Failure } from '../shared/failure';
import type { ModelDescription, ZeroShot } from '../shared/model';
import { hasCode } from './json-file';

export interface PhraseReaderFiles {
  readonly textModel: string;
  readonly tokenizer: string;
}

/** @throws Failure `model-missing` */
export function readerFilesOf({
  name,
  path: picture,
  zeroShot,
}: ModelDescription & { readonly zeroShot: ZeroShot }): PhraseReaderFiles {
  const { textModel, tokenizer } = zeroShot;
  if (textModel !== undefined && tokenizer !== undefined) return { textModel, tokenizer };
  const wanted = [
    ...(textModel === undefined ? ['the text encoder (text_model.onnx)'] : []),
    ...(tokenizer === undefined ? ['tokenizer.json'] : []),
  ];
  throw new Failure(
    'model-missing',
    `${name} needs ${wanted.join(' and ')} to read phrases, but ${path.dirname(picture)} has none.`,
    'Put the files of the same CLIP beside its picture encoder (tokenizer.json may lie one folder up), or name them in its .vit.json.',
  );
}

/** @throws Failure `model-missing`; EngineError `model-unreadable` */
export async function identityOfReader(
  { textModel, tokenizer }: PhraseReaderFiles,
  cacheFolder: string,
): Promise<string> {
  try {
    const parts = [
      await identityOf(textModel, cacheFolder),
      await sha256Of(tokenizer, cacheFolder),
    ];
    return createHash('sha256').update(JSON.stringify(parts)).digest('hex');
  } catch (error) {
    const cause = error instanceof Error && error.cause !== undefined ? error.cause : error;
    if (!hasCode(cause, 'ENOENT')) throw error;
    throw new Failure(
      'model-missing',
      `There is no file ${(cause as NodeJS.ErrnoException).path ?? textModel}, which reads the phrases.`,
      'Put it back, or download the model again.',
      { cause },
    );
  }
}
