/** What the numbers that a model gives mean. */
import * as v from 'valibot';
import type { Data } from './schema';

/**
 * - `softmax`: logits of classes that exclude each other: their softmax is the probabilities.
 * - `sigmoid`: logits of classes that are judged each on its own: the sigmoid of each is its probability.
 * - `binary`: one logit that tells two classes apart: its sigmoid is the probability of the second one.
 * - `probability`: probabilities as they are; there is no logit behind them.
 * - `value`: values, as of a regression: they have no probability.
 */
export const outputKinds = ['softmax', 'sigmoid', 'binary', 'probability', 'value'] as const;

export type OutputKind = (typeof outputKinds)[number];

export const outputKindSchema = v.picklist(outputKinds);

/** What a file beside the weights says of them. */
export const statedOutputSchema = v.object({
  kind: outputKindSchema,
  /** The manifest is right whatever the graph looks like; a config yields to what the graph computes. */
  by: v.picklist(['manifest', 'config']),
});

export type StatedOutput = Data<typeof statedOutputSchema>;

/** As a person reads it. */
export function outputInWords(kind: OutputKind): string {
  return {
    softmax: 'logits, softmax over the classes',
    sigmoid: 'logits, a sigmoid for each class',
    binary: 'one logit, its sigmoid',
    probability: 'probabilities as they are',
    value: 'values without probabilities',
  }[kind];
}
