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

/**
 * What is asked about the picture that comes next: what was asked before, unless it is said
 * otherwise. Classes and the window were chosen for the picture before; only where it is the same one
 * does the window hold.
 */
export function nextChoices(
  { window, ...before }: PanelChoices,
  said: PanelChoices,
  isOther: boolean,
): PanelChoices {
  return { ...before, extraClasses: [], ...(!isOther && { window }), ...said };
}
