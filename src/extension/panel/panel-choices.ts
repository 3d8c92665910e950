/** What a person chose to ask about a picture. */
import type { RevivedState } from './from-panel';

/** What a panel may be opened with instead of the defaults of the settings. */
export type PanelChoices = Partial<
  Pick<RevivedState, 'modelId' | 'method' | 'extraClasses' | 'phrases'>
>;
