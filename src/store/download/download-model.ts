/** Downloads a catalog entry: all its files, one record of what they are. */
import { rename, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import type { Downloadable } from '../catalog';
import {
  downloadFolder,
  downloadRecordSchema,
  readDownloadRecord,
  recordName,
  type DownloadRecord,
} from '../downloaded-models';
import { readJson } from '../json-file';
import { diskFailure } from './download-failures';
import { downloadFile } from './download-file';
import { withFolderLock } from './folder-lock';
import { mostBytesOf } from './most-bytes';
import { usualPatience, type Patience } from './patience';
import { sourceUrl } from './source-url';

export interface DownloadProgress {
  /** The file on its way, as the repository calls it. */
  readonly file: string;
  /** Of the whole model. */
  readonly receivedBytes: number;
  /** Of the whole model, as far as it is known by now. */
  readonly totalBytes: number | undefined;
}

export interface DownloadOptions {
  /** Folder of all downloads. */
  readonly downloads: string;
  /** Address that stands in for the model hub. */
  readonly mirror?: string | undefined;
  /** Access token for the hub (or the mirror); it goes to no other host. */
  readonly token?: string | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((progress: DownloadProgress) => void) | undefined;
  readonly patience?: Patience;
  /** The editor's fetch knows its proxy settings. */
  readonly fetch?: typeof fetch;
}

type FileRecord = DownloadRecord['files'][string];

/** Files that have arrived while others have not. */
const progressName = 'model.json.partial';

/**
 * Downloads what is missing of a model; only ever call it after the person agreed (`consentText`).
 * A checksum that the catalog does not know is recorded now, and demanded from then on.
 * @throws Failure as `downloadFile`
 */
export async function downloadModel(
  entry: Downloadable,
  options: DownloadOptions,
): Promise<DownloadRecord> {
  const folder = downloadFolder(options.downloads, entry.id);
  try {
    return await withFolderLock(folder, () => downloadInto(folder, entry, options));
  } catch (error) {
    throw diskFailure(error, folder);
  }
}

async function downloadInto(
  folder: string,
  entry: Downloadable,
  options: DownloadOptions,
): Promise<DownloadRecord> {
  const revision = entry.source.kind === 'hugging-face' ? entry.source.revision : undefined;
  // What is known of another revision says nothing of this one.
  const filesOf = (record: DownloadRecord | undefined) =>
    record?.revision === undefined || record.revision === revision ? record?.files : undefined;
  const trusted = filesOf(await readDownloadRecord(options.downloads, entry.id)) ?? {};
  const arrived: Record<string, FileRecord> = { ...filesOf(await readArrived(folder)) };
  const totals = new Map(
    entry.files.map((file) => [file.path, file.approximateBytes ?? undefined]),
  );
  const record = (): DownloadRecord => ({
    format: 1,
    id: entry.id,
    ...(revision !== undefined && { revision }),
    files: arrived,
  });
  for (const file of entry.files) {
    const known = arrived[file.path] ?? trusted[file.path];
    const target = path.join(folder, file.path);
    if (known !== undefined && (await sizeOf(target)) === known.bytes) {
      arrived[file.path] = known;
      totals.set(file.path, known.bytes);
      continue;
    }
    const before = entry.files
      .slice(0, entry.files.indexOf(file))
      .reduce((sum, { path: earlier }) => sum + (totals.get(earlier) ?? 0), 0);
    const wanted = file.sha256 ?? known?.sha256;
    const done = await downloadFile({
      url: sourceUrl(entry, file.path, options.mirror),
      target,
      token: entry.source.kind === 'hugging-face' ? options.token : undefined,
      sha256: wanted,
      mostBytes: mostBytesOf(file),
      signal: options.signal,
      patience: options.patience ?? usualPatience,
      fetch: options.fetch ?? fetch,
      onProgress: (received, total) => {
        totals.set(file.path, total ?? totals.get(file.path));
        options.onProgress?.({
          file: file.path,
          receivedBytes: before + received,
          totalBytes: sumOf([...totals.values()]),
        });
      },
    });
    totals.set(file.path, done.bytes);
    arrived[file.path] = {
      bytes: done.bytes,
      sha256: done.sha256,
      checked:
        file.sha256 !== null
          ? 'catalog'
          : done.announcedSha256 === undefined
            ? 'first-download'
            : 'announced',
    };
    await writeRecord(path.join(folder, progressName), record());
  }
  await writeRecord(path.join(folder, recordName), record());
  await rm(path.join(folder, progressName), { force: true });
  return record();
}

async function readArrived(folder: string): Promise<DownloadRecord | undefined> {
  const data = await readJson(path.join(folder, progressName)).catch(() => undefined);
  const parsed = v.safeParse(downloadRecordSchema, data);
  return parsed.success ? parsed.output : undefined;
}

async function writeRecord(file: string, record: DownloadRecord): Promise<void> {
  await writeFile(`${file}.new`, `${JSON.stringify(record, undefined, 2)}\n`);
  await rename(`${file}.new`, file);
}

async function sizeOf(file: string): Promise<number | undefined> {
  return await stat(file).then(
    ({ size }) => size,
    () => undefined,
  );
}

/** The sum; undefined as soon as one summand is not known. */
function sumOf(values: readonly (number | undefined)[]): number | undefined {
  return values.reduce<number | undefined>(
    (sum, value) => (sum === undefined || value === undefined ? undefined : sum + value),
    0,
  );
}
