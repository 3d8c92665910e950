/** What no longer holds in a panel once it is about something else: written here, for both sides. */
import { emptyPanel, type PanelModel } from './panel-model';

/** What is asked and known may be about … */
export type Basis =
  /** the picture, whatever becomes of its file */
  | 'picture'
  /** its pixels as a model sees them */
  | 'pixels'
  | 'model'
  | 'phrases'
  | 'method';

const restsOn = {
  chosenWindow: ['picture'],
  change: ['picture'],
  label: ['picture'],
  // Whoever follows a class from picture to picture goes on looking at it.
  chosenClass: ['model', 'phrases'],
  extraClasses: ['picture', 'model', 'phrases'],
  contrast: ['picture', 'model', 'phrases'],
  levels: ['picture', 'model'],
  opened: ['model'],
  // The same for every picture.
  assumed: ['model'],
  classified: ['pixels', 'model', 'phrases'],
  explained: ['pixels', 'model', 'phrases', 'method'],
  contrasted: ['pixels', 'model', 'phrases', 'method'],
} as const satisfies Partial<Record<keyof PanelModel, readonly Basis[]>>;

type Resting = keyof typeof restsOn;

/** The model without all that rested on what is another now. */
export function dropRestingOn(model: PanelModel, ...others: readonly Basis[]): PanelModel {
  const lost = (Object.keys(restsOn) as Resting[]).filter((part) =>
    restsOn[part].some((basis) => others.includes(basis)),
  );
  return { ...model, ...Object.fromEntries(lost.map((part) => [part, emptyPanel[part]])) };
}

/**
 * What one model answered, or all did, no longer holds, nor what was measured of it; the maps that are
 * shown stay until there is a new answer.
 */
export function forget(model: PanelModel, modelId?: string): PanelModel {
  const isOfAnother = (answer: { readonly modelId: string }): boolean =>
    modelId !== undefined && answer.modelId !== modelId;
  const remembered = model.remembered.filter(isOfAnother);
  const measured = model.measured.filter(isOfAnother);
  return { ...model, remembered, measured };
}
