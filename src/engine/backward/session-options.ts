import type { InferenceSession } from 'onnxruntime-node';
import type { Provider } from '../../shared/provider';
import { carelessFusions, withoutFusions } from '../onnx/fusions';
import { weightsEntry } from '../onnx/stored-weights';

/**
 * `ample`: sessions stay open, with the weights packed for their products, once for each product that
 * reads them. `scarce`: one session at a time, on the weights as they are mapped into memory, and less
 * handed over.
 */
export type Memory = 'ample' | 'scarce';

/**
 * How every session of a canonical graph is opened.
 * @param threads 0: ONNX Runtime's own choice
 * @param memory where it is scarce, products read the weights as they lie in their file
 */
export function sessionOptions(
  threads: number,
  provider: Provider,
  weightsFolder: string | undefined,
  memory: Memory = 'ample',
): InferenceSession.SessionOptions {
  return {
    graphOptimizationLevel: 'all',
    enableMemPattern: false,
    logSeverityLevel: 3,
    ...(provider === 'cpu' ? {} : { executionProviders: [provider, 'cpu'] }),
    ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
    extra: {
      ...withoutFusions(carelessFusions),
      session: {
        ...weightsEntry(weightsFolder),
        ...(memory === 'scarce' ? { disable_prepacking: '1' } : {}),
      },
    },
  };
}
