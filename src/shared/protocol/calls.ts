/**
 * What can be asked, by the extension through the worker process or by the command line directly: each
 * call's parameters, the events on the way, and its result.
 */
import * as v from 'valibot';
import { methodInfoSchema } from '../explanation';
import { faithfulnessSchema } from '../faithfulness';
import { methodChoiceSchema } from '../method-choice';
import { modelDescriptionSchema } from '../model';
import type { Data } from '../schema';
import {
  batchParamsSchema,
  batchResultSchema,
  openedModelSchema,
  openParamsSchema,
} from './dataset';
import { classifiedSchema, progressSchema, sampleSchema, stageSchema } from './events';
import {
  costsParamsSchema,
  costsSchema,
  evaluateParamsSchema,
  pictureMeasuredSchema,
} from './evaluate';
import { explainParamsSchema, explainResultSchema, inspectionSchema } from './explain';
import { faithfulnessParamsSchema } from './faithfulness';
import { contactSheetParamsSchema, pictureParamsSchema, seenPictureParamsSchema } from './pictures';
import { triedSchema, tryPreparationsParamsSchema } from './preparations';
import { evaluateProbeParamsSchema, probeOutcomeSchema, trainProbeParamsSchema } from './probe';

const none = v.never();

export const calls = {
  /** The methods the engine has, in the order to offer them. */
  methods: { params: v.object({}), event: none, result: v.array(methodInfoSchema) },
  /** The method to explain a model by where nobody names one. */
  bestMethod: {
    params: v.object({ model: modelDescriptionSchema }),
    event: stageSchema,
    result: methodChoiceSchema,
  },
  /** Explain one image. */
  explain: {
    params: explainParamsSchema,
    event: v.variant('kind', [stageSchema, classifiedSchema]),
    result: explainResultSchema,
  },
  /** How faithful the map of one class of one image is. */
  faithfulness: {
    params: faithfulnessParamsSchema,
    event: v.variant('kind', [stageSchema, progressSchema]),
    result: faithfulnessSchema,
  },
  /**
   * How faithful the maps of several methods are on many pictures: a `picture` event for each of them,
   * as it is done.
   */
  evaluate: {
    params: evaluateParamsSchema,
    event: v.variant('kind', [stageSchema, pictureMeasuredSchema]),
    result: v.object({
      /** Pictures that were under way side by side. */
      atOnce: v.number(),
    }),
  },
  /** What a map of each method costs on this machine. */
  costs: { params: costsParamsSchema, event: stageSchema, result: costsSchema },
  /** What the engine finds in a model. */
  inspect: {
    params: v.object({ model: modelDescriptionSchema }),
    event: stageSchema,
    result: inspectionSchema,
  },
  /** Answer pictures under several preparations: a `tried` event for each of them, in order. */
  tryPreparations: {
    params: tryPreparationsParamsSchema,
    event: v.variant('kind', [stageSchema, triedSchema]),
    result: v.object({ /** Pictures that could be read. */ answered: v.number() }),
  },
  /** Open a model for a dataset. */
  open: { params: openParamsSchema, event: stageSchema, result: openedModelSchema },
  /** Explain samples of a dataset, best class each: a `sample` event for each of them, in order. */
  batch: {
    params: batchParamsSchema,
    event: v.variant('kind', [stageSchema, sampleSchema]),
    result: batchResultSchema,
  },
  /** A picture as PNG, as a model sees it where a browser would draw it otherwise. */
  picture: {
    params: pictureParamsSchema,
    event: none,
    result: v.object({ png: v.instance(Uint8Array), width: v.number(), height: v.number() }),
  },
  /** A small JPEG of a picture, and the picture's own size. */
  thumbnail: {
    params: pictureParamsSchema,
    event: none,
    result: v.object({ jpeg: v.instance(Uint8Array), width: v.number(), height: v.number() }),
  },
  /** What a model sees of a picture, as a small JPEG. */
  seenPicture: {
    params: seenPictureParamsSchema,
    event: none,
    result: v.object({ jpeg: v.instance(Uint8Array) }),
  },
  /** What the model saw, and the evidence for each explained class over it, as one PNG. */
  contactSheet: {
    params: contactSheetParamsSchema,
    event: none,
    result: v.object({ png: v.instance(Uint8Array) }),
  },
  /** Train a linear probe and write its files. */
  trainProbe: {
    params: trainProbeParamsSchema,
    event: v.variant('kind', [stageSchema, progressSchema]),
    result: probeOutcomeSchema,
  },
  /** Measure a linear probe. */
  evaluateProbe: {
    params: evaluateProbeParamsSchema,
    event: v.variant('kind', [stageSchema, progressSchema]),
    result: probeOutcomeSchema,
  },
};

export type CallName = keyof typeof calls;
export type Params<Name extends CallName> = Data<(typeof calls)[Name]['params']>;
export type Result<Name extends CallName> = Data<(typeof calls)[Name]['result']>;
/** What a call may tell on the way. */
export type CallEvent<Name extends CallName> = Data<(typeof calls)[Name]['event']>;
/** Whoever listens to a call. */
export type Tell<Name extends CallName> = (event: CallEvent<Name>) => void;
