import type { InferenceSession } from 'onnxruntime-node';
import type { Provider } from '../../shared/provider';
import { carelessFusions, withoutFusions } from '../onnx/fusions';
import { weightsOption } from '../onnx/stored-weights';

/**
 * How every session of a canonical graph is opened.
 * @param threads 0: ONNX Runtime's own choice
 */
export function sessionOptions(
  threads: number,
  provider: Provider,
  weightsFolder: string | undefined,
): InferenceSession.SessionOptions {
  return {
    graphOptimizationLevel: 'all',
    enableMemPattern: false,
    logSeverityLevel: 3,
    ...(provider === 'cpu' ? {} : { executionProviders: [provider, 'cpu'] }),
    ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
    extra: { ...withoutFusions(carelessFusions), ...weightsOption(weightsFolder).extra },
  };
}
