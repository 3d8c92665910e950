/** ONNX Runtime's own graph optimiser, used to bring every export style to the same few operators. */
import { InferenceSession } from 'onnxruntime-node';
import { EngineError } from '../engine-error';

/**
 * Fusions left out: they would hide the residual stream, a bias or an activation inside a node that
 * relevance has to pass one by one.
 */
const leftOut = [
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
 * Folds constants and fuses what exporters decompose (LayerNorm, GELU, MatMul + Add, transposed
 * products), and writes the result to a file.
 * @param bytes of a model whose inputs have fixed dimensions and whose weights are inside.
 * @throws EngineError `model-unreadable` or `model-unknown-op` if ONNX Runtime does not load it.
 */
export async function optimiseTo(file: string, bytes: Uint8Array): Promise<void> {
  try {
    const session = await InferenceSession.create(bytes, {
      graphOptimizationLevel: 'extended',
      optimizedModelFilePath: file,
      logSeverityLevel: 3,
      extra: { optimization: { disable_specified_optimizers: leftOut.join(';') } },
    });
    await session.release();
  } catch (error) {
    throw refused(error);
  }
}

function refused(error: unknown): EngineError {
  const reason = error instanceof Error ? error.message : String(error);
  const unknownOp =
    /is not a registered function\/op|No Op registered for|Could not find an implementation|No opset import/i.test(
      reason,
    );
  const brief = reason.replace(/\s+/g, ' ').slice(0, 300);
  if (unknownOp)
    return new EngineError(
      'model-unknown-op',
      `The model uses an operator that ONNX Runtime does not know: ${brief}`,
      'Export the model with standard ONNX operators only.',
      { cause: error },
    );
  return new EngineError(
    'model-unreadable',
    `ONNX Runtime does not accept this model: ${brief}`,
    'Check the input size, or download or export the model again.',
    { cause: error },
  );
}
