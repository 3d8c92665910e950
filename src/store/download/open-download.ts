/** The HTTP side of a download: one GET, its redirects, and what the answer promises. */
import { Failure } from '../../shared/failure';
import { PassingFault, refusedBy } from './download-failures';

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

const mostRedirects = 8;

/**
 * Asks for a file. The token goes to the first URL's origin only, never along a redirect elsewhere,
 * nor to where another host sends it back; what is announced counts from there only, too.
 * @throws PassingFault for faults worth another attempt, Failure for the rest
 */
export async function openDownload(
  url: URL,
  token: string | undefined,
  resume: ResumePoint | undefined,
  signal: AbortSignal,
  fetchWith: typeof fetch,
): Promise<OpenedDownload> {
  let at = url;
  let hasLeft = false;
  let announcedSha256: string | undefined;
  let announcedBytes: number | undefined;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    hasLeft ||= at.origin !== url.origin;
    const sent = hasLeft ? undefined : token;
    const response = await get(at, sent, resume, signal, fetchWith);
    if (!hasLeft) {
      announcedSha256 ??= /^"?([0-9a-f]{64})"?$/.exec(
        response.headers.get('x-linked-etag') ?? '',
      )?.[1];
      announcedBytes ??= wholeNumber(response.headers.get('x-linked-size'));
    }
    const location = response.headers.get('location');
    if ([301, 302, 303, 307, 308].includes(response.status) && location !== null) {
      await response.body?.cancel();
      at = redirectTarget(at, location);
      continue;
    }
    return {
      ...readAnswer(response, at, sent !== undefined, resume, announcedBytes),
      announcedSha256,
    };
  }
  throw new Failure(
    'download-failed',
    `${url.host} sends the download in circles (more than ${mostRedirects} redirects).`,
    'Check the mirror and proxy settings.',
  );
}

async function get(
  url: URL,
  token: string | undefined,
  resume: ResumePoint | undefined,
  signal: AbortSignal,
  fetchWith: typeof fetch,
): Promise<Response> {
  const headers = new Headers({ 'accept-encoding': 'identity', 'user-agent': 'vit-explainer' });
  if (token !== undefined) headers.set('authorization', `Bearer ${token}`);
  if (resume !== undefined) {
    headers.set('range', `bytes=${resume.offset}-`);
    headers.set('if-range', resume.validator);
  }
  try {
    return await fetchWith(url, { headers, redirect: 'manual', signal });
  } catch (error) {
    throw new PassingFault(`no connection to ${url.host} (${reasonOf(error)})`, 0, {
      cause: error,
    });
  }
}

/** What lies behind fetch's own "fetch failed": the system's or the parser's reason. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function redirectTarget(from: URL, location: string): URL {
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined;
  if (target === undefined || !/^https?:$/.test(target.protocol)) {
    throw new Failure(
      'download-failed',
      `${from.host} redirects the download to something that is not a web address.`,
      'Check the mirror and proxy settings.',
    );
  }
  if (from.protocol === 'https:' && target.protocol === 'http:') {
    throw new Failure(
      'download-failed',
      `${from.host} redirects the download to the unencrypted address of ${target.host}.`,
      'Check the mirror and proxy settings; an encrypted download never goes on unencrypted.',
    );
  }
  return target;
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
