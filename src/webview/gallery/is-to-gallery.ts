import type { ToGallery } from '../../shared/gallery-protocol';

const kinds: Readonly<Record<ToGallery['kind'], true>> = {
  dataset: true,
  tiles: true,
  progress: true,
  summary: true,
  select: true,
};

/** Other scripts of the editor post to the same window; ours carry a kind we know. */
export function isToGallery(data: unknown): data is ToGallery {
  return (
    typeof data === 'object' &&
    data !== null &&
    'kind' in data &&
    typeof data.kind === 'string' &&
    Object.hasOwn(kinds, data.kind)
  );
}
