/** The name that a model file goes by. */
import path from 'node:path';
import { inside } from '../engine/files/inside';
import { catalog } from './catalog';
import { downloadedWeights } from './downloaded-models';
import type { ModelFolders } from './model-folders';

/** The id of the shipped model, that of a known one which was downloaded, else `file:` and the path. */
export async function modelIdOf(file: string, folders: ModelFolders): Promise<string> {
  const { starterFolder, downloads } = folders;
  const isFile = (other: string | undefined): boolean =>
    other !== undefined && path.relative(other, file) === '';
  if (isFile(path.join(starterFolder, 'model.onnx'))) return 'starter';
  const own = `file:${file}`;
  if (downloads === undefined || inside(downloads, file) === undefined) return own;
  for (const entry of catalog)
    if (isFile(await downloadedWeights(entry, downloads))) return entry.id;
  return own;
}
