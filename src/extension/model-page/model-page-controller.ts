/** One page of a model file: joins the page, the reading of the file, and what is stated of it. */
import path from 'node:path';
import * as vscode from 'vscode';
import { Failure, failureData } from '../../shared/failure';
import type { FailureData } from '../../shared/failure-data';
import type { ManifestChanges } from '../../shared/manifest';
import type { ModelDescription } from '../../shared/model';
import {
  freshModelPage,
  type ModelFile,
  type ModelPageState,
  type ShownModel,
} from '../../shared/model-page/model-page-state';
import type { TrialSubject } from '../../shared/model-page/trial';
import type { Handlers } from '../../shared/protocol/messages';
import {
  fromModelPageSchema,
  modelPageParts,
  type FromModelPage,
} from '../../shared/protocol/model-page';
import { manifestPath, writeManifest } from '../../store/manifest';
import { isThere } from '../../store/probe-manifest';
import { commandIds } from '../commands/command-ids';
import type { DatasetServices } from '../gallery/open-dataset';
import { openManifest } from '../models/open-manifest';
import { editorHandlers } from '../page/editor-handlers';
import { Page, type PageSurroundings } from '../page/page';
import { Requests, type ActivityFact } from '../page/requests';
import { StateChannel } from '../page/state-channel';
import { watchFile } from '../watch-file';
import { chooseLabels } from './choose-labels';
import { chooseSubject } from './choose-subject';
import { PresetTrial } from './preset-trial';
import { readModel } from './read-model';

export type ModelPageServices = PageSurroundings & DatasetServices;

/** What comes to be known of the file. */
type ModelFact =
  | ActivityFact
  | { readonly kind: 'file'; readonly file: ModelFile }
  | { readonly kind: 'read'; readonly model: ShownModel };

export class ModelPageController implements vscode.Disposable {
  private readonly channel: StateChannel<ModelPageState, FromModelPage>;
  private readonly requests: Requests<ModelFact>;
  private readonly trials: PresetTrial;
  private readonly disposables: readonly Pick<vscode.Disposable, 'dispose'>[];
  /** Of the file as it was read last. */
  private description: ModelDescription | undefined;

  constructor(
    panel: vscode.WebviewPanel,
    private readonly uri: vscode.Uri,
    private readonly services: ModelPageServices,
  ) {
    const manifest = { name: path.basename(manifestPath(uri.fsPath)), exists: false };
    const { dir: folder, base: name } = path.parse(uri.fsPath);
    this.channel = new StateChannel(
      modelPageParts,
      freshModelPage({ name, folder, bytes: undefined, manifest }, vscode.workspace.isTrusted),
      (state) => state,
      (change) => void panel.webview.postMessage(change),
    );
    this.requests = new Requests(
      (fact) => this.learn(fact),
      (failure) => this.log(failure),
    );
    this.trials = new PresetTrial(
      services,
      (trial) => this.channel.show({ ...this.channel.state, trial }),
      (failure) => this.log(failure),
    );
    const begin = (): void => void this.begin();
    this.disposables = [
      this.requests,
      this.trials,
      new Page(panel, services, {
        name: 'model',
        folders: [],
        schema: fromModelPageSchema,
        handlers: this.handlers(),
        listener: this.channel,
        log: (failure) => this.log(failure),
      }),
      watchFile(uri, begin),
      watchFile(vscode.Uri.file(manifestPath(uri.fsPath)), begin),
      vscode.workspace.onDidGrantWorkspaceTrust(begin),
    ];
    begin();
  }

  get file(): string {
    return this.uri.fsPath;
  }

  /** Offers to try the presets on what the page was opened from. */
  offer(subject: TrialSubject): void {
    this.channel.show({ ...this.channel.state, offered: subject });
  }

  dispose(): void {
    for (const disposable of this.disposables) disposable.dispose();
  }

  private handlers(): Handlers<FromModelPage, Promise<void> | void> {
    return {
      ...editorHandlers(this.services.log, () => {
        const { activity } = this.channel.state;
        return activity.kind === 'failed' ? activity.failure : undefined;
      }),
      ready: () => undefined,
      retry: () => this.begin(),
      cancel: () => this.requests.cancel(),
      state: ({ changes }) => this.state(() => Promise.resolve(changes)),
      chooseLabels: async () => {
        await this.state(async () => {
          const labels = await chooseLabels(this.uri.fsPath);
          return labels === undefined ? undefined : { labels };
        });
      },
      openManifest: () => this.openManifest(),
      openAsText: async () => {
        await vscode.commands.executeCommand('vscode.openWith', this.uri, 'default');
      },
      explain: async () => {
        await vscode.commands.executeCommand(commandIds.explainWithModel, this.uri);
      },
      tryPresets: ({ on }) => this.tryPresets(on),
      cancelTrial: () => this.trials.cancel(),
      manageTrust: async () => {
        await vscode.commands.executeCommand('workbench.trust.manage');
      },
    };
  }

  /** Reads the file; what was known of it stays in sight until that is done. */
  private async begin(): Promise<void> {
    const { isTrusted } = vscode.workspace;
    this.channel.show({ ...this.channel.state, isTrusted });
    if (!isTrusted) return;
    await this.requests.run('Reading the file', async (request) => {
      request.tell({ kind: 'file', file: await this.fileNow() });
      const { description, shown } = await readModel(
        this.uri.fsPath,
        this.services,
        request.signal,
        (phrase) => request.tell({ kind: 'activity', activity: { kind: 'busy', phrase } }),
      );
      request.check();
      this.description = description;
      request.tell({ kind: 'read', model: shown });
      this.trials.modelRead(shown);
    });
  }

  private async fileNow(): Promise<ModelFile> {
    const { file } = this.channel.state;
    if (this.uri.scheme !== 'file') {
      throw new Failure(
        'model-missing',
        `${file.name} is not on a disk of this machine, and models are read from there alone.`,
        'Copy the file to a disk.',
      );
    }
    const exists = await isThere(manifestPath(this.uri.fsPath));
    const { size } = await vscode.workspace.fs.stat(this.uri);
    return { ...file, bytes: size, manifest: { ...file.manifest, exists } };
  }

  /**
   * The manifest is written, and whoever uses the model goes by it from then on.
   * @param changesOf undefined where the person changed their mind
   */
  private async state(changesOf: () => Promise<ManifestChanges | undefined>): Promise<void> {
    const { model } = this.channel.state;
    if (model === undefined || model.fixed !== undefined) return;
    try {
      const changes = await changesOf();
      if (changes === undefined) return;
      await writeManifest(this.uri.fsPath, changes);
    } catch (error) {
      const notKept = failureData(error);
      this.log(notKept);
      this.channel.show({ ...this.channel.state, notKept });
      return;
    }
    this.channel.show({ ...this.channel.state, notKept: undefined });
    this.services.models.descriptionChanged(model.id);
    await this.begin();
  }

  private async tryPresets(on: 'offered' | TrialSubject['kind']): Promise<void> {
    const { offered, model } = this.channel.state;
    const subject = on === 'offered' ? offered : await chooseSubject(on);
    if (subject === undefined || model === undefined || this.description === undefined) return;
    await this.trials.begin(subject, this.description, model);
  }

  private async openManifest(): Promise<void> {
    const { model } = this.channel.state;
    if (this.description !== undefined && model !== undefined) {
      await openManifest(this.description, model.found.assumed);
      return;
    }
    const manifest = vscode.Uri.file(manifestPath(this.uri.fsPath));
    await vscode.window.showTextDocument(manifest, { viewColumn: vscode.ViewColumn.Beside });
  }

  private learn(fact: ModelFact): void {
    this.channel.show(learned(this.channel.state, fact));
  }

  private log({ message, detail }: FailureData): void {
    this.services.log.error(`${this.uri.toString()}: ${message}`, detail ?? '');
  }
}

function learned(state: ModelPageState, fact: ModelFact): ModelPageState {
  switch (fact.kind) {
    case 'file':
      return { ...state, file: fact.file };
    case 'read':
      return { ...state, model: fact.model, activity: { kind: 'idle' } };
    case 'activity': {
      const { activity } = fact;
      // What was known of another version of the file does not hold.
      const model = activity.kind === 'failed' ? undefined : state.model;
      return { ...state, activity, model };
    }
  }
}
