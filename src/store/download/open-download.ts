/** The HTTP side of a download: what is asked for, and what the answer promises. */
import { Failure } from '../../shared/failure';
import { PassingFault, refusedBy } from './download-failures';
import { get } from './get';

/** Where to go on, and by which validator the server recognises that the file is still the same. */
export interface ResumePoint {
  readonly offset: number;
  /** A strong ETag or a date, as the server gave it. */
  readonly validator: string;
  /** Length of the whole file, where an earlier answer said it. */
  readonly totalBytes?: number | undefined;
}

export interface OpenedDownload {
  readonly body: ReadableStream<Uint8Array>;
  /** Where the body begins: the resume point's offset, or 0 when the server sends it all again. */
  readonly offset: number;
  /** Length of the whole file; undefined where the server does not say. */
  readonly totalBytes: number | undefined;
  /** By which a later attempt can go on; undefined where the server gives nothing reliable. */
  readonly validator: string | undefined;
  /** SHA-256 that the first host announced for the file (the model hub does for large files). */
  readonly announcedSha256: string | undefined;
}

/**
 * Asks for a file. What is announced of it counts from where the token goes only (`get`).
 * @throws PassingFault for faults worth another attempt, Failure for the rest
 */
export async function openDownload(
  url: URL,
  token: string | undefined,
  resume: ResumePoint | undefined,
  signal: AbortSignal,
  fetchWith: typeof fetch,
): Promise<OpenedDownload> {
  let announcedSha256: string | undefined;
  let announcedBytes: number | undefined;
  const headers = {
    'accept-encoding': 'identity',
    ...(resume && { range: `bytes=${resume.offset}-`, 'if-range': resume.validator }),
  };
  const { response, at, hasToken } = await get(
    url,
    { token, headers },
    signal,
    fetchWith,
    (answered) => {
      const linked = /^"?([0-9a-f]{64})"?$/.exec(answered.get('x-linked-etag') ?? '');
      announcedSha256 ??= linked?.[1];
      announcedBytes ??= wholeNumber(answered.get('x-linked-size'));
    },
  );
  return { ...readAnswer(response, at, hasToken, resume, announcedBytes), announcedSha256 };
}

function readAnswer(
  response: Response,
  url: URL,
  hasToken: boolean,
  resume: ResumePoint | undefined,
  announcedBytes: number | undefined,
): Omit<OpenedDownload, 'announcedSha256'> {
  const { status, headers, body } = response;
  if (status === 408 || status === 425 || status === 429 || status >= 500) {
    throw new PassingFault(
      `${url.host} is not ready (HTTP ${status})`,
      1000 * (wholeNumber(headers.get('retry-after')) ?? 0),
    );
  }
  if ((status !== 200 && status !== 206 && status !== 416) || body === null)
    throw refusedBy(url, status, hasToken);
  if (status === 416)
    throw new StaleResume(`${url.host} has no bytes after those that have arrived`);
  if (headers.get('content-type')?.startsWith('text/html') === true) {
    throw new Failure(
      'download-failed',
      `${url.host} answers with a web page instead of the file; a network sign-in page does that.`,
      'Sign in to the network, or check the mirror and proxy settings, then try again.',
    );
  }
  const encoded = (headers.get('content-encoding') ?? 'identity') !== 'identity';
  const length = encoded ? undefined : wholeNumber(headers.get('content-length'));
  const validator = encoded ? undefined : validatorOf(headers);
  if (status === 200) return { body, offset: 0, totalBytes: announcedBytes ?? length, validator };
  const range = /^bytes (\d+)-(\d+)\/(\d+|\*)$/.exec(headers.get('content-range') ?? '');
  const stated = wholeNumber(range?.[3] ?? null);
  const sentUpTo = Number(range?.[2]) + 1;
  const totalBytes = announcedBytes ?? stated ?? resume?.totalBytes ?? sentUpTo;
  const isRest = resume?.offset === Number(range?.[1]) && sentUpTo === totalBytes;
  if (!isRest)
    throw new StaleResume(`${url.host} sends another part of the file than was asked for`);
  const isSame =
    isSameVersion(headers, resume.validator) &&
    [stated, resume.totalBytes].every((bytes) => bytes === undefined || bytes === totalBytes);
  if (!isSame)
    throw new StaleResume(`${url.host} sends the rest of another file than it began with`);
  return { body, offset: resume.offset, totalBytes, validator: validator ?? resume.validator };
}

/** Whether an answer can be of the version that the validator names; one that names none can. */
function isSameVersion(headers: Headers, validator: string): boolean {
  const named = headers.get(validator.startsWith('"') ? 'etag' : 'last-modified');
  return named === null || named === validator;
}

/** The kept part does not fit what the server has: it must go, then the next attempt starts afresh. */
export class StaleResume extends PassingFault {}

function validatorOf(headers: Headers): string | undefined {
  const etag = headers.get('etag');
  if (etag !== null && !etag.startsWith('W/')) return etag;
  return headers.get('last-modified') ?? undefined;
}

function wholeNumber(text: string | null): number | undefined {
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}
