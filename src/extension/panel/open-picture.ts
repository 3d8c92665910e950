/** From a picture and what was chosen to the model that is to explain it; the panel is told each stage. */
import type { ModelDescription } from '../../shared/model';
import { tidyPhrases, withPhrases } from '../../shared/phrases';
import { readingOf, type PictureWindow } from '../../shared/picture-reading';
import type { ModelManager } from '../models/model-manager';
import type { WorkerHost } from '../worker-host';
import type { PanelMailbox } from './panel-mailbox';
import type { PanelRequest } from './panel-requests';
import { withModel } from './panel-words';
import type { ShownPicture } from './shown-picture';

export interface OpeningServices {
  readonly worker: WorkerHost;
  readonly models: ModelManager;
}

/** All that has to be decided before a picture is opened. */
export interface Decided {
  readonly modelId: string;
  readonly method: string;
  readonly phrases: readonly string[];
  readonly colourMap: string;
  readonly chosenWindow: PictureWindow | undefined;
}

export interface OpenedPicture {
  /** As the model calls itself. */
  readonly modelId: string;
  /** Undefined while it compares pictures with phrases, and there are none yet. */
  readonly model: ModelDescription | undefined;
}

/**
 * The picture is shown first, then what can be chosen, then the model with its classes.
 *
 * @param mailbox what the panel knows already stays in sight meanwhile
 * @throws Failure when there is no such model, it cannot be had, or the request is not wanted any more
 */
export async function openPicture(
  request: PanelRequest,
  picture: ShownPicture,
  { modelId, method, phrases: chosen, colourMap, chosenWindow }: Decided,
  { worker, models }: OpeningServices,
  { shown }: PanelMailbox,
): Promise<OpenedPicture> {
  const { signal } = request;
  const known = shown?.modelId === modelId ? shown : undefined;
  const asked = known?.phrases && tidyPhrases(chosen);
  const show = {
    kind: 'show' as const,
    uri: picture.uri.toString(),
    fileName: picture.name,
    imageSrc: await picture.source(signal),
    models: shown?.models ?? [],
    methods: shown?.methods ?? [],
    modelId,
    method,
    labels: asked ?? known?.labels ?? [],
    phrases: asked,
    chosenWindow,
    ...(known?.availability !== undefined && { availability: known.availability }),
    colourMap,
  };
  request.check();
  request.tell(show);

  const [listings, methods] = await Promise.all([models.list(), worker.methods()]);
  request.check();
  request.tell({ ...show, models: listings, methods });

  const resolved = await models.resolve(modelId, signal, (phrase) =>
    request.tell({ kind: 'busy', phrase }),
  );
  const found = chosenWindow === undefined ? resolved : withWindow(resolved, chosenWindow);
  // Drawn as this model sees it.
  const imageSrc = await picture.source(signal, readingOf(found.preprocessing));
  request.check();
  const phrases = found.zeroShot && tidyPhrases(chosen);
  const awaiting = phrases?.length === 0;
  const model = phrases === undefined || awaiting ? found : withPhrases(found, phrases);
  const { id, labels } = model;
  const whole = {
    imageSrc,
    models: withModel(listings, model),
    methods,
    modelId: id,
    labels,
    phrases,
  };
  request.tell({ ...show, ...whole });
  return { modelId: id, model: awaiting ? undefined : model };
}

function withWindow(model: ModelDescription, window: PictureWindow): ModelDescription {
  return { ...model, preprocessing: { ...model.preprocessing, window } };
}
