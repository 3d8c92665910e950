/** From a picture and what was chosen to the model that is to explain it; each stage becomes known in the panel. */
import { Failure } from '../../shared/failure';
import type { ModelDescription, ModelListing } from '../../shared/model';
import type { PanelModel } from '../../shared/panel/panel-model';
import { withPhrases } from '../../shared/phrases';
import { readingOf } from '../../shared/picture-reading';
import { preparedAs } from '../../store/prepared-as';
import { withModel } from '../models/listed-model';
import type { ModelManager } from '../models/model-manager';
import type { WorkerHost } from '../worker-host';
import type { PanelRequest } from './class-maps';
import type { ShownPicture } from './shown-picture';

export interface OpeningServices {
  readonly worker: WorkerHost;
  readonly models: ModelManager;
}

/**
 * The picture is shown first, then what can be chosen, then the model with its classes.
 *
 * @param modelId the chosen one
 * @param panel what is asked, and what the panel knows already: that stays in sight meanwhile
 * @returns undefined while the model compares pictures with phrases, and there are none yet
 * @throws Failure when there is no such model, it cannot be had, or the request is not wanted any more
 */
export async function openPicture(
  request: PanelRequest,
  picture: ShownPicture,
  modelId: string,
  panel: PanelModel,
  { worker, models }: OpeningServices,
): Promise<ModelDescription | undefined> {
  const { signal } = request;
  if (!picture.isDrawnAs(panel.picture)) {
    const drawn = await picture.drawn(signal).catch((error: unknown) => {
      // Another one, or a version that is gone, is not to be seen under what is said of this one.
      if (error instanceof Failure && error.code === 'image-unreadable')
        request.tell({ kind: 'undrawn' });
      throw error;
    });
    request.check();
    request.tell({ kind: 'drawn', picture: drawn });
  }

  const [listings, methods] = await Promise.all([models.list(), worker.methods()]);
  request.check();
  const listed = (chosen: Pick<ModelListing, 'id' | 'name'> | undefined): void =>
    request.tell({ kind: 'listed', models: withModel(listings, chosen), methods });
  listed(panel.models.find(({ id }) => id === modelId));

  const resolved = await models.resolve(modelId, signal, (phrase) =>
    request.tell({ kind: 'activity', activity: { kind: 'busy', phrase } }),
  );
  const found = readThrough(resolved, panel);
  // Drawn as this model sees it.
  const drawn = await picture.drawn(signal, readingOf(found.preprocessing), panel.change);
  request.check();
  const comparesPhrases = found.zeroShot !== undefined;
  const isAwaiting = comparesPhrases && panel.phrases.length === 0;
  const model = comparesPhrases && !isAwaiting ? withPhrases(found, panel.phrases) : found;
  listed(model);
  request.tell({ kind: 'drawn', picture: drawn });
  request.tell({
    kind: 'opened',
    modelId: model.id,
    opened: {
      labels: model.labels,
      comparesPhrases,
      prepared: preparedAs(found),
      input: found.preprocessing.crop,
      keepsWindow: keepsWindow(model),
    },
  });
  return isAwaiting ? undefined : model;
}

/** Through the window that was chosen for this picture, where one was. */
function readThrough(model: ModelDescription, { chosenWindow }: PanelModel): ModelDescription {
  if (chosenWindow === undefined) return model;
  return { ...model, preprocessing: { ...model.preprocessing, window: chosenWindow } };
}

/** Only a file of one's own has a manifest that may be written. */
function keepsWindow({ id, backbone }: ModelDescription): boolean {
  return id.startsWith('file:') && backbone === undefined;
}
