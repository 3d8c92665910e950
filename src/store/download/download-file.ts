/** Downloads one file: resumes, retries, checks length and SHA-256, renames at the end. */
import { statfs, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { makeFolder } from '../../engine/files/make-folder';
import {
  cancelled,
  diskFailure,
  diskFull,
  gaveUp,
  PassingFault,
  tooLarge,
  wrongChecksum,
} from './download-failures';
import { reasonOf } from './get';
import { openDownload, StaleResume, type OpenedDownload } from './open-download';
import { PartialFile } from './partial-file';
import { pause, pauseMs, progressBytes, type Patience } from './patience';
import { StallWatch } from './stall-watch';

export interface FileDownload {
  readonly url: URL;
  /** Where the file belongs; its folder is made. */
  readonly target: string;
  /** Sent to the URL's own origin only. */
  readonly token: string | undefined;
  /** What the file must have; undefined: what the server announces, or nothing. */
  readonly sha256: string | undefined;
  /** What is larger is not this file (`mostBytesOf`). */
  readonly mostBytes: number;
  readonly signal: AbortSignal | undefined;
  readonly patience: Patience;
  readonly fetch: typeof fetch;
  /** Told a few times a second. */
  readonly onProgress: (receivedBytes: number, totalBytes: number | undefined) => void;
}

export interface DownloadedFile {
  readonly bytes: number;
  readonly sha256: string;
  /** SHA-256 that the file was checked against by the server's word; undefined where it gave none. */
  readonly announcedSha256: string | undefined;
}

/**
 * @throws Failure `download-failed` after repeated or final faults, `cancelled`, `cache-unwritable`
 *   for a full or read-only disk; what has arrived is kept unless its checksum is wrong
 */
export async function downloadFile(download: FileDownload): Promise<DownloadedFile> {
  const { url, target, signal, patience } = download;
  const partial = new PartialFile(target);
  const arrived = async () => (await partial.resumePoint(url))?.offset ?? 0;
  let failures = 0;
  let begunAnew = 0;
  for (;;) {
    const before = await arrived();
    try {
      makeFolder(path.dirname(target));
      return await attempt(download, partial);
    } catch (thrown) {
      const error = diskFailure(thrown, path.dirname(target));
      throwIfCancelled(signal);
      if (!(error instanceof PassingFault)) throw error;
      if (error instanceof StaleResume) {
        await partial.discard();
        begunAnew += 1;
      }
      failures = (await arrived()) - before >= progressBytes ? 1 : failures + 1;
      // What comes again and again to be thrown away is no progress either.
      if (Math.max(failures, begunAnew) >= patience.attempts) throw gaveUp(url, error);
      await pause(pauseMs(failures, patience, error.askedMs), signal);
      throwIfCancelled(signal);
    }
  }
}

function throwIfCancelled(signal: AbortSignal | undefined): void {
  if (signal?.aborted === true) throw cancelled();
}

async function attempt(download: FileDownload, partial: PartialFile): Promise<DownloadedFile> {
  const { url, token, patience } = download;
  const stall = new StallWatch(patience.stallMs, url.host);
  const signal =
    download.signal === undefined ? stall.signal : AbortSignal.any([download.signal, stall.signal]);
  try {
    stall.begin();
    const resume = await partial.resumePoint(url);
    const opened = await openDownload(url, token, resume, signal, download.fetch);
    await checkRoom(download.target, opened);
    if (opened.totalBytes !== undefined && opened.totalBytes > download.mostBytes) {
      await opened.body.cancel();
      await partial.discard();
      throw tooLarge(url, download.mostBytes, true);
    }
    const { bytes, sha256 } = await receive(download, partial, opened, stall);
    const expected = download.sha256 ?? opened.announcedSha256;
    if (expected !== undefined && expected !== sha256) {
      await partial.discard();
      // A part kept from an earlier attempt may be at fault: once more from the beginning.
      throw opened.offset > 0
        ? new StaleResume('the kept part did not fit the rest')
        : wrongChecksum(url, expected, sha256);
    }
    await partial.finish();
    return { bytes, sha256, announcedSha256: opened.announcedSha256 };
  } catch (error) {
    throw stall.fault ?? error;
  } finally {
    stall.end();
  }
}

/** @throws Failure `cache-unwritable` before anything is sent in vain to a disk that is too small */
async function checkRoom(target: string, opened: OpenedDownload): Promise<void> {
  if (opened.totalBytes === undefined) return;
  const { bavail, bsize } = await statfs(path.dirname(target));
  if (opened.totalBytes - opened.offset > bavail * bsize) {
    await opened.body.cancel();
    throw diskFull(path.dirname(target));
  }
}

async function receive(
  download: FileDownload,
  partial: PartialFile,
  opened: OpenedDownload,
  stall: StallWatch,
): Promise<{ bytes: number; sha256: string }> {
  const { url } = download;
  const { totalBytes, offset } = opened;
  const reader = opened.body.getReader();
  const next = async () => {
    const { value } = await reader.read().catch((error: unknown) => {
      throw new PassingFault(`${url.host} broke off (${reasonOf(error)})`, 0, { cause: error });
    });
    stall.arrived(value?.length ?? 0);
    return value;
  };
  let piece = await next();
  // Before it writes over what has arrived earlier.
  if (piece === undefined && offset === 0) throw new PassingFault(`${url.host} sent an empty file`);
  // Reading what has arrived earlier is no time of the host's.
  stall.end();
  const hash = await partial.hash(offset);
  stall.begin();
  const file = await partial.open(url, offset, opened);
  let bytes = offset;
  try {
    const tell = everyTenth(download.onProgress);
    for (; piece !== undefined; piece = await next()) {
      bytes += piece.length;
      if (bytes > Math.min(totalBytes ?? Infinity, download.mostBytes)) {
        await reader.cancel();
        await partial.discard();
        throw totalBytes === undefined
          ? tooLarge(url, download.mostBytes, false)
          : new StaleResume(`${url.host} sends more than the ${totalBytes} bytes it announced`);
      }
      await writeAll(file, piece);
      hash.update(piece);
      tell(bytes, totalBytes);
    }
    await file.sync();
    download.onProgress(bytes, totalBytes);
  } finally {
    await file.close();
  }
  if (totalBytes !== undefined && bytes < totalBytes)
    throw new PassingFault(`${url.host} sent ${bytes} of the ${totalBytes} bytes it announced`);
  return { bytes, sha256: hash.digest('hex') };
}

async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  for (let written = 0; written < bytes.length;)
    written += (await file.write(bytes, written)).bytesWritten;
}

/** Lets a report through when a tenth of a second has passed since the last. */
function everyTenth(report: FileDownload['onProgress']): FileDownload['onProgress'] {
  let last = 0;
  return (received, total) => {
    const now = Date.now();
    if (now - last >= 100) {
      last = now;
      report(received, total);
    }
  };
}
