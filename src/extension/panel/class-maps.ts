/** The maps of a picture's classes: the worker is asked for those that are missing. */
import type { ModelDescription } from '../../shared/model';
import type { MapTarget } from '../../shared/panel/measured';
import type { PanelFact } from '../../shared/panel/panel-facts';
import type { Contrast } from '../../shared/panel/panel-model';
import type { PictureChange } from '../../shared/picture-change';
import { missingClasses, recall } from '../../shared/panel/remembered';
import type { ExplainParams, ExplainResult } from '../../shared/protocol/explain';
import { stampOfModel } from '../../store/model-stamp';
import type { PageRequest } from '../page/requests';
import { explainSettings } from '../settings';
import type { WorkerHost } from '../worker-host';
import { measureFaithfulness } from './map-faithfulness';
import type { PanelChannel } from './panel-channel';
import type { ShownPicture } from './shown-picture';

export type PanelRequest = PageRequest<PanelFact>;

/** What is asked of a model that is open. */
export interface Question {
  readonly model: ModelDescription;
  readonly method: string;
  /** Whether the method gives every class the same map. */
  readonly oneMapForAll: boolean;
  /** The class that is looked at, where it is not the most probable one. */
  readonly chosenClass: number | undefined;
  /** Classes that are asked about besides the most probable ones. */
  readonly asked: readonly number[];
  /** Classes that the answers are taken among; undefined: all. */
  readonly among: readonly number[] | undefined;
  /** Two classes, the one held against the other, where their map is wanted and not there. */
  readonly contrast: Contrast | undefined;
  /** What becomes of the picture before the model sees it. */
  readonly change: PictureChange | undefined;
}

/** What is wanted of the worker beside what every question has. */
export type Wanted = Pick<ExplainParams, 'targets'> & Partial<Pick<ExplainParams, 'stability'>>;

let panelsMade = 0;

export class ClassMaps {
  /** What the file system said of a model's files when it was opened. */
  private readonly stamps = new Map<string, string>();
  /** For the worker: a newer call of this panel replaces its older ones, whatever the picture. */
  private readonly owner = `panel ${(panelsMade += 1)}`;

  constructor(
    private readonly worker: WorkerHost,
    private readonly picture: ShownPicture,
    private readonly channel: PanelChannel,
  ) {}

  /** What is remembered of the picture. */
  known({ model, method }: Pick<Question, 'model' | 'method'>): ExplainResult | undefined {
    return recall(this.channel.state.remembered, model.id, method);
  }

  /**
   * The map of the class that is looked at first, then those of the other listed and asked-for
   * classes; what is known already is shown at once.
   * @throws Failure when the picture, the model or the method does not allow it
   */
  async trace(request: PanelRequest, question: Question): Promise<void> {
    let result = this.known(question);
    if (result === undefined) {
      const { oneMapForAll, chosenClass } = question;
      const targets =
        chosenClass === undefined || oneMapForAll
          ? { topK: oneMapForAll ? explainSettings(this.picture.uri).topK : 1 }
          : { classes: [chosenClass] };
      result = await this.explain(request, question, { targets });
    } else {
      request.tell({ kind: 'explained', result });
    }
    const classes = missingClasses(result, question.asked);
    if (classes.length > 0) {
      const phrase = 'Tracing the evidence for the other classes';
      request.tell({ kind: 'activity', activity: { kind: 'busy', phrase } });
      const { modelSha256 } = await this.explain(request, question, { targets: { classes } });
      // Replaced between the two: what is missing is missing of the new one.
      if (modelSha256 !== result.modelSha256) return this.trace(request, question);
    }
    if (question.contrast !== undefined) await this.contrast(request, question, question.contrast);
  }

  private async contrast(
    request: PanelRequest,
    question: Question,
    { index, against }: Contrast,
  ): Promise<void> {
    const { model, method } = question;
    const targets = { contrast: [index, against] } as const;
    const { heatmaps } = await this.ask(request, question, { targets });
    const [heatmap] = heatmaps;
    if (heatmap !== undefined)
      request.tell({ kind: 'contrasted', modelId: model.id, method, heatmap });
  }

  /** A model was opened; where its files were replaced since it was before, its answers are forgotten. */
  async opened(model: ModelDescription): Promise<void> {
    await this.wasReplaced(model);
    this.stamps.set(model.id, await stampOfModel(model));
  }

  /**
   * Whether files that a model's answers rest on were replaced since it was opened; its answers are
   * forgotten then. It is so until the model is opened again, for whoever asks.
   */
  async wasReplaced(model: ModelDescription): Promise<boolean> {
    const stamp = await stampOfModel(model);
    const before = this.stamps.get(model.id);
    if (before === undefined || before === stamp) return false;
    this.channel.learn({ kind: 'outdated', modelId: model.id });
    return true;
  }

  /**
   * How faithful a map is that the panel shows.
   * @throws Failure as `trace`
   */
  async measure(request: PanelRequest, question: Question, target: MapTarget): Promise<void> {
    const known = this.known(question);
    if (known === undefined) return this.trace(request, question);
    const { modelSha256 } = known;
    const { model, method, change } = question;
    const map = { model, method, modelSha256, change, ...target };
    await measureFaithfulness(request, this.worker, this.picture, map, this.owner);
  }

  /**
   * Maps of classes, which are remembered.
   * @param wanted which classes, and what is to be measured besides
   * @returns what came out, with what was known before
   * @throws Failure as `trace`
   */
  async explain(request: PanelRequest, question: Question, wanted: Wanted): Promise<ExplainResult> {
    const result = await this.ask(request, question, wanted);
    request.tell({ kind: 'explained', result });
    return this.known(question) ?? result;
  }

  /** One call of the worker. */
  private async ask(
    request: PanelRequest,
    question: Question,
    wanted: Wanted,
  ): Promise<ExplainResult> {
    const { model, method, among, change } = question;
    const { topK, preset } = explainSettings(this.picture.uri);
    const image = await this.picture.source(change);
    request.check();
    const result = await this.worker.call(
      'explain',
      {
        image,
        model,
        method,
        options: { preset },
        ...(among && { among }),
        listed: topK,
        stability: false,
        ...wanted,
      },
      {
        signal: request.signal,
        owner: this.owner,
        onEvent: (event) => {
          if (event.kind === 'stage')
            request.tell({ kind: 'activity', activity: { kind: 'busy', phrase: event.phrase } });
          if (event.kind === 'classified') {
            const { kind, ...classified } = event;
            request.tell({ kind, classified });
          }
        },
      },
    );
    request.check();
    return result;
  }
}
