/** What a panel knows of the gallery whose samples it walks through. */
import type * as vscode from 'vscode';
import type { Filmstrip, FrameRange } from '../../shared/filmstrip';
import type { PanelChoices } from '../../shared/panel/panel-model';

export interface SampleWalk {
  /** Names the gallery, also after a reload. */
  readonly gallery: string;
  /** The folders that its pictures, the small ones too, lie in. */
  readonly roots: readonly vscode.Uri[];
  /** The samples around the one that is shown, and those of this range. */
  filmstrip(range: FrameRange | undefined): Omit<Filmstrip, 'shown'>;
  /** Goes to the sample of this name; where it is not known, to the one at this place. */
  goTo(place: number, name: string | undefined): void;
  /** Goes so many places on. */
  step(by: 1 | -1): void;
}

/** A sample to show. */
export interface WalkedSample {
  readonly picture: vscode.Uri;
  /** What differs from the sample before: the first time, all that the gallery was told. */
  readonly choices: Partial<PanelChoices>;
}
