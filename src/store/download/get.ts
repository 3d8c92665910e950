/** One GET and its redirects, for files and for the hub's lists alike. */
import { Failure } from '../../shared/failure';
import { PassingFault } from './download-failures';

const mostRedirects = 8;

/** The last answer, and what was asked for it. */
export interface Got {
  readonly response: Response;
  readonly at: URL;
  readonly hasToken: boolean;
}

/**
 * The token goes to the first URL's origin only, never along a redirect elsewhere, nor to where another
 * host sends it back.
 * @param onAnswer told of every answer on the way that comes from where the token goes
 * @throws PassingFault where there is no connection; Failure for a redirect that is not followed
 */
export async function get(
  url: URL,
  {
    token,
    headers = {},
  }: { token: string | undefined; headers?: Readonly<Record<string, string>> },
  signal: AbortSignal,
  fetchWith: typeof fetch,
  onAnswer: (headers: Headers) => void = () => undefined,
): Promise<Got> {
  let at = url;
  let hasLeft = false;
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    hasLeft ||= at.origin !== url.origin;
    const sent = hasLeft ? undefined : token;
    const all = { ...headers, ...(sent !== undefined && { authorization: `Bearer ${sent}` }) };
    const response = await ask(at, all, signal, fetchWith);
    if (!hasLeft) onAnswer(response.headers);
    const location = response.headers.get('location');
    if (![301, 302, 303, 307, 308].includes(response.status) || location === null)
      return { response, at, hasToken: sent !== undefined };
    await response.body?.cancel();
    at = redirectTarget(at, location);
  }
  throw new Failure(
    'download-failed',
    `${url.host} sends the download in circles (more than ${mostRedirects} redirects).`,
    'Check the mirror and proxy settings.',
  );
}

async function ask(
  url: URL,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
  fetchWith: typeof fetch,
): Promise<Response> {
  try {
    return await fetchWith(url, {
      headers: { 'user-agent': 'vit-explainer', ...headers },
      redirect: 'manual',
      signal,
    });
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
