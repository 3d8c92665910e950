/** What a person chose to ask about a picture. */
import type { PictureWindow } from '../../shared/picture-reading';
import type { RevivedState } from './from-panel';

/** What a panel may be opened with instead of the defaults of the settings. */
export type PanelChoices = Partial<
  Pick<RevivedState, 'modelId' | 'method' | 'extraClasses' | 'phrases'>
> & {
  /** Which numbers are black and white in pictures of more than 8 bits; left out: as the model says. */
  readonly window?: PictureWindow | undefined;
};
