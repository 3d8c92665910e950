/** What a model made of one sample of a dataset, as plain data: one line of a JSONL report. */
import * as v from 'valibot';
import { failureCodes } from './failure-data';
import { remarkKinds } from './picture-remark';
import type { Data } from './schema';

/** A map over the patch grid; `values` are base64 of little-endian float32, row-major. */
export const patchMapSchema = v.pipe(
  v.object({ rows: side(), columns: side(), values: v.pipe(v.string(), v.base64()) }),
  v.check(
    ({ rows, columns, values }) => decodedBytes(values) === 4 * rows * columns,
    'the map does not hold a number for each patch',
  ),
);

function side() {
  return v.pipe(v.number(), v.integer(), v.minValue(1));
}

/** Of base64 with its padding. */
function decodedBytes(text: string): number {
  const padding = text.length - text.replace(/=+$/, '').length;
  return (text.length / 4) * 3 - padding;
}

export type PatchMap = Data<typeof patchMapSchema>;

/** Where the positive relevance of a map lies, each as a share of its sum. */
const mapSharesSchema = v.object({
  /** On the outermost ring of patches. */
  border: v.number(),
  /** In each corner (a quarter of the side long): top left, top right, bottom left, bottom right. */
  corners: v.strictTuple([v.number(), v.number(), v.number(), v.number()]),
  /** Outside the annotated object, where the sample has an annotation. */
  outside: v.optional(v.number()),
});

export type MapShares = Data<typeof mapSharesSchema>;

const explainedSampleSchema = v.object({
  ok: v.literal(true),
  /** The sample's key: its path from the dataset's root. */
  name: v.string(),
  /** Of the file's bytes, hexadecimal. */
  sha256: v.string(),
  /** As the dataset writes it. */
  label: v.optional(v.string()),
  /** The class that the label stands for, where one was found. */
  truth: v.optional(v.number()),
  /** The most probable classes, best first; values in the order in which the model gives them. */
  top: v.array(
    v.object({
      index: v.number(),
      probability: v.exactOptional(v.number()),
      value: v.exactOptional(v.number()),
    }),
  ),
  /** Place of the truth among all classes, from 0. */
  truthRank: v.optional(v.number()),
  /** −log probability of the truth, in nats. */
  loss: v.optional(v.number()),
  /** The same among the classes that the header names, where it does. */
  among: v.exactOptional(
    v.object({
      /** The most probable of these classes, best first. */
      top: v.array(v.object({ index: v.number(), probability: v.number() })),
      /** Place of the truth among these classes, from 0; left out where it is none of them. */
      truthRank: v.exactOptional(v.number()),
      loss: v.exactOptional(v.number()),
    }),
  ),
  /** What a person should know of how the picture was read. */
  remarks: v.exactOptional(v.array(v.picklist(remarkKinds))),
  /** Evidence for the best class, raw values. */
  map: patchMapSchema,
  shares: mapSharesSchema,
  /** Why the share outside the object may be wrong, or is left out: a clause about the picture. */
  doubt: v.optional(v.string()),
});

export type ExplainedSample = Data<typeof explainedSampleSchema>;

const brokenSampleSchema = v.object({
  ok: v.literal(false),
  name: v.string(),
  label: v.optional(v.string()),
  code: v.picklist(failureCodes),
  message: v.string(),
});

export const sampleResultSchema = v.variant('ok', [explainedSampleSchema, brokenSampleSchema]);

export type SampleResult = Data<typeof sampleResultSchema>;
