/** From a catalog entry to web addresses. */
import { Failure } from '../../shared/failure';
import type { Downloadable } from '../catalog';

/** The model hub that catalog repositories live on, unless a mirror is set. */
export const usualHub = 'https://huggingface.co';

/** @throws Failure `setting-invalid` for a mirror that is no web address */
export function hubUrl(mirror: string | undefined): URL {
  const text = mirror === undefined || mirror.trim() === '' ? usualHub : mirror.trim();
  const url = URL.canParse(text) ? new URL(text.endsWith('/') ? text : `${text}/`) : undefined;
  if (url === undefined || !/^https?:$/.test(url.protocol)) {
    throw new Failure(
      'setting-invalid',
      `The mirror of the model hub, “${text}”, is not a web address.`,
      `Write it like ${usualHub}, or leave it empty.`,
    );
  }
  return url;
}

/** Where a file of an entry is downloaded from. A mirror stands in for the hub, for nothing else. */
export function sourceUrl(entry: Downloadable, file: string, mirror: string | undefined): URL {
  const { source } = entry;
  return source.kind === 'url'
    ? new URL(file, source.base)
    : new URL(`${source.repository}/resolve/${source.revision}/${file}`, hubUrl(mirror));
}
