/** All that the first document which speaks of pictures brings into memory. */
import type { WorkerHost } from '../worker-host';
import { ImageActions } from './image-actions';
import { ImageHover } from './image-hover';
import { ImageLinks } from './image-links';
import { ImagePreviews } from './image-previews';

export interface CodeAnswers {
  readonly hover: ImageHover;
  readonly links: ImageLinks;
  readonly actions: ImageActions;
}

/** The same answers every time. */
export type LoadCodeAnswers = () => Promise<CodeAnswers>;

export function createCodeAnswers(worker: WorkerHost): CodeAnswers {
  return {
    hover: new ImageHover(new ImagePreviews(worker)),
    links: new ImageLinks(),
    actions: new ImageActions(),
  };
}
