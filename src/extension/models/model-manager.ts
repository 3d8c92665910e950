/** The models as the extension offers them: shipped, known, and one's own. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelDescription, ModelListing } from '../../shared/model';
import { catalogEntry, type CatalogEntry } from '../../store/catalog';
import { deleteModel, downloadedWeights, listModels } from '../../store/downloaded-models';
import type { ModelFolders } from '../../store/model-folders';
import { resolveModel } from '../../store/resolve-model';
import { workspaceProbes } from '../probe/workspace-probes';
import { modelFolder } from '../settings';
import { ChosenModel } from './chosen-model';
import { downloadWithConsent } from './download-with-consent';
import { HubAccess } from './hub-access';
import { withModel } from './listed-model';
import { ModelFiles } from './model-files';
import { NearbyModels } from './nearby-models';

/** A panel is at another picture every second; in milliseconds. */
const oldestSearch = 60_000;

export class ModelManager {
  readonly access: HubAccess;
  private readonly changed = new vscode.EventEmitter<string>();
  /** The id of a model that came, went, or is described differently from now on. */
  readonly onDidChange = this.changed.event;
  /** Downloads under way, so that two panels wait for the same one. */
  private readonly downloading = new Map<string, Promise<void>>();
  private readonly files: ModelFiles;
  private readonly nearby: NearbyModels;
  readonly chosen: ChosenModel;

  constructor(private readonly context: vscode.ExtensionContext) {
    this.access = new HubAccess(context.secrets);
    this.nearby = new NearbyModels(context.globalState);
    this.chosen = new ChosenModel(context.workspaceState, context.subscriptions);
    this.files = new ModelFiles((modelId) => this.changed.fire(modelId));
    context.subscriptions.push(this.changed, this.files);
  }

  /**
   * At once, with the files of the workspace as they were found last.
   * @throws Failure `setting-invalid`
   */
  async list(): Promise<readonly ModelListing[]> {
    const all = [
      ...(await listModels(this.folders)),
      ...(await workspaceProbes()),
      ...this.nearby.known,
    ];
    return all.filter(({ id }, at) => all.findIndex((other) => other.id === id) === at);
  }

  /**
   * The workspace is searched first.
   * @param oldest a search that is no older counts too, in milliseconds
   * @throws Failure `setting-invalid`
   */
  async listAll(oldest = 0): Promise<readonly ModelListing[]> {
    await this.nearby.find(oldest);
    return this.list();
  }

  /**
   * The list of a page that these answer on. Where one is in no list yet, others may have come with it: the
   * workspace is searched at once, else once a minute.
   * @throws Failure `setting-invalid`
   */
  async listAround(
    inUse: readonly Pick<ModelListing, 'id' | 'name'>[],
  ): Promise<readonly ModelListing[]> {
    const known = await this.list();
    const areListed = inUse.every((model) => known.some(({ id }) => id === model.id));
    return inUse.reduce(withModel, await this.listAll(areListed ? oldestSearch : 0));
  }

  /**
   * Everything to run a model with; a known model that is not on this machine is downloaded first,
   * if the person agrees.
   * @throws Failure `model-missing`, `model-unreadable`, `setting-invalid`, `cancelled`,
   *   `download-failed`, `cache-unwritable`
   */
  async resolve(
    modelId: string,
    signal: AbortSignal,
    onPhrase: (phrase: string) => void,
  ): Promise<ModelDescription> {
    const entry = catalogEntry(modelId);
    if (
      entry !== undefined &&
      (await downloadedWeights(entry, this.folders.downloads)) === undefined
    )
      await this.download(entry, signal, onPhrase);
    const model = await resolveModel(modelId, this.folders);
    this.files.watch(model);
    await this.nearby.used(model);
    return model;
  }

  /** @throws Failure as `downloadWithConsent` */
  async download(
    entry: CatalogEntry,
    signal?: AbortSignal,
    onPhrase?: (phrase: string) => void,
  ): Promise<void> {
    let running = this.downloading.get(entry.id);
    if (running === undefined) {
      const { downloads } = this.folders;
      running = downloadWithConsent(entry, downloads, this.access, signal, onPhrase)
        .then(() => this.changed.fire(entry.id))
        .finally(() => this.downloading.delete(entry.id));
      this.downloading.set(entry.id, running);
    }
    await running;
  }

  /**
   * @returns the bytes that became free
   * @throws Failure as `deleteModel`
   */
  async delete(modelId: string): Promise<number> {
    const bytes = await deleteModel(modelId, this.folders.downloads);
    this.changed.fire(modelId);
    return bytes;
  }

  /** @throws Failure `setting-invalid` */
  get folders(): ModelFolders & { readonly downloads: string } {
    const ownFolder = modelFolder();
    return {
      starterFolder: path.join(this.context.extensionPath, 'models', 'starter'),
      downloads: path.join(this.context.globalStorageUri.fsPath, 'models'),
      ...(ownFolder === undefined ? {} : { ownFolder }),
    };
  }

  /** What a model's manifest says was chosen anew. */
  descriptionChanged(modelId: string): void {
    this.changed.fire(modelId);
  }
}
