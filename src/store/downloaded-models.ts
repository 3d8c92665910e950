/** The models on this machine: what was downloaded, its size, its deletion, and the list of all. */
import { readdir, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { Failure } from '../shared/failure';
import type { ModelListing } from '../shared/model';
import { approximateBytes, catalog, catalogEntry, weightsOf, type CatalogEntry } from './catalog';
import { isHubName } from './download/hub-repository';
import { hasCode, readJson } from './json-file';
import type { ModelFolders } from './model-folders';
import { isPart, isWeights, looksLikeWeights } from './weight-endings';

export const downloadRecordSchema = v.object({
  format: v.literal(1),
  id: v.string(),
  /** Commit or branch that the files are from; absent for other sources than the hub. */
  revision: v.exactOptional(v.string()),
  files: v.record(
    v.string(),
    v.object({
      bytes: v.number(),
      sha256: v.string(),
      /** Whether the checksum was known before the download, or is trusted since the first one. */
      checked: v.picklist(['catalog', 'announced', 'first-download']),
    }),
  ),
});

/** What `model.json` in a download's folder says: sizes and checksums of what was downloaded. */
export type DownloadRecord = v.InferOutput<typeof downloadRecordSchema>;

/** The file that marks a download as complete. */
export const recordName = 'model.json';

/** Folder of one catalog entry's download. */
export function downloadFolder(downloads: string, modelId: string): string {
  return path.join(downloads, modelId);
}

/** The record of a complete download, or undefined; a damaged record counts as none. */
export async function readDownloadRecord(
  downloads: string,
  modelId: string,
): Promise<DownloadRecord | undefined> {
  const data = await readJson(path.join(downloadFolder(downloads, modelId), recordName)).catch(
    () => undefined,
  );
  const parsed = v.safeParse(downloadRecordSchema, data);
  return parsed.success && parsed.output.id === modelId ? parsed.output : undefined;
}

/** Absolute path of a downloaded entry's weights; undefined while the download is not complete. */
export async function downloadedWeights(
  entry: CatalogEntry,
  downloads: string | undefined,
): Promise<string | undefined> {
  if (downloads === undefined || (await readDownloadRecord(downloads, entry.id)) === undefined)
    return undefined;
  const file = path.join(downloadFolder(downloads, entry.id), weightsOf(entry).path);
  return (await bytesOf(file)) === undefined ? undefined : file;
}

/** Absolute path of the weights that were pulled by their name on the hub; undefined without any. */
export async function pulledWeights(
  name: string,
  downloads: string | undefined,
): Promise<string | undefined> {
  if (downloads === undefined || !isHubName(name)) return undefined;
  const record = await readDownloadRecord(downloads, name);
  const weights = Object.keys(record?.files ?? {}).find((file) => isWeights(file) && !isPart(file));
  return weights === undefined ? undefined : path.join(downloadFolder(downloads, name), weights);
}

/** Every model that can be named: the shipped one, the catalog, and the files in the own folder. */
export async function listModels(folders: ModelFolders): Promise<readonly ModelListing[]> {
  const starterBytes = await bytesOf(path.join(folders.starterFolder, 'model.onnx'));
  const starter: ModelListing = {
    id: 'starter',
    name: 'Starter ViT',
    onDisk: starterBytes !== undefined,
    bytes: starterBytes,
    licence: 'MIT',
    source: 'shipped',
  };
  const known = await Promise.all(
    catalog.map(async (entry): Promise<ModelListing> => {
      const onDisk = (await downloadedWeights(entry, folders.downloads)) !== undefined;
      return {
        id: entry.id,
        name: entry.name,
        onDisk,
        bytes:
          onDisk && folders.downloads !== undefined
            ? await sizeOnDisk(entry.id, folders.downloads)
            : approximateBytes(entry),
        licence: entry.licence,
        source: 'catalog',
      };
    }),
  );
  const pulled = await listPulled(folders.downloads);
  return [starter, ...known, ...pulled, ...(await listOwn(folders.ownFolder))];
}

/** Models that were pulled by their names on the hub: one folder an owner, in it one a model. */
async function listPulled(downloads: string | undefined): Promise<readonly ModelListing[]> {
  if (downloads === undefined) return [];
  const listed: ModelListing[] = [];
  for (const owner of await foldersIn(downloads)) {
    for (const model of await foldersIn(path.join(downloads, owner))) {
      const name = `${owner}/${model}`;
      const file = await pulledWeights(name, downloads);
      if (file === undefined) continue;
      const bytes = await sizeOnDisk(name, downloads);
      const id = `file:${file}`;
      listed.push({ id, name, onDisk: true, bytes, licence: undefined, source: 'own' });
    }
  }
  return listed;
}

async function foldersIn(folder: string): Promise<readonly string[]> {
  const children = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return children
    .filter((child) => child.isDirectory())
    .map(({ name }) => name)
    .sort((a, b) => a.localeCompare(b));
}

async function listOwn(ownFolder: string | undefined): Promise<readonly ModelListing[]> {
  if (ownFolder === undefined) return [];
  const names = await readdir(ownFolder).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  const weights = names
    .filter((name) => looksLikeWeights(name) && !isPart(name))
    .sort((a, b) => a.localeCompare(b));
  return await Promise.all(
    weights.map(async (name): Promise<ModelListing> => {
      const file = path.resolve(ownFolder, name);
      return {
        id: `file:${file}`,
        name: name.replace(/\.probe\.safetensors$/i, ' (linear probe)'),
        onDisk: true,
        bytes: await bytesOf(file),
        licence: undefined,
        source: 'own',
      };
    }),
  );
}

/** Bytes that a catalog entry takes on disk, half-finished downloads included. */
export async function sizeOnDisk(modelId: string, downloads: string): Promise<number> {
  return await bytesBelow(downloadFolder(downloads, modelId));
}

async function bytesBelow(folder: string): Promise<number> {
  const children = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  });
  const sizes = await Promise.all(
    children.map(async (child) => {
      const where = path.join(folder, child.name);
      return child.isDirectory() ? await bytesBelow(where) : ((await bytesOf(where)) ?? 0);
    }),
  );
  return sizes.reduce((sum, size) => sum + size, 0);
}

async function bytesOf(file: string): Promise<number | undefined> {
  try {
    return (await stat(file)).size;
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return undefined;
    throw error;
  }
}

/** Whether a folder of downloads may belong to it alone: `KNOWN-ID/onnx` is a part of a model. */
function isDownload(modelId: string): boolean {
  const [owner = ''] = modelId.split('/');
  return (
    catalogEntry(modelId) !== undefined || (isHubName(modelId) && catalogEntry(owner) === undefined)
  );
}

/**
 * Deletes the download of a catalog entry or of a model of the hub, finished or not.
 * @returns the bytes that became free
 * @throws Failure `model-missing` for another id or where nothing was downloaded,
 *   `cache-unwritable` when the files cannot be removed
 */
export async function deleteModel(modelId: string, downloads: string): Promise<number> {
  const bytes = isDownload(modelId) ? await sizeOnDisk(modelId, downloads) : 0;
  if (bytes === 0) {
    throw new Failure(
      'model-missing',
      `No download of ${modelId} is on this machine, so there is nothing to delete.`,
      'Name a downloaded model; files of your own are yours to delete.',
    );
  }
  try {
    await rm(downloadFolder(downloads, modelId), { recursive: true });
  } catch (error) {
    throw new Failure(
      'cache-unwritable',
      `The download of ${modelId} cannot be deleted.`,
      `Check the permissions of ${downloadFolder(downloads, modelId)}, and that no program uses it.`,
      { cause: error },
    );
  }
  return bytes;
}
