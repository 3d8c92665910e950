/** Sizes that every part of the graph needs. */
export interface ForwardSizes {
  readonly dim: number;
  readonly heads: number;
  readonly tokens: number;
  /** Tokens before the first patch. */
  readonly prefix: number;
}
