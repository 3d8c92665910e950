/** What the numbers that a model gives mean. */
export type OutputKind =
  /** Logits of classes that exclude each other: their softmax is the probabilities. */
  | 'softmax'
  /** Logits of classes that are judged each on its own: the sigmoid of each is its probability. */
  | 'sigmoid'
  /** One logit that tells two classes apart: its sigmoid is the probability of the second one. */
  | 'binary'
  /** Probabilities as they are; there is no logit behind them. */
  | 'probability'
  /** Values, as of a regression: they have no probability. */
  | 'value';

export const outputKinds = ['softmax', 'sigmoid', 'binary', 'probability', 'value'] as const;

/** What a file beside the weights says of them. */
export interface StatedOutput {
  readonly kind: OutputKind;
  /** The manifest is right whatever the graph looks like; a config yields to what the graph computes. */
  readonly by: 'manifest' | 'config';
}

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
