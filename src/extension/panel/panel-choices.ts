/** What a person chose to ask about a picture. */
import type { RevivedState } from './from-panel';

/** What a panel may be opened with instead of the defaults of the settings. */
export type PanelChoices = Partial<
  Pick<RevivedState, 'modelId' | 'method' | 'extraClasses' | 'phrases'>
> & {
  /** Which numbers of the picture are black and white; left out: as the model or the file says. */
  readonly chosenWindow?: RevivedState['chosenWindow'] | undefined;
};

/**
 * What is asked about the picture that comes next: what was asked before, unless it is said
 * otherwise. Classes and the window were chosen for the picture before; only where it is the same one
 * does the window hold.
 */
export function nextChoices(
  { chosenWindow, ...before }: PanelChoices,
  said: PanelChoices,
  isOther: boolean,
): PanelChoices {
  return { ...before, extraClasses: [], ...(!isOther && { chosenWindow }), ...said };
}
