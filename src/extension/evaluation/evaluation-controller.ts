/** One comparison of methods: joins its page, the work on its dataset, and panels beside. */
import path from 'node:path';
import * as vscode from 'vscode';
import { evaluationTable } from '../../dataset/evaluation/evaluation-table';
import { summariseEvaluation } from '../../dataset/evaluation/summarise-evaluation';
import type { FailureData } from '../../shared/failure-data';
import { intended } from '../../shared/evaluation-page/evaluation-intents';
import {
  askedAnew,
  freshEvaluation,
  type Comparison,
  type EvaluationState,
} from '../../shared/evaluation-page/evaluation-state';
import type { EvaluationSummary, MeasuredCosts } from '../../shared/evaluation';
import { labelOf } from '../../shared/panel/asked-classes';
import {
  evaluationParts,
  fromEvaluationSchema,
  type FromEvaluation,
  type KeptEvaluation,
} from '../../shared/protocol/evaluation';
import type { Handlers } from '../../shared/protocol/messages';
import { foldersOf } from '../gallery/dataset-folders';
import { datasetTitle } from '../gallery/dataset-title';
import { placeInTar } from '../../shared/tar-path';
import { browseForModel } from '../models/browse-model';
import { editorHandlers } from '../page/editor-handlers';
import { Page } from '../page/page';
import { StateChannel } from '../page/state-channel';
import type { Panels } from '../panel/panels';
import { evaluationWork, type EvaluationWork } from './evaluation-work';
import { exportEvaluation } from './export-evaluation';
import type { EvaluationServices } from './open-evaluation';
import { measureCosts } from './measure-costs';
import { seenPictures } from './seen-pictures';
import { useMethod } from './use-method';

export interface EvaluationPageServices extends EvaluationServices {
  readonly extensionUri: vscode.Uri;
  readonly panels: Panels;
}

const defaultPictures = 50;
/** The table is told at most once a second, and where it takes long to make, less often. */
const betweenSummaries = 1000;
const shareOfTime = 10;

export class EvaluationController implements vscode.Disposable {
  private readonly channel: StateChannel<EvaluationState, FromEvaluation>;
  private readonly page: Page<FromEvaluation>;
  /** The newest; older ones are stopped. */
  private work: EvaluationWork | undefined;
  /** Of what the methods cost, when all pictures are done. */
  private timing: AbortController | undefined;
  private summaryTimer: NodeJS.Timeout | undefined;
  private wait = betweenSummaries;

  /** @param kept what is asked instead of the defaults */
  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly sources: readonly vscode.Uri[],
    private readonly services: EvaluationPageServices,
    { pictures = defaultPictures, modelId }: Partial<Omit<KeptEvaluation, 'sources'>>,
  ) {
    this.channel = new StateChannel(
      evaluationParts,
      freshEvaluation({ pictures, ...(modelId !== undefined && { modelId }) }),
      intended,
      (change) => void panel.webview.postMessage(change),
    );
    panel.title = `Methods on ${datasetTitle(sources)} – ViT`;
    this.page = new Page(panel, services, {
      name: 'evaluation',
      folders: [],
      schema: fromEvaluationSchema,
      handlers: this.handlers(),
      listener: this.channel,
      log: (failure) => this.log(failure),
    });
    void this.begin();
  }

  get kept(): Omit<KeptEvaluation, 'sources'> {
    return this.channel.state.asked;
  }

  dispose(): void {
    this.stop();
    this.page.dispose();
  }

  /** The work that messages ask for; what they change at once is done by then (`intended`). */
  private handlers(): Handlers<FromEvaluation, Promise<void> | void> {
    return {
      ...editorHandlers(this.services.log, () => {
        const { progress } = this.channel.state;
        return progress.kind === 'failed' ? progress.failure : undefined;
      }),
      ready: () => undefined,
      pause: () => this.work?.pause(),
      resume: () => this.work?.resume(),
      cancel: () => this.work?.cancel(),
      retry: () => this.begin(),
      chooseModel: () => this.begin(),
      browseModel: async () => {
        const modelId = await browseForModel(
          this.services.models.folders,
          'Compare the Methods of Another Model',
          'Use This Model',
        );
        if (modelId === undefined) return;
        const { state } = this.channel;
        this.channel.show(askedAnew(state, { ...state.asked, modelId }));
        await this.begin();
      },
      choosePictures: () => this.begin(),
      open: ({ name, method }) => this.open(name, method),
      useMethod: ({ method }) => this.use(method),
      export: ({ format }) => this.export(format),
    };
  }

  /** What was measured before is there at once. */
  private async begin(): Promise<void> {
    this.stop();
    const work = evaluationWork(this.sources, this.services, {
      state: () => this.channel.state,
      tell: (parts) => this.tell(parts),
      onRecord: () => this.planSummary(),
    });
    this.work = work;
    await work.begin(({ dataset, compared }) => {
      this.page.allow(foldersOf(dataset.list));
      this.tell({ compared });
      this.summarise();
    });
    const { progress, costs } = this.channel.state;
    if (this.work === work && progress.kind === 'done' && isEmpty(costs))
      await this.measureCosts(work);
  }

  private async measureCosts({ opened, results = [] }: EvaluationWork): Promise<void> {
    if (opened === undefined) return;
    const { worker, log } = this.services;
    const timing = new AbortController();
    this.timing = timing;
    const costs = await measureCosts(opened, results, worker, log, timing.signal);
    if (costs === undefined || timing.signal.aborted) return;
    this.tell({ costs });
    this.summarise();
  }

  private stop(): void {
    this.work?.stop();
    this.timing?.abort();
    clearTimeout(this.summaryTimer);
    this.summaryTimer = undefined;
  }

  private tell(parts: Partial<EvaluationState>): void {
    const before = this.channel.state.progress;
    this.channel.show({ ...this.channel.state, ...parts });
    const { progress } = this.channel.state;
    if (progress.kind === before.kind) return;
    if (progress.kind === 'failed') this.log(progress.failure);
    // Whatever the work stopped at is all there is.
    if (progress.kind !== 'running' && progress.kind !== 'opening') this.summarise();
  }

  private planSummary(): void {
    this.summaryTimer ??= setTimeout(() => this.summarise(), this.wait);
  }

  private summarise(): void {
    clearTimeout(this.summaryTimer);
    this.summaryTimer = undefined;
    const { opened, results = [] } = this.work ?? {};
    const { compared, costs } = this.channel.state;
    if (opened === undefined || compared === undefined || results.length === 0) return;
    const started = performance.now();
    const summary = summariseEvaluation(results, compared.methodInUse);
    this.wait = Math.max(betweenSummaries, shareOfTime * (performance.now() - started));
    const measured = results.find((record) => record.ok);
    const comparison: Comparison = {
      summary,
      table: evaluationTable(summary, isEmpty(costs) ? undefined : costs),
      shares: measured?.shares ?? [],
      addresses: this.addressesOf(summary),
    };
    this.channel.show({ ...this.channel.state, comparison });
  }

  private addressesOf({ rows }: EvaluationSummary): Record<string, string> {
    const named = new Set(rows.flatMap(({ best, worst }) => [...best, ...worst]));
    const samples = this.work?.opened?.samples ?? [];
    const { webview } = this.panel;
    return Object.fromEntries(
      samples
        // What lies in an archive has no address of its own.
        .filter(({ name, path: file }) => named.has(name) && placeInTar(file) === undefined)
        .map(({ name, path: file }) => [
          name,
          webview.asWebviewUri(vscode.Uri.file(file)).toString(),
        ]),
    );
  }

  private open(name: string, method: string): void {
    const { opened } = this.work ?? {};
    const sample = opened?.samples.find((one) => one.name === name);
    if (opened === undefined || sample === undefined) return;
    const { phrases, params } = opened.dataset;
    this.services.panels.open(
      vscode.Uri.file(sample.path),
      {
        modelId: params.model.id,
        method,
        label: labelOf(sample.truth, phrases ?? params.model.labels),
        ...(phrases && { phrases: [...phrases] }),
      },
      { column: vscode.ViewColumn.Beside },
    );
  }

  private async use(method: string): Promise<void> {
    const { opened } = this.work ?? {};
    const [first] = this.sources;
    if (opened === undefined || first === undefined) return;
    await useMethod(method, opened.measured.model, this.services.models, first);
    const { compared } = this.channel.state;
    if (compared !== undefined) this.tell({ compared: { ...compared, methodInUse: method } });
    this.summarise();
  }

  private async export(
    format: Extract<FromEvaluation, { kind: 'export' }>['format'],
  ): Promise<void> {
    const { opened, results = [] } = this.work ?? {};
    const { comparison, costs } = this.channel.state;
    if (opened === undefined || comparison === undefined) return;
    const folder = vscode.Uri.file(path.dirname(opened.dataset.list.root));
    const { summary } = comparison;
    const report = {
      header: opened.header,
      records: results,
      costs: isEmpty(costs) ? undefined : costs,
      summary,
      methods: await this.services.worker.methods(),
    };
    await exportEvaluation(format, folder, report, seenPictures(opened, this.services.worker));
  }

  private log({ message, detail }: FailureData): void {
    this.services.log.error(message, detail ?? '');
  }
}

function isEmpty(costs: MeasuredCosts): boolean {
  return Object.keys(costs).length === 0;
}
