/** The worker's side of the protocol: calls in the order they came, each answered exactly once. */
import { Failure, failureData } from '../shared/failure';
import type {
  CallName,
  FromWorker,
  ToWorker,
  WorkerCalls,
  WorkerEvent,
  WorkerSettings,
} from '../shared/worker-protocol';
import { batch } from '../service/calls/batch';
import { contactSheetCall } from '../service/calls/contact-sheet';
import { evaluateProbe } from '../service/calls/evaluate-probe';
import { explain } from '../service/calls/explain';
import { inspect } from '../service/calls/inspect';
import { methods } from '../service/calls/methods';
import { picture } from '../service/calls/picture';
import { thumbnail } from '../service/calls/thumbnail';
import { trainProbe } from '../service/calls/train-probe';
import { failureOf } from '../service/failure-of';
import { Workroom } from '../service/workroom';

/** How each call is answered. */
type Handlers = {
  [Name in CallName]: (
    params: WorkerCalls[Name]['params'],
    room: Workroom,
    tell: (event: WorkerEvent) => void,
  ) => Promise<WorkerCalls[Name]['result']>;
};

const handlers: Handlers = {
  methods,
  explain,
  inspect,
  batch,
  picture,
  thumbnail,
  contactSheet: contactSheetCall,
  trainProbe,
  evaluateProbe,
};

type Call = Extract<ToWorker, { kind: 'call' }>;

export class WorkerServer {
  private room: Workroom | undefined;
  private idleSeconds = 0;
  private idleTimer: NodeJS.Timeout | undefined;
  /** The end of the queue. */
  private last: Promise<void> = Promise.resolve();
  private pending = 0;

  /**
   * @param send takes an answer to the client
   * @param onIdle called once nothing was asked for as long as the settings say
   */
  constructor(
    private readonly send: (message: FromWorker) => void,
    private readonly onIdle: () => void,
  ) {}

  receive(message: ToWorker): void {
    if (message.kind === 'settings') {
      this.configure(message.settings);
      return;
    }
    clearTimeout(this.idleTimer);
    this.pending++;
    this.last = this.last.then(async () => {
      await this.answer(message);
      this.pending--;
      this.rest();
    });
  }

  private configure(settings: WorkerSettings): void {
    this.idleSeconds = settings.idleSeconds;
    if (this.room) this.room.configure(settings);
    else this.room = new Workroom(settings);
    this.rest();
  }

  private async answer(call: Call): Promise<void> {
    const { id } = call;
    try {
      const result = await this.run(call.name, call.params, (event) => {
        this.send({ kind: 'event', id, event });
      });
      this.send({ kind: 'result', id, result });
    } catch (thrown) {
      this.send({ kind: 'failure', id, failure: failureData(failureOf(thrown)) });
    }
  }

  private run<Name extends CallName>(
    name: Name,
    params: WorkerCalls[CallName]['params'],
    tell: (event: WorkerEvent) => void,
  ): Promise<WorkerCalls[Name]['result']> {
    if (!this.room) {
      throw new Failure(
        'internal',
        'A call came before the settings.',
        'Please report this: it is a mistake in ViT Explainer.',
      );
    }
    return handlers[name](params, this.room, tell);
  }

  private rest(): void {
    clearTimeout(this.idleTimer);
    if (this.pending === 0 && this.idleSeconds > 0)
      this.idleTimer = setTimeout(this.onIdle, this.idleSeconds * 1000);
  }
}
