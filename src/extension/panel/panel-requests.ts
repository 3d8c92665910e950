/** What a panel has under way: the newest request, and what the panel is told of how it goes. */
import * as vscode from 'vscode';
import { failureData } from '../../shared/failure';
import type { FailureData } from '../../shared/failure-data';
import type { ToPanel } from '../../shared/panel-protocol';
import { NewestRequest, type Request } from '../page/newest-request';
import type { PanelMailbox } from './panel-mailbox';

/** A request as its work sees it. */
export interface PanelRequest extends Pick<Request, 'signal' | 'check'> {
  /** Tells the panel, unless a newer request replaced this one. */
  tell(message: ToPanel): void;
}

export class PanelRequests implements vscode.Disposable {
  private readonly busyChange = new vscode.EventEmitter<void>();
  readonly onDidChangeBusy = this.busyChange.event;
  private readonly newest = new NewestRequest(() => this.busyChange.fire());

  constructor(
    private readonly mailbox: PanelMailbox,
    private readonly log: (failure: FailureData) => void,
  ) {}

  get busy(): boolean {
    return this.newest.running;
  }

  /** Runs one request; it replaces the one under way, and only the newest one reports. */
  async run(phrase: string, work: (request: PanelRequest) => Promise<void>): Promise<void> {
    const request = this.newest.begin();
    this.mailbox.post({ kind: 'busy', phrase });
    try {
      await work({
        signal: request.signal,
        check: () => request.check(),
        tell: (message) => {
          if (request.current) this.mailbox.post(message);
        },
      });
    } catch (error) {
      if (!request.current) return;
      const failure = failureData(error);
      this.log(failure);
      // Not by the person here: e.g. a download was declined, or the worker's settings changed.
      if (failure.code === 'cancelled') this.mailbox.post({ kind: 'cancelled' });
      else this.mailbox.post({ kind: 'failed', failure });
    } finally {
      this.newest.end(request);
    }
  }

  /** What is under way is not wanted any more; it may finish its work, unheard. */
  drop(): void {
    this.newest.end(this.newest.begin());
  }

  /** Stops the request under way; the panel says so at once. */
  cancel(): void {
    if (this.newest.cancel()) this.mailbox.post({ kind: 'cancelled' });
  }

  dispose(): void {
    this.newest.cancel();
    this.busyChange.dispose();
  }
}
