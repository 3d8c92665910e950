/** What neither the weights nor the files beside them decide: taken for a reason, and changeable. */
export interface Assumption {
  readonly subject:
    | 'preprocessing'
    | 'input size'
    | 'attention heads'
    | 'patch grid'
    | 'activation'
    | 'LayerNorm epsilon'
    | 'readout'
    | 'weights'
    | 'classes'
    | 'output';
  /** What was taken, in a person's words: `12`, `exact GELU`, `timm: short side 248, centre 224`. */
  readonly value: string;
  /** What it rests on, as a clause: `heads of 64 channels are the custom`. */
  readonly reason: string;
  /** The field of the manifest that says it otherwise, as `architecture.heads`. */
  readonly field: string;
}
