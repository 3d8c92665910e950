/** What a person states of a checkpoint where its weights do not tell; `architecture` in a manifest. */
export interface StatedArchitecture {
  /** Which of several sets of weights in the file, by its path: `state_dict_ema`, `teacher.backbone`. */
  readonly weights?: string;
  /** Attention heads of every block. */
  readonly heads?: number;
  /** Patches that the position embedding was trained for. */
  readonly grid?: readonly [rows: number, columns: number];
  readonly activation?: Activation;
  /** What of the last block's tokens the head reads. */
  readonly readout?: StatedReadout;
  /** Added to the variance in every LayerNorm. */
  readonly normEpsilon?: number;
}

/** Of the MLPs; `gelu` is the exact one. */
export type Activation = 'gelu' | 'gelu-tanh' | 'quick-gelu' | 'relu';

export type StatedReadout = 'class-token' | 'patch-mean';
