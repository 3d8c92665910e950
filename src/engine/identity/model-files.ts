/** Which files decide what a model computes. */
import path from 'node:path';
import { stampOf } from '../cache/file-stamp';
import { checkpointFiles } from '../intake/checkpoint/shard-index';
import { externalFilesOf, liesInside } from './external-files';

/** What was found in this process, by the ONNX file. */
const found = new Map<string, { readonly stamp: string; readonly files: readonly string[] }>();

/**
 * An ONNX file and those of its external weights; a checkpoint, or its index and all parts. The one
 * that was named comes first.
 *
 * @throws what the file system says; EngineError `model-unreadable` for an index that is none
 */
export async function modelFiles(file: string): Promise<readonly string[]> {
  if (!isOnnx(file)) return checkpointFiles(file);
  const stamp = await stampOf(file);
  const known = found.get(file);
  if (known?.stamp === stamp) return known.files;
  const folder = path.dirname(file);
  // Other places are refused when the model is read.
  const places = externalFilesOf(file).filter((place) => liesInside(folder, place));
  const files = [file, ...places.map((place) => path.join(folder, place))];
  found.set(file, { stamp, files });
  return files;
}

export function isOnnx(file: string): boolean {
  return path.extname(file).toLowerCase() === '.onnx';
}
