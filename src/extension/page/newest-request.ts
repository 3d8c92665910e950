/** One request at a time, the newest: an older one may finish its work, but no longer reports. */
import { Failure } from '../../shared/failure';

export interface Request {
  /** Aborted when the person cancels or the panel closes: stops the work itself. */
  readonly signal: AbortSignal;
  /** Whether what comes out is still wanted. */
  readonly current: boolean;
  /** @throws Failure `cancelled` when it is not */
  check(): void;
}

export class NewestRequest {
  private controller: AbortController | undefined;

  /** @param onChange told when work begins or ends */
  constructor(private readonly onChange: () => void) {}

  get running(): boolean {
    return this.controller !== undefined;
  }

  /**
   * Replaces the request under way. That one is not stopped by force, since the worker would lose
   * the model it has loaded: the worker's client lets it run on for a moment.
   */
  begin(): Request {
    const controller = new AbortController();
    this.set(controller);
    const isCurrent = (): boolean => this.controller === controller && !controller.signal.aborted;
    return {
      signal: controller.signal,
      get current() {
        return isCurrent();
      },
      check() {
        if (!isCurrent())
          throw new Failure('cancelled', 'A newer request replaced this one.', 'Nothing to do.');
      },
    };
  }

  /** The work of a request is done, well or not. */
  end(request: Request): void {
    if (request.signal === this.controller?.signal) this.set(undefined);
  }

  /** Stops the work under way. @returns whether there was any */
  cancel(): boolean {
    if (this.controller === undefined) return false;
    this.controller.abort();
    this.set(undefined);
    return true;
  }

  private set(controller: AbortController | undefined): void {
    this.controller = controller;
    this.onChange();
  }
}
