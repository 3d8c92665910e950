/** What a page has under way: the newest request, and how it goes. */
import * as vscode from 'vscode';
import type { Activity } from '../../shared/activity';
import { failureData } from '../../shared/failure';
import type { FailureData } from '../../shared/failure-data';
import { NewestRequest, type Request } from './newest-request';

/** A request as its work sees it. */
export interface PageRequest<Fact> extends Pick<Request, 'signal' | 'check'> {
  /** Tells what has come to be known, unless a newer request replaced this one. */
  tell(fact: Fact): void;
}

/** How the newest request goes. */
export interface ActivityFact {
  readonly kind: 'activity';
  readonly activity: Activity;
}

export class Requests<Fact> implements vscode.Disposable {
  private readonly busyChange = new vscode.EventEmitter<void>();
  readonly onDidChangeBusy = this.busyChange.event;
  private readonly newest = new NewestRequest(() => this.busyChange.fire());

  /** @param tell also told how the newest request goes; that it went well is for its work to tell */
  constructor(
    private readonly tell: (fact: Fact | ActivityFact) => void,
    private readonly log: (failure: FailureData) => void,
  ) {}

  get busy(): boolean {
    return this.newest.running;
  }

  /** Runs one request; it replaces the one under way, and only the newest one reports. */
  async run(phrase: string, work: (request: PageRequest<Fact>) => Promise<void>): Promise<void> {
    const request = this.newest.begin();
    this.goes({ kind: 'busy', phrase });
    try {
      await work({
        signal: request.signal,
        check: () => request.check(),
        tell: (fact) => {
          if (request.current) this.tell(fact);
        },
      });
    } catch (error) {
      if (!request.current) return;
      const failure = failureData(error);
      this.log(failure);
      // Not by the person here: e.g. a download was declined, or the worker's settings changed.
      this.goes(failure.code === 'cancelled' ? { kind: 'cancelled' } : { kind: 'failed', failure });
    } finally {
      this.newest.end(request);
    }
  }

  /** What is under way is not wanted any more; it may finish its work, unheard. */
  drop(): void {
    this.newest.end(this.newest.begin());
  }

  /** Stops the request under way; the page says so at once. */
  cancel(): void {
    if (this.newest.cancel()) this.goes({ kind: 'cancelled' });
  }

  dispose(): void {
    this.newest.cancel();
    this.busyChange.dispose();
  }

  private goes(activity: Activity): void {
    this.tell({ kind: 'activity', activity });
  }
}
