/** What can go wrong while downloading, in sentences. */
import path from 'node:path';
import { Failure } from '../../shared/failure';
import { formatBytes } from '../format-bytes';
import { hasCode } from '../json-file';

/** A fault that another attempt may not meet again: a broken connection, a busy server. */
export class PassingFault extends Error {
  override readonly name = 'PassingFault';
  constructor(
    message: string,
    /** Milliseconds that the server asked to wait. */
    readonly askedMs = 0,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

export function cancelled(): Failure {
  return new Failure(
    'cancelled',
    'The download was cancelled; what has arrived is kept.',
    'Start it again to go on from there.',
  );
}

export function gaveUp(url: URL, fault: PassingFault): Failure {
  return new Failure(
    'download-failed',
    `The download from ${url.host} failed several times in a row: ${fault.message}.`,
    'Check the network, proxy and mirror settings, then try again: it goes on where it stopped.',
    { cause: fault },
  );
}

export function wrongChecksum(url: URL, expected: string, actual: string): Failure {
  return new Failure(
    'download-failed',
    `What ${url.host} sent as ${path.posix.basename(url.pathname)} has not the checksum it must have ` +
      `(SHA-256 ${actual.slice(0, 12)}… instead of ${expected.slice(0, 12)}…), so it was thrown away.`,
    'Try again without the mirror; if it stays so, the file was changed at its source: do not trust it.',
  );
}

/** @param announced whether the host said so itself before it sent anything */
export function tooLarge(url: URL, mostBytes: number, announced: boolean): Failure {
  return new Failure(
    'download-failed',
    `${url.host} ${announced ? 'announces' : 'sends'} more for ${path.posix.basename(url.pathname)} than ` +
      `the ${formatBytes(mostBytes)} that it can have at most, so nothing of it was kept.`,
    'Check the mirror and proxy settings; without any, the file was changed at its source: do not trust it.',
  );
}

/** The failure of an answer that another attempt would get again. */
export function refusedBy(url: URL, status: number, hasToken: boolean): Failure {
  const { host } = url;
  if (status === 401 || status === 403) {
    return hasToken
      ? new Failure(
          'download-failed',
          `${host} refuses the access token for this file (HTTP ${status}).`,
          'Set a token that may read the repository, and accept its terms on its page.',
        )
      : new Failure(
          'download-failed',
          `${host} gives this file only to those who are signed in (HTTP ${status}).`,
          'Set an access token for the model hub, then try again.',
        );
  }
  if (status === 404 || status === 410) {
    return new Failure(
      'download-failed',
      `${host} does not have ${url.pathname} (HTTP ${status}).`,
      'Check the mirror setting; if there is none, the file was moved: please report it.',
    );
  }
  return new Failure(
    'download-failed',
    `${host} refuses the download (HTTP ${status}).`,
    'Check the mirror and proxy settings, then try again.',
  );
}

/** A full or read-only disk as a failure; any other error comes back as it is. */
export function diskFailure(error: unknown, folder: string): unknown {
  if (hasCode(error, 'ENOSPC') || hasCode(error, 'EDQUOT'))
    return diskFull(folder, { cause: error });
  if (['EACCES', 'EPERM', 'EROFS'].some((code) => hasCode(error, code))) {
    return new Failure(
      'cache-unwritable',
      `The folder for downloaded models, ${folder}, cannot be written.`,
      'Make it writable, or choose another folder in the settings.',
      { cause: error },
    );
  }
  return error;
}

export function diskFull(folder: string, options?: ErrorOptions): Failure {
  return new Failure(
    'cache-unwritable',
    `The disk that holds ${folder} has no room left for this model.`,
    'Free some space (the model manager can delete models), then try again: it goes on where it stopped.',
    options,
  );
}
