/** The picture that the page showed before its script ran. */
import type { DrawnPicture } from '../shared/panel/panel-model';

/** As `src/extension/panel/first-picture.ts` wrote it; undefined where it wrote none. */
export function pictureIn(root: HTMLElement): DrawnPicture | undefined {
  const image = root.querySelector<HTMLImageElement>('img[data-uri]');
  const imageSrc = image?.getAttribute('src');
  const { uri, place } = image?.dataset ?? {};
  if (image === null || uri === undefined || place === undefined || !imageSrc) return undefined;
  return { uri, fileName: image.alt, place, imageSrc };
}
