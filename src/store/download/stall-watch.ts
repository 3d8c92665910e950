import { PassingFault } from './download-failures';
import { progressBytes } from './patience';

/** Ends an attempt that brings nothing, or next to nothing, for too long. */
export class StallWatch {
  private readonly controller = new AbortController();
  private timer: NodeJS.Timeout | undefined;
  /** Bytes since the wait began. */
  private bytes = 0;
  /** Why the attempt was ended, once it was. */
  fault: PassingFault | undefined;

  /** @param milliseconds in which as much must arrive as counts as progress */
  constructor(
    private readonly milliseconds: number,
    private readonly host: string,
  ) {}

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  /** The wait begins, or begins anew. */
  begin(): void {
    this.end();
    this.bytes = 0;
    this.timer = setTimeout(() => {
      const much = this.bytes === 0 ? 'nothing for' : `no more than ${this.bytes} bytes in`;
      this.fault = new PassingFault(`${this.host} sent ${much} ${this.milliseconds / 1000} s`);
      this.controller.abort();
    }, this.milliseconds);
  }

  arrived(bytes: number): void {
    this.bytes += bytes;
    if (this.bytes >= progressBytes) this.begin();
  }

  end(): void {
    clearTimeout(this.timer);
  }
}
