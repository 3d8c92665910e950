/** ONNX Runtime's own graph optimiser, used to bring every export style to the same few operators. */
import { InferenceSession } from 'onnxruntime-node';
import { EngineError } from '../engine-error';
import { carelessFusions, hidingFusions, withoutFusions } from './fusions';

/**
 * `extended` fuses what exporters decompose; `basic` folds constants and removes what does nothing, the
 * norms and GELUs are then found by our own rewrites alone.
 */
export type OptimisationLevel = 'extended' | 'basic';

/**
 * Folds constants and fuses what exporters decompose (LayerNorm, GELU, MatMul + Add, transposed
 * products), and writes the result to a file.
 * @param bytes of a model whose inputs have fixed dimensions and whose weights are inside.
 * @throws EngineError `model-unreadable` or `model-unknown-op` if ONNX Runtime does not load it.
 */
export async function optimiseTo(
  file: string,
  bytes: Uint8Array,
  level: OptimisationLevel,
): Promise<void> {
  try {
    const session = await InferenceSession.create(bytes, {
      graphOptimizationLevel: level,
      optimizedModelFilePath: file,
      logSeverityLevel: 3,
      extra: withoutFusions(
        level === 'extended' ? hidingFusions : [...hidingFusions, ...carelessFusions],
      ),
    });
    await session.release();
  } catch (error) {
    throw refusedByRuntime(error);
  }
}

/** The error for a model that ONNX Runtime does not load or run. */
export function refusedByRuntime(error: unknown): EngineError {
  const reason = error instanceof Error ? error.message : String(error);
  const unknownOp =
    /is not a registered function\/op|No Op registered for|Could not find an implementation|No opset import/i.test(
      reason,
    );
  const brief = clauseOf(reason);
  if (unknownOp) {
    return new EngineError(
      'model-unknown-op',
      `The model uses an operator that ONNX Runtime does not know: ${brief}.`,
      'Export the model with standard ONNX operators only.',
      { cause: error },
    );
  }
  return new EngineError(
    'model-unreadable',
    `ONNX Runtime does not accept this model: ${brief}.`,
    'Check the input size, or download or export the model again.',
    { cause: error },
  );
}

/** Where in its own code ONNX Runtime noticed it: `/src/core/graph.cc:15 void ns::Graph::f(const T&)`. */
const whereInItsCode = /\S+\.(?:cc|h):\d+ .*?\([^()]*\)(?: const)? /g;
const longestClause = 300;

/** ONNX Runtime's own words, without those that are for its programmers alone. */
function clauseOf(reason: string): string {
  const clause = reason.replace(/\s+/g, ' ').trim().replace(whereInItsCode, '');
  return clause.length > longestClause
    ? `${clause.slice(0, longestClause)}…`
    : clause.replace(/[.:;,\s]+$/, '');
}
