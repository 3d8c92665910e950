/** Opens the sessions of prepared models and of what is recorded on them. */
import { InferenceSession } from 'onnxruntime-node';
import { refusedByRuntime } from './optimise';

/** ONNX Runtime's words where memory ran out: no fault of the model. */
const noMemory = /bad_alloc|failed to allocate|out of memory/i;

/**
 * @throws EngineError `model-unreadable` or `model-unknown-op` where ONNX Runtime does not take the model;
 * its own error where memory ran out
 */
export async function openSession(
  model: Uint8Array,
  options: InferenceSession.SessionOptions,
): Promise<InferenceSession> {
  try {
    return await InferenceSession.create(model, options);
  } catch (error) {
    if (error instanceof Error && noMemory.test(error.message)) throw error;
    throw refusedByRuntime(error);
  }
}
