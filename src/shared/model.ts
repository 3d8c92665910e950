/** Plain data about models: where one comes from, how its images are prepared, what its classes are called. */
import * as v from 'valibot';
import { architectureSchema } from './architecture';
import { assumptionSchema } from './assumption';
import { statedOutputSchema } from './output-kind';
import { preprocessingSchema } from './preprocessing';
import { probeBackboneSchema } from './probe';
import type { Data } from './schema';

/** What turns phrases into the classes of a picture encoder. */
const zeroShotSchema = v.object({
  /** Absolute path of the text encoder, an ONNX file; undefined where none was found. */
  textModel: v.undefinedable(v.string()),
  /** Absolute path of `tokenizer.json`; undefined where none was found. */
  tokenizer: v.undefinedable(v.string()),
  /** What cosine similarities are multiplied by before the softmax: exp of the trained temperature. */
  logitScale: v.number(),
  /** Whether the scale was not stated anywhere, so that the one of OpenAI's models was taken. */
  logitScaleAssumed: v.boolean(),
});

export type ZeroShot = Data<typeof zeroShotSchema>;

/** Everything that is needed to run one model, resolved to files on disk. */
export const modelDescriptionSchema = v.object({
  /** `starter`, a catalog id, or `file:` and the absolute path. */
  id: v.string(),
  name: v.string(),
  /** Absolute path of the weights: ONNX, safetensors or a PyTorch checkpoint. */
  path: v.string(),
  preprocessing: preprocessingSchema,
  /** Where the preprocessing was found, or why it was guessed; shown to the person. */
  preprocessingSource: v.string(),
  /** The preset that was guessed (`presets` of src/store/presets.ts); absent when the preprocessing was found. */
  guessedPreset: v.exactOptional(v.string()),
  /** The method that its pictures are explained by, where its manifest names one. */
  method: v.exactOptional(v.string()),
  /** What a person states of a checkpoint where its weights do not tell. */
  architecture: v.exactOptional(architectureSchema),
  /** What the files beside the weights leave open. */
  assumed: v.array(assumptionSchema),
  /** Class names by index; empty when the model has none. */
  labels: v.array(v.string()),
  /** What its numbers mean, where a file beside the weights says so. */
  output: v.exactOptional(statedOutputSchema),
  /** Of a CLIP: it has no classes of its own, but compares a picture with phrases. */
  zeroShot: v.exactOptional(zeroShotSchema),
  /** The phrases that the picture is compared with, one class each; only beside `zeroShot`. */
  phrases: v.exactOptional(v.array(v.string())),
  /** Of a linear probe, whose `path` is its head: the model that the head reads. */
  backbone: v.exactOptional(probeBackboneSchema),
});

export type ModelDescription = Data<typeof modelDescriptionSchema>;

/** One line of a model list. */
export const modelListingSchema = v.object({
  id: v.string(),
  name: v.string(),
  /** The folder of a file that others of its name are told from by it. */
  place: v.exactOptional(v.string()),
  onDisk: v.boolean(),
  /** Bytes on disk, or to download; undefined when not known. */
  bytes: v.undefinedable(v.number()),
  licence: v.undefinedable(v.string()),
  /** `own`: in the folder of models, or pulled from the hub. */
  source: v.picklist(['shipped', 'catalog', 'own', 'workspace', 'recent']),
});

export type ModelListing = Data<typeof modelListingSchema>;
