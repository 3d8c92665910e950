/** The maps of a picture's classes: the worker is asked for those that are missing, and all are remembered. */
import type * as vscode from 'vscode';
import type { Targets } from '../../shared/explanation';
import type { ModelDescription } from '../../shared/model';
import type { ExplainResult } from '../../shared/protocol/explain';
import { stampOfModel } from '../../store/model-stamp';
import { explainSettings } from '../settings';
import type { WorkerHost } from '../worker-host';
import { ExplanationMemory } from './explanation-memory';
import type { PanelRequest } from './panel-requests';
import { explainedMessage } from './panel-words';
import { pictureName, readPicture } from './picture';

/** What is asked of a model that is open. */
export interface Question {
  readonly picture: vscode.Uri;
  readonly model: ModelDescription;
  readonly method: string;
  /** Whether the method gives every class the same map. */
  readonly oneMapForAll: boolean;
  /** Classes that were asked for besides the most probable ones. */
  readonly extraClasses: readonly number[];
}

let panelsMade = 0;

export class ClassMaps {
  private readonly memory = new ExplanationMemory();
  /** What the file system said of a model when it was asked first, or last. */
  private readonly stamps = new Map<string, string>();
  /** For the worker: a newer call of this panel replaces its older ones, whatever the picture. */
  private readonly owner = `panel ${(panelsMade += 1)}`;

  constructor(private readonly worker: WorkerHost) {}

  /** What is remembered of the picture. */
  known({ model, method }: Pick<Question, 'model' | 'method'>): ExplainResult | undefined {
    return this.memory.get(model.id, method);
  }

  /** What is remembered, where nothing is missing in it. */
  complete(question: Question): ExplainResult | undefined {
    const known = this.known(question);
    return known !== undefined && missing(known, question).length === 0 ? known : undefined;
  }

  /**
   * The map of the most probable class first, then those of the other listed and asked-for classes;
   * what is known already is shown at once.
   * @throws Failure when the picture, the model or the method does not allow it
   */
  async trace(request: PanelRequest, question: Question): Promise<void> {
    const { model } = question;
    let result = this.known(question);
    if (result === undefined) {
      const first = question.oneMapForAll ? explainSettings(question.picture).topK : 1;
      result = await this.explain(request, question, { topK: first });
    } else {
      request.tell(explainedMessage(model, result));
    }
    const classes = missing(result, question);
    if (classes.length > 0) {
      request.tell({ kind: 'busy', phrase: 'Tracing the evidence for the other classes' });
      const { modelSha256 } = await this.explain(request, question, { classes });
      // Replaced between the two: what is missing is missing of the new one.
      if (modelSha256 !== result.modelSha256) await this.trace(request, question);
    }
  }

  /**
   * Whether files that a model's answers rest on were replaced since this was asked last; its answers
   * of before are forgotten then.
   */
  async wasReplaced(model: ModelDescription): Promise<boolean> {
    const stamp = await stampOfModel(model);
    const before = this.stamps.get(model.id);
    this.stamps.set(model.id, stamp);
    if (before === undefined || before === stamp) return false;
    this.forget(model.id);
    return true;
  }

  /** @throws Failure as `trace` */
  async measureStability(request: PanelRequest, question: Question): Promise<void> {
    await this.explain(request, question, { topK: 1 }, true);
  }

  /** One model's answers no longer hold. */
  forget(modelId: string): void {
    this.memory.forget(modelId);
  }

  /** Nothing holds any more. */
  clear(): void {
    this.memory.clear();
  }

  /** One call of the worker; what comes out is remembered and shown. */
  private async explain(
    request: PanelRequest,
    { picture, model, method }: Question,
    targets: Targets,
    stability = false,
  ): Promise<ExplainResult> {
    const { topK, preset } = explainSettings(picture);
    const bytes = await readPicture(picture);
    request.check();
    const result = await this.worker.call(
      'explain',
      {
        image: { kind: 'encoded', bytes, name: pictureName(picture) },
        model,
        method,
        options: { preset },
        targets,
        listed: topK,
        stability,
      },
      {
        signal: request.signal,
        owner: this.owner,
        onEvent: (event) => {
          if (event.kind === 'stage') request.tell({ kind: 'busy', phrase: event.phrase });
          if (event.kind === 'classified')
            request.tell({ ...event, modelId: model.id, phrases: model.phrases });
        },
      },
    );
    request.check();
    const merged = this.memory.add(result);
    request.tell(explainedMessage(model, merged));
    return merged;
  }
}

/** Classes that are listed or were asked for, but have no map yet. */
function missing({ topK, heatmaps }: ExplainResult, { extraClasses }: Question): number[] {
  const explained = new Set(heatmaps.map(({ index }) => index));
  const wanted = [...topK.map(({ index }) => index), ...extraClasses];
  return wanted.filter((index) => !explained.has(index));
}
