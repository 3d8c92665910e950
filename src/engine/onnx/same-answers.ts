/** Whether two models gave the same answers, up to the rounding of float32. */
import type { ModelResults, TensorData } from './model-process';
import { halfToNumber } from './tensor-bytes';

/**
 * The largest difference of a number that both gave, over the spread of the answers in which it
 * stands: a shift that all classes share says nothing. NaN if a number is missing or not finite.
 * @param prepared one picture's outputs at a time; outputs that it lacks are not compared
 */
export function answersDifference(original: ModelResults, prepared: ModelResults): number {
  let largest = 0;
  for (const name of floatOutputs(prepared)) {
    const pairs = prepared.map((outputs, i) => {
      const found = numbers(outputs[name]);
      // A batch of one picture repeated: its first row.
      return { found, expected: numbers(original[i]?.[name]).slice(0, found.length) };
    });
    const scale = Math.max(...pairs.map(({ expected }) => spread(expected)));
    for (const { found, expected } of pairs) {
      if (expected.length !== found.length) return NaN;
      for (const [i, value] of expected.entries()) {
        const difference = Math.abs((found[i] ?? NaN) - value);
        if (!Number.isFinite(difference)) return NaN;
        if (difference > 0) largest = Math.max(largest, difference / scale);
      }
    }
  }
  return largest;
}

/** Whether every number of every float output is one. */
export function isFiniteThroughout(results: ModelResults): boolean {
  return results.every((outputs) =>
    floatOutputs([outputs]).every((name) => numbers(outputs[name]).every(Number.isFinite)),
  );
}

function floatOutputs([outputs = {}]: ModelResults): string[] {
  return Object.keys(outputs).filter((name) => outputs[name]?.type.startsWith('float') ?? false);
}

function numbers(tensor: TensorData | undefined): Float64Array {
  if (tensor?.type === 'float16' && tensor.data instanceof Uint16Array)
    return Float64Array.from(tensor.data, halfToNumber);
  return Float64Array.from((tensor?.data ?? []) as Float32Array);
}

/** How far the values lie from their mean, at most; of a single one, how far from zero. */
function spread(values: Float64Array): number {
  const mean =
    values.length > 1 ? values.reduce((sum, value) => sum + value, 0) / values.length : 0;
  return values.reduce((most, value) => Math.max(most, Math.abs(value - mean)), 0);
}
