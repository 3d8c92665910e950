/** The name that a model file goes by. */
import path from 'node:path';
import { catalog } from './catalog';
import { downloadedWeights } from './downloaded-models';
import type { ModelFolders } from './model-folders';

/** The id of the shipped model, that of a known one which was downloaded, else `file:` and the path. */
export async function modelIdOf(file: string, folders: ModelFolders): Promise<string> {
  const { starterFolder, downloads } = folders;
  if (file === path.join(starterFolder, 'model.onnx')) return 'starter';
  const own = `file:${file}`;
  if (downloads === undefined || !file.startsWith(downloads + path.sep)) return own;
  for (const entry of catalog)
    if ((await downloadedWeights(entry, downloads)) === file) return entry.id;
  return own;
}
