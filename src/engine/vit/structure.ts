/** What the engine knows of a Vision Transformer once it has found its parts in the canonical graph. */

import type { Channels } from '../onnx/input-normalisation';

/** The tensors of an attention, by their names in the canonical graph. */
export interface AttentionTensors {
  /** What enters the softmax. */
  readonly scores: string;
  /** What leaves it, `[1, H, Q, T]` or `[H, Q, T]`; in a block Q is T. */
  readonly attention: string;
  /** Operands of the score product and of the weighted sum. */
  readonly query: string;
  readonly key: string;
  readonly value: string;
  /** The product of attention and value. */
  readonly context: string;
}

/** One attention block. */
export interface Block extends AttentionTensors {
  /** The residual stream entering the block, `[1, T, D]`. */
  readonly input: string;
  /** The residual stream leaving the block, `[1, T, D]`. */
  readonly output: string;
  /** Output of the block's first LayerNorm (what Grad-CAM reads), if the block has one before its attention. */
  readonly firstNorm: string | undefined;
}

/** How the tokens become the features that the head reads. */
export type Readout =
  /** One token, by its row. */
  | { readonly kind: 'token'; readonly row: number }
  /** The mean of several rows, each with its weight (they sum to 1): a patch mean, or two prefix tokens of a distilled model. */
  | { readonly kind: 'mean'; readonly weights: readonly number[] }
  /** CLS token and mean of the patches, side by side. */
  | { readonly kind: 'token+mean'; readonly row: number; readonly weights: readonly number[] }
  /**
   * A learned query attends over the tokens (SigLIP), or over those from `firstToken` on (without
   * registers). `attention`: `[1, H, 1, tokens]` or `[H, 1, tokens]`.
   */
  | {
      readonly kind: 'attention-pool';
      readonly attention: string;
      readonly firstToken: number;
    };

export interface VitStructure {
  /** Graph input: `[1, 3, H, W]`. */
  readonly pixels: string;
  readonly inputSize: readonly [height: number, width: number];
  /** The input values that count as grey, by channel: 0, or what the graph itself normalises to 0. */
  readonly grey: Channels;
  /** One number a class: logits, or whatever the model gives (`outputs/`). */
  readonly logits: string;
  readonly classes: number;
  /** Output of the patch convolution and the node that makes it. */
  readonly patchNode: string;
  readonly patchSize: readonly [height: number, width: number];
  readonly grid: readonly [rows: number, columns: number];
  readonly tokens: number;
  /** Tokens before the first patch: CLS, distillation, registers. */
  readonly prefixTokens: number;
  readonly dim: number;
  readonly heads: number;
  /** In forward order. */
  readonly blocks: readonly Block[];
  readonly readout: Readout;
  /** Sums of several linear maps of the same input, which relevance sees apart (`countParallelMaps`). */
  readonly parallelMaps: number;
  /** The head in words, for a person: `Linear 192 → 1000`. */
  readonly head: string;
}
