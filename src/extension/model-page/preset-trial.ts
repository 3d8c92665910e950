/** Tries the presets on pictures, and tells what came of it so far. */
import type { ModelDescription } from '../../shared/model';
import type { ShownModel } from '../../shared/model-page/model-page-state';
import { tallyTrial, waysToTry } from '../../shared/model-page/tally-trial';
import type { Trial, TrialSubject, TrialWay } from '../../shared/model-page/trial';
import type { FailureData } from '../../shared/failure-data';
import type { Preprocessing } from '../../shared/preprocessing';
import { listener } from '../../shared/protocol/listener';
import type { PictureToTry, TriedPicture } from '../../shared/protocol/preparations';
import type { DatasetServices } from '../gallery/open-dataset';
import { PortionedRun } from '../gallery/portioned-run';
import { Requests, type ActivityFact, type PageRequest } from '../page/requests';
import { openTrial } from './open-trial';

/** Each is answered in a dozen ways. */
const portionSize = 2;

export class PresetTrial {
  private readonly requests: Requests<ActivityFact>;
  private trial: Trial | undefined;
  /** What is known of the trial in sight. */
  private ways: readonly TrialWay[] = [];
  private tried: TriedPicture[] = [];
  private sha256 = '';
  /** How pictures are prepared for the model now: it may be changed meanwhile. */
  private inUse: Preprocessing | undefined;

  constructor(
    private readonly services: DatasetServices,
    private readonly tell: (trial: Trial | undefined) => void,
    log: (failure: FailureData) => void,
  ) {
    this.requests = new Requests(({ activity }) => this.learn({ activity }), log);
  }

  /** Begins anew; what was tried before is gone. */
  async begin(subject: TrialSubject, model: ModelDescription, shown: ShownModel): Promise<void> {
    this.ways = waysToTry(shown.preprocessing, shown.presets);
    this.tried = [];
    this.sha256 = shown.found.model.sha256;
    this.inUse = shown.preprocessing;
    const activity = { kind: 'waiting' } as const;
    this.trial = { subject, drawn: 0, available: 0, rows: [], broken: undefined, activity };
    await this.requests.run('Looking for pictures', async (request) => {
      const {
        model: asked,
        pictures,
        available,
      } = await openTrial(subject, model, this.services, request.signal, (phrase) =>
        request.tell(busy(phrase)),
      );
      request.check();
      this.learn({ drawn: pictures.length, available });
      await this.run(request, asked, pictures);
      request.tell({ kind: 'activity', activity: { kind: 'idle' } });
    });
  }

  /** What is done stays. */
  cancel(): void {
    this.requests.cancel();
  }

  /** The model was read again: another file answers otherwise, another preparation is compared with. */
  modelRead({ found, preprocessing }: ShownModel): void {
    if (this.trial === undefined) return;
    if (found.model.sha256 === this.sha256) {
      this.inUse = preprocessing;
      this.learn(tallyTrial(this.ways, this.tried, preprocessing));
      return;
    }
    this.requests.drop();
    this.trial = undefined;
    this.tell(undefined);
  }

  dispose(): void {
    this.requests.dispose();
  }

  private async run(
    request: PageRequest<ActivityFact>,
    model: ModelDescription,
    pictures: readonly PictureToTry[],
  ): Promise<void> {
    const { tried, ways } = this;
    const preparations = ways.map(({ preprocessing }) => preprocessing);
    const run = new PortionedRun<PictureToTry, TriedPicture, TriedPicture[]>({
      samples: pictures,
      total: () => ({ total: pictures.length, isAll: true }),
      results: tried,
      portionSize,
      ask: async (portion, signal, add) => {
        // A newer trial took its place: the worker is for that one.
        request.check();
        return this.services.worker.call(
          'tryPreparations',
          { model, preparations, pictures: portion },
          {
            signal,
            onEvent: listener({ stage: () => undefined, tried: ({ picture }) => add(picture) }),
          },
        );
      },
      died: ({ name }, message) => ({ ok: false, name, code: 'worker-died', message }),
      onResult: () => {
        const { inUse } = this;
        if (this.tried !== tried || inUse === undefined) return;
        this.learn(tallyTrial(ways, tried, inUse));
        request.tell(busy('Trying the presets', tried.length / pictures.length));
      },
    });
    request.tell(busy('Trying the presets', 0));
    request.signal.addEventListener('abort', () => run.cancel());
    await run.work();
  }

  private learn(known: Partial<Trial>): void {
    if (this.trial === undefined) return;
    this.trial = { ...this.trial, ...known };
    this.tell(this.trial);
  }
}

function busy(phrase: string, share?: number): ActivityFact {
  return {
    kind: 'activity',
    activity: { kind: 'busy', phrase, ...(share !== undefined && { share }) },
  };
}
