/** Writes a forward graph to two files, its weights one after the other; neither is used before both are in place. */
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import type { ForwardModel } from './build-forward';
import { placed, type ForwardGraph } from './forward-graph';
import { writeWithNote } from '../../cache/noted-files';
import { EngineError } from '../../engine-error';
import { writeAt } from '../../files/write-at';
import { floatBytes } from '../../onnx/tensor-bytes';

/** The files of a model: with its weights, which may be more than a protobuf message holds, beside it. */
export function forwardFiles(onnxPath: string): readonly [weights: string, onnx: string] {
  const { dir, name } = path.parse(onnxPath);
  return [path.join(dir, `${name}.weights`), onnxPath];
}

/** @throws EngineError `cache-unwritable` if the folder can't be written or the disk is full */
export async function writeForward(model: ForwardModel, onnxPath: string): Promise<void> {
  const { graph, input, output } = model;
  const [weights, onnx] = forwardFiles(onnxPath);
  const header = graph.header(input, output, path.basename(weights));
  try {
    await writeWithNote([
      { path: weights, write: (file) => writeWeights(file, graph) },
      { path: onnx, write: (file) => file.writeFile(header) },
    ]);
  } catch (cause) {
    throw isSystemError(cause) ? unwritable(onnxPath, cause) : cause;
  }
}

async function writeWeights(file: FileHandle, graph: ForwardGraph): Promise<void> {
  for (const { weight, offset } of placed(graph.weights))
    await writeAt(file, floatBytes(await weight.load()), offset);
}

function isSystemError(cause: unknown): cause is NodeJS.ErrnoException {
  return cause instanceof Error && 'syscall' in cause;
}

function unwritable(filePath: string, cause: NodeJS.ErrnoException): EngineError {
  return new EngineError(
    'cache-unwritable',
    `The model could not be written to ${path.dirname(filePath)}: ${cause.message}.`,
    'Make room on the disk or choose another cache folder.',
    { cause },
  );
}
