/** What the page that compares methods and the extension say to each other, and what the page keeps over a reload. */
import * as v from 'valibot';
import { pictureCounts, type EvaluationState } from '../evaluation-page/evaluation-state';
import type { Data } from '../schema';
import { editorMessages } from './editor-messages';
import { isOf, messageSchema, type MessageOf } from './messages';
import { stateChangeSchema, type StateChange } from './state-change';

const exportFormats = ['html', 'csv', 'json'] as const;

export type EvaluationExport = (typeof exportFormats)[number];

const pictures = v.picklist(pictureCounts);

const fromEvaluationTable = {
  /** The page has loaded. */
  ready: {},
  pause: {},
  resume: {},
  cancel: {},
  /** Begin again, with what is done already. */
  retry: {},
  chooseModel: { modelId: v.string() },
  /** Ask the person for a model file. */
  browseModel: {},
  /** Draw so many pictures at most. */
  choosePictures: { pictures },
  /** Explain a picture in a panel beside, by this method. */
  open: { name: v.string(), method: v.string() },
  /** From now on this is the model's method. */
  useMethod: { method: v.string() },
  export: { format: v.picklist(exportFormats) },
  ...editorMessages,
};

export const fromEvaluationSchema = messageSchema(fromEvaluationTable);
/** Page → extension. */
export type FromEvaluation = MessageOf<typeof fromEvaluationTable>;

const toldParts: Readonly<Record<keyof EvaluationState, true>> = {
  asked: true,
  dataset: true,
  compared: true,
  comparison: true,
  costs: true,
  progress: true,
};

export const evaluationParts = Object.keys(toldParts) as (keyof EvaluationState)[];

/** Extension → page. */
export type ToEvaluation = StateChange<EvaluationState>;
export const isToEvaluation = isOf(stateChangeSchema<EvaluationState>(evaluationParts));

/** What survives a reload. */
export const keptEvaluationSchema = v.object({
  sources: v.pipe(v.array(v.string()), v.minLength(1)),
  modelId: v.exactOptional(v.string()),
  pictures,
});

export type KeptEvaluation = Data<typeof keptEvaluationSchema>;
