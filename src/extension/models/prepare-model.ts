/** Opens a model before a picture is there to ask it about: its graph is prepared by then. */
import type * as vscode from 'vscode';
import { failureData } from '../../shared/failure';
import { catalogEntry } from '../../store/catalog';
import { downloadedWeights } from '../../store/downloaded-models';
import type { WorkerHost } from '../worker-host';
import type { ModelManager } from './model-manager';

interface PreparingServices {
  readonly worker: WorkerHost;
  readonly models: ModelManager;
  readonly log: vscode.LogOutputChannel;
}

/** Downloads nothing, and says nothing: what is wrong with the model is told where a picture is asked about. */
export async function prepareModel(
  modelId: string,
  { worker, models, log }: PreparingServices,
): Promise<void> {
  try {
    const entry = catalogEntry(modelId);
    const { downloads } = models.folders;
    if (entry !== undefined && (await downloadedWeights(entry, downloads)) === undefined) return;
    const { signal } = new AbortController();
    const model = await models.resolve(modelId, signal, () => undefined);
    await worker.call('bestMethod', { model });
  } catch (error) {
    log.debug(`${modelId} was not prepared: ${failureData(error).message}`);
  }
}
