/**
 * Fusions of ONNX Runtime, by the names that it logs (`logSeverityLevel: 0`), and which of them are
 * left out where.
 */

/**
 * They would hide the residual stream, a bias or an activation inside a node that relevance has to
 * pass one by one.
 */
export const hidingFusions: readonly string[] = [
  'SkipLayerNormFusion',
  'BiasGeluFusion',
  'AttentionFusion',
  'EmbedLayerNormFusion',
  'GemmActivationFusion',
  'ConvActivationFusion',
  'SimplifiedLayerNormFusion',
  'MatMulActivationFusion',
];

/**
 * They look at the operators of a norm or a GELU and not at all of its constants: a LayerNorm with
 * another exponent than 2 becomes one with 2. Our own rewrites find what is truly one, so no session
 * of a canonical graph needs them.
 */
export const carelessFusions: readonly string[] = [
  'LayerNormFusionL1',
  'LayerNormFusionL2',
  'SimplifiedLayerNormFusion',
  'GeluFusionL1',
  'GeluFusionL2',
  'FastGeluFusion',
  'QuickGeluFusion',
];

/** What leaves these fusions out, among a session's options (`extra`). */
export function withoutFusions(names: readonly string[]): {
  readonly optimization: { readonly disable_specified_optimizers: string };
} {
  return { optimization: { disable_specified_optimizers: names.join(';') } };
}
