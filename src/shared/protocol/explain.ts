/** One picture: how it is asked about, and what comes out. */
import * as v from 'valibot';
import { amongClassesSchema } from '../among';
import { assumptionSchema } from '../assumption';
import {
  classScoreSchema,
  gridSchema,
  heatmapSchema,
  inputWindowSchema,
  methodAvailabilitySchema,
  methodOptionsSchema,
  presetSchema,
  stabilitySchema,
  targetsSchema,
} from '../explanation';
import { modelDescriptionSchema } from '../model';
import { outputKindSchema } from '../output-kind';
import { pictureChangeSchema } from '../picture-change';
import { pictureLevelsSchema, pictureReadingSchema } from '../picture-reading';
import { remarkSentenceSchema } from '../picture-remark';
import { providers } from '../provider';
import type { Data } from '../schema';

/** Where the picture comes from: encoded bytes (any `workspace.fs` scheme), or an already preprocessed tensor. */
export const imageSourceSchema = v.variant('kind', [
  v.object({
    kind: v.literal('encoded'),
    bytes: v.instance(Uint8Array),
    name: v.string(),
    /** What becomes of it before the model sees it; left out: the model's own preparation alone. */
    change: v.exactOptional(pictureChangeSchema),
  }),
  v.object({
    kind: v.literal('tensor'),
    values: v.instance(Float32Array),
    /** `[1, 3, H, W]`. */
    shape: v.strictTuple([v.literal(1), v.literal(3), v.number(), v.number()]),
    name: v.string(),
  }),
]);

export type ImageSource = Data<typeof imageSourceSchema>;

export const explainParamsSchema = v.object({
  image: imageSourceSchema,
  model: modelDescriptionSchema,
  method: v.string(),
  options: methodOptionsSchema,
  targets: targetsSchema,
  /** Take answers among these classes: they alone are ranked. Left out: among all. */
  among: v.exactOptional(amongClassesSchema),
  /** How many classes `topK` of the result lists. */
  listed: v.number(),
  /** Also measure how stable the map is (costs a second run). */
  stability: v.boolean(),
  /** Methods that will be asked of this picture next: one forward run keeps what all of them read. */
  toCome: v.exactOptional(v.array(v.string())),
});

export type ExplainParams = Data<typeof explainParamsSchema>;

export const explainResultSchema = v.object({
  modelId: v.string(),
  modelSha256: v.string(),
  method: v.string(),
  preset: presetSchema,
  /** What the model's numbers mean. */
  output: outputKindSchema,
  grid: gridSchema,
  window: inputWindowSchema,
  /** Where the picture was changed before the model saw it. */
  change: v.exactOptional(pictureChangeSchema),
  /** What the model's manifest says of reading pictures, where it does. */
  reading: v.exactOptional(pictureReadingSchema),
  /** Of a picture of more than 8 bits a channel. */
  levels: v.exactOptional(pictureLevelsSchema),
  topK: v.array(classScoreSchema),
  /** The classes that `topK` is taken among; left out: all. */
  among: v.exactOptional(amongClassesSchema),
  heatmaps: v.array(heatmapSchema),
  /** How strongly the model answered each explained class, in the order of `heatmaps`. */
  scores: v.array(classScoreSchema),
  stability: v.undefinedable(stabilitySchema),
  provider: v.picklist(providers),
  /** What the answer rests on without anything that says it. */
  assumed: v.array(assumptionSchema),
  /** Sentences the person should see, e.g. a provider that fell back to the CPU. */
  notices: v.array(v.string()),
  /** How the picture was read, as far as that is not a matter of course. */
  remarks: v.array(remarkSentenceSchema),
  milliseconds: v.object({
    decode: v.number(),
    open: v.number(),
    forward: v.number(),
    explain: v.number(),
    total: v.number(),
  }),
});

export type ExplainResult = Data<typeof explainResultSchema>;

/** What the engine found in a model. */
export const inspectionSchema = v.object({
  model: v.object({ id: v.string(), sha256: v.string() }),
  input: v.object({ height: v.number(), width: v.number(), channels: v.number() }),
  blocks: v.number(),
  heads: v.number(),
  dim: v.number(),
  tokens: v.number(),
  prefixTokens: v.number(),
  /** Height and width. */
  patch: v.strictTuple([v.number(), v.number()]),
  grid: gridSchema,
  classes: v.number(),
  /** `CLS token`, `mean of the patches`, … in words. */
  readout: v.string(),
  head: v.string(),
  /** What its numbers mean. */
  output: outputKindSchema,
  /** What neither the weights nor the files beside them decide. */
  assumed: v.array(assumptionSchema),
  methods: v.array(methodAvailabilitySchema),
});

export type Inspection = Data<typeof inspectionSchema>;
