/** The worker's side of the protocol: calls in the order they came, each answered exactly once. */
import * as v from 'valibot';
import { answers } from '../service/answers';
import { failureDataOf } from '../service/failure-data-of';
import { Workroom } from '../service/workroom';
import { describeIssues } from '../shared/describe-issues';
import { Failure } from '../shared/failure';
import { calls, type CallName } from '../shared/protocol/calls';
import type { WorkerSettings } from '../shared/protocol/settings';
import { toWorkerSchema, type FromWorker, type ToWorker } from '../shared/protocol/worker';
import type { Data } from '../shared/schema';

type Asked<Name extends CallName> = (typeof calls)[Name]['params'];
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

  /** What is no message is answered with a failure where it names a call, and else passed over with a line in the log. */
  receive(message: unknown): void {
    try {
      this.take(checked(toWorkerSchema, message, 'a message'));
    } catch (thrown) {
      const failure = failureDataOf(thrown);
      if (v.is(v.object({ id: v.number() }), message))
        this.send({ kind: 'failure', id: message.id, failure });
      else console.error(failure.message);
    }
  }

  private take(message: ToWorker): void {
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
    this.room = new Workroom(settings);
    this.rest();
  }

  private async answer({ id, name, params }: Call): Promise<void> {
    this.send({ kind: 'begun', id });
    try {
      this.send({ kind: 'result', id, result: await this.run(id, name, params) });
    } catch (thrown) {
      this.send({ kind: 'failure', id, failure: failureDataOf(thrown) });
    }
  }

  private run<Name extends CallName>(id: number, name: Name, params: unknown) {
    if (!this.room) throw mistake('A call came before the settings.');
    const schema: Asked<Name> = calls[name].params;
    const asked = checked(schema, params, `the call “${name}” with something`);
    return answers[name](asked, this.room, (event) => {
      this.send({ kind: 'event', id, event });
    });
  }

  private rest(): void {
    clearTimeout(this.idleTimer);
    if (this.pending === 0 && this.idleSeconds > 0)
      this.idleTimer = setTimeout(this.onIdle, this.idleSeconds * 1000);
  }
}

/**
 * The value itself and not the schema's copy of it: keys of caches depend on the order of its fields.
 *
 * @throws Failure `internal`
 */
function checked<Schema extends v.GenericSchema>(
  schema: Schema,
  value: unknown,
  what: string,
): Data<Schema> {
  const { issues } = v.safeParse(schema, value);
  if (issues === undefined) return value as Data<Schema>;
  throw mistake(`The worker was sent ${what} that it cannot take: ${describeIssues(issues)}.`);
}

function mistake(message: string): Failure {
  return new Failure('internal', message, 'Please report this: it is a mistake in ViT Explainer.');
}
