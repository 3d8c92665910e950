/** The samples that a panel walks through, and what its filmstrip shows of them. */
import type * as vscode from 'vscode';
import type { FrameRange } from '../../shared/filmstrip';
import type { PanelChannel } from './panel-channel';
import type { SampleWalk } from './sample-walk';

const hiddenKey = 'filmstripHidden';

export class PanelFilmstrip {
  private walked: SampleWalk | undefined;
  /** Samples of the filmstrip that are in sight. */
  private inSight: FrameRange | undefined;

  /** @param memento what the person chose for all panels */
  constructor(
    private readonly memento: vscode.Memento,
    private readonly channel: PanelChannel,
  ) {}

  /** The samples to walk through, where a gallery has some. */
  get walk(): SampleWalk | undefined {
    return this.walked;
  }

  /** Takes the samples to walk through; without them there is no filmstrip. */
  walkThrough(walk: SampleWalk | undefined): void {
    this.walked = walk;
    this.inSight = undefined;
    this.tell();
  }

  /** The panel is at another sample: which ones are in sight there it still has to say. */
  moved(): void {
    this.inSight = undefined;
  }

  lookAt(range: FrameRange): void {
    this.inSight = range;
    this.tell();
  }

  /** Shows or hides the pictures, in every panel from now on. */
  async setShown(shown: boolean): Promise<void> {
    await this.memento.update(hiddenKey, shown ? undefined : true);
    this.tell();
  }

  /** Tells the panel which samples there are, and where among them it is. */
  tell(): void {
    const shown = this.memento.get(hiddenKey) !== true;
    const filmstrip = this.walk && { ...this.walk.filmstrip(this.inSight), shown };
    this.channel.learn({ kind: 'walking', filmstrip });
  }
}
