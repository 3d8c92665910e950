/** A Vision Transformer's weights in one order, whatever the checkpoint calls them. */
import type { CheckpointTensor } from '../checkpoint/tensor';
import type { Activation } from '../../../shared/architecture';

export interface LinearWeights {
  /** `[out, in]`. */
  readonly weight: CheckpointTensor;
  /** `[out]`. */
  readonly bias: CheckpointTensor | undefined;
}

/** LayerNorm over the last axis. */
export interface NormWeights {
  readonly weight: CheckpointTensor;
  readonly bias: CheckpointTensor;
  readonly epsilon: number;
}

/** Query, key and value from one product (`[3·dim, dim]`) or from three, as the checkpoint has them. */
export type AttentionInput =
  | { readonly packed: LinearWeights }
  | { readonly query: LinearWeights; readonly key: LinearWeights; readonly value: LinearWeights };

export interface MlpWeights {
  readonly first: LinearWeights;
  readonly second: LinearWeights;
}

/** One block: x + scale · attention(norm(x)), then x + scale · mlp(norm(x)). */
export interface BlockWeights {
  readonly attentionNorm: NormWeights;
  readonly attention: AttentionInput;
  readonly projection: LinearWeights;
  /** LayerScale of the attention branch, `[dim]`. */
  readonly attentionScale: CheckpointTensor | undefined;
  readonly mlpNorm: NormWeights;
  readonly mlp: MlpWeights;
  readonly mlpScale: CheckpointTensor | undefined;
}

/** How the position embedding is brought to another grid; each family has its own way. */
export interface PositionResize {
  /** Low-pass when shrinking, as `F.interpolate(…, antialias=True)` does. */
  readonly antialias: boolean;
  /** DINOv2 adds 0.1 to the new size before it divides by the old one. */
  readonly offset: number;
}

export interface PositionEmbedding {
  /** `[prefix + rows · columns, dim]`. */
  readonly tensor: CheckpointTensor;
  /** Rows before the first patch's: for the class (and distillation) token, or none. */
  readonly prefix: number;
  readonly grid: readonly [rows: number, columns: number];
  readonly resize: PositionResize;
}

/** Attention of one learned query over all tokens, then x + mlp(norm(x)) (SigLIP). */
export interface AttentionPoolWeights {
  /** `[1, dim]`. */
  readonly probe: CheckpointTensor;
  readonly query: LinearWeights;
  readonly key: LinearWeights;
  readonly value: LinearWeights;
  readonly projection: LinearWeights;
  readonly norm: NormWeights;
  readonly mlp: MlpWeights;
}

/** What of the tokens the head reads. */
export type ReadoutWeights =
  | { readonly kind: 'class-token' }
  | { readonly kind: 'patch-mean' }
  | { readonly kind: 'class-token+patch-mean' }
  /** Mean over class and distillation token (before the heads in features, after them in logits). */
  | { readonly kind: 'class+distillation' }
  | { readonly kind: 'attention-pool'; readonly pool: AttentionPoolWeights };

export interface HeadWeights {
  /** BatchNorm without affine part, as MAE's linear probe has it: `[dim]` each. */
  readonly standardisation?:
    | {
        readonly mean: CheckpointTensor;
        readonly variance: CheckpointTensor;
        readonly epsilon: number;
      }
    | undefined;
  readonly linear: LinearWeights;
  /** The head of the distillation token; the logits are the mean of both. */
  readonly distillation?: LinearWeights | undefined;
}

export interface VitWeights {
  /** In words, for a person: `ViT`, `DINOv2 with registers`. */
  readonly architecture: string;
  readonly heads: number;
  readonly activation: Activation;
  readonly patch: {
    /** `[dim, 3, patch height, patch width]`. */
    readonly weight: CheckpointTensor;
    readonly bias: CheckpointTensor | undefined;
  };
  /** Tokens that get a position (class, distillation), each `[1, dim]`. */
  readonly positionedTokens: readonly CheckpointTensor[];
  /** Tokens put behind those, before the patches, after the positions are added, `[count, dim]`: registers. */
  readonly registers?: CheckpointTensor | undefined;
  readonly position: PositionEmbedding;
  /** CLIP normalises the embeddings before the first block. */
  readonly embeddingNorm?: NormWeights | undefined;
  readonly blocks: readonly BlockWeights[];
  /** Normalises all tokens after the last block. */
  readonly tokenNorm?: NormWeights | undefined;
  readonly readout: ReadoutWeights;
  /** Normalises the readout. */
  readonly readoutNorm?: NormWeights | undefined;
  /** CLIP's projection into the space it shares with text. */
  readonly projection?: LinearWeights | undefined;
  /** Left out of a backbone. */
  readonly head?: HeadWeights | undefined;
}
