/** One comparison: joins its page, the pictures and the work that fills its cells. */
import * as vscode from 'vscode';
import {
  changeOf,
  picturesOf,
  withPictures,
  type Comparison,
} from '../../shared/compare/comparison';
import { intended, learned, type ComparisonFact } from '../../shared/compare/comparison-facts';
import {
  comparisonParts,
  emptyComparison,
  missingCells,
  type ComparisonState,
} from '../../shared/compare/comparison-state';
import type { FailureData } from '../../shared/failure-data';
import { bestForModel } from '../../shared/method-choice';
import type { ModelListing } from '../../shared/model';
import { pictureTitle } from '../../shared/picture-names';
import { fromComparisonSchema, type FromComparison } from '../../shared/protocol/compare';
import type { Handlers } from '../../shared/protocol/messages';
import { browseForModel } from '../models/browse-model';
import { editorHandlers } from '../page/editor-handlers';
import { whenLookedAt } from '../page/looked-at';
import { movedTo } from '../page/moved-files';
import { Page } from '../page/page';
import { Requests } from '../page/requests';
import { StateChannel } from '../page/state-channel';
import type { PanelStart } from '../panel/panel-controller';
import { explainSettings, settingsConcern } from '../settings';
import { ComparedPictures } from './compared-pictures';
import { byBestMethod, compare, type ComparisonServices } from './comparison-run';
import { comparisonOf, type ComparisonStart } from './comparison-start';
import { tickedPictures } from './pictures-to-compare';
import { comparisonPage, saveComparison } from './save-comparison';

export interface ComparisonPageServices extends ComparisonServices {
  readonly extensionUri: vscode.Uri;
  readonly log: vscode.LogOutputChannel;
  /** Shows a picture in a panel. */
  readonly openPanel: (picture: vscode.Uri, start: PanelStart) => void;
}

let comparisonsMade = 0;

export class ComparisonController implements vscode.Disposable {
  private readonly channel: StateChannel<ComparisonState, FromComparison>;
  private readonly requests: Requests<ComparisonFact>;
  private readonly pictures: ComparedPictures;
  private readonly page: Page<FromComparison>;
  private readonly subscriptions: vscode.Disposable;
  private readonly owner = `comparison ${(comparisonsMade += 1)}`;
  /** By a person, here or where it was opened. */
  private isMethodNamed: boolean;

  constructor(
    readonly panel: vscode.WebviewPanel,
    private readonly start: ComparisonStart,
    private readonly services: ComparisonPageServices,
  ) {
    const { webview } = panel;
    const log = (failure: FailureData): void => this.log(failure);
    const { asked } = start;
    this.isMethodNamed = asked !== undefined || start.method !== undefined;
    this.channel = new StateChannel(
      comparisonParts,
      { ...emptyComparison, ...(asked && { asked }), looks: start.looks },
      intended,
      (change) => void webview.postMessage(change),
    );
    this.requests = new Requests((fact) => this.learn(fact), log);
    this.pictures = new ComparedPictures(webview, services.worker, (picture) =>
      this.outdated({ picture }),
    );
    this.setTitle();
    this.page = new Page(panel, services, {
      name: 'compare',
      folders: this.folders,
      schema: fromComparisonSchema,
      handlers: this.handlers,
      listener: this.channel,
      log,
    });
    this.subscriptions = vscode.Disposable.from(
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (settingsConcern(change, this.first) === 'maps') this.outdated({});
      }),
      whenLookedAt(panel, () => this.pictures.look()),
      vscode.workspace.onDidRenameFiles((renamed) => this.follow(renamed)),
    );
    void this.begin();
  }

  /** Compares this in the same page. */
  ask(asked: Comparison): void {
    this.channel.show(intended(this.channel.state, { kind: 'choose', asked }));
    this.choicesChanged();
  }

  /** A model came, went, or is prepared differently. */
  modelChanged(model: string): void {
    const { opened } = this.channel.state;
    if (opened.some(({ id }) => id === model)) this.outdated({ model });
  }

  dispose(): void {
    this.page.dispose();
    this.subscriptions.dispose();
    this.requests.dispose();
    this.pictures.dispose();
  }

  private get asked(): Comparison | undefined {
    return this.channel.state.asked;
  }

  private get uris(): readonly vscode.Uri[] {
    const { asked } = this;
    if (asked === undefined) return this.start.pictures;
    return picturesOf(asked).map((uri) => vscode.Uri.parse(uri, true));
  }

  private get first(): vscode.Uri {
    return this.uris[0] ?? this.services.extensionUri;
  }

  private get folders(): readonly vscode.Uri[] {
    const onDisk = this.uris.filter(({ scheme }) => scheme === 'file');
    return onDisk.map((uri) => vscode.Uri.joinPath(uri, '..'));
  }

  private get handlers(): Handlers<FromComparison, Promise<void> | void> {
    return {
      ready: () => undefined,
      choose: () => this.choicesChanged(),
      addPictures: () => this.addPictures(),
      addModel: () => this.addModel(),
      cancel: () => this.requests.cancel(),
      retry: () => {
        this.pictures.readAnew();
        return this.begin();
      },
      openPanel: ({ picture, model, method }) => {
        const change = this.asked && changeOf(this.asked, picture);
        const choices = { modelId: model, method, ...(change && { change }) };
        this.services.openPanel(vscode.Uri.parse(picture, true), choices);
      },
      savePng: ({ png }) => saveComparison('png', this.first, png),
      saveHtml: (page) => saveComparison('html', this.first, Buffer.from(comparisonPage(page))),
      ...editorHandlers(this.services.log, () => {
        const { activity } = this.channel.state;
        return activity.kind === 'failed' ? activity.failure : undefined;
      }),
    };
  }

  private choicesChanged(): void {
    this.isMethodNamed = true;
    this.page.allow(this.folders);
    this.setTitle();
    if (missingCells(this.channel.state).length > 0) void this.begin();
    else this.requests.drop();
  }

  /** From the choices to the last cell; what is known is not asked for again. */
  private async begin(): Promise<void> {
    await this.requests.run('Comparing', async (request) => {
      const { services, pictures, owner } = this;
      const { colourMap, method } = explainSettings(this.first);
      const [listed, methods] = await Promise.all([
        services.models.list(),
        services.worker.methods(),
      ]);
      request.check();
      const tellModels = (models: readonly ModelListing[]): void =>
        request.tell({ kind: 'listed', models: models.filter(({ onDisk }) => onDisk), methods });
      tellModels(listed);
      const { model = services.models.chosen.idFor(this.first) } = this.start;
      let comparison =
        this.asked ?? comparisonOf({ ...this.start, model }, this.first, this.channel.state);
      request.tell({ kind: 'settled', asked: comparison, colourMap });
      if (!this.isMethodNamed && method === bestForModel) {
        comparison = await byBestMethod({ ...services, request, comparison, owner });
        this.isMethodNamed = true;
        request.tell({ kind: 'settled', asked: comparison, colourMap });
      }
      const missing = missingCells(this.channel.state);
      await compare({ ...services, request, pictures, methods, comparison, owner }, missing);
      request.tell({ kind: 'activity', activity: { kind: 'idle' } });
      tellModels(await services.models.listAround(this.channel.state.opened));
    });
  }

  /** Pictures that were renamed or moved are compared where they are now. */
  private follow(renamed: vscode.FileRenameEvent): void {
    const { asked } = this;
    const moved = new Map(
      this.uris.flatMap((uri) => {
        const to = movedTo(uri, renamed);
        return to === undefined ? [] : [[uri.toString(), to.toString()]];
      }),
    );
    if (asked === undefined || moved.size === 0) return;
    for (const picture of moved.keys()) this.pictures.forget(picture);
    this.ask(withPictures(asked, (uri) => moved.get(uri) ?? uri));
  }

  private async addPictures(): Promise<void> {
    const { asked } = this;
    const added = await tickedPictures();
    if (asked === undefined || added.length === 0) return;
    const pictures = [...new Set([...asked.spread.pictures, ...added.map(String)])];
    this.ask({ ...asked, spread: { ...asked.spread, pictures } });
  }

  private async addModel(): Promise<void> {
    const { asked } = this;
    const { folders } = this.services.models;
    const model = await browseForModel(folders, 'Compare with Another Model', 'Use This Model');
    if (asked === undefined || model === undefined) return;
    const { spread, held } = asked;
    const models = [...new Set([...spread.models, model])];
    this.ask({ ...asked, spread: { ...spread, models }, held: { ...held, models: model } });
  }

  private outdated(what: { readonly picture?: string; readonly model?: string }): void {
    this.learn({ kind: 'outdated', ...what });
    void this.begin();
  }

  private learn(fact: Parameters<typeof learned>[1]): void {
    this.channel.show(learned(this.channel.state, fact));
  }

  private setTitle(): void {
    const { uris } = this;
    const [only] = uris;
    const what =
      uris.length === 1 && only !== undefined
        ? pictureTitle(only.toString())
        : `${uris.length} pictures`;
    this.panel.title = `${what} – Compare`;
  }

  private log({ message, detail }: FailureData): void {
    this.services.log.error(`${this.panel.title}: ${message}`, detail ?? '');
  }
}
