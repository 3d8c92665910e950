/**
 * What a weights file tells about itself without being loaded: the names inside, and what an ONNX
 * graph says about its pictures. Only the headers of its parts are read, so 350 MB cost a few milliseconds.
 */
import path from 'node:path';
import { openRegular } from '../engine/files/regular-file';
import { inputFacts } from '../engine/onnx/input-facts';
import type { InputNormalisation } from '../engine/onnx/input-normalisation';
import type { LikelySize } from '../engine/onnx/likely-size';
import { readSkeleton } from '../engine/onnx/skeleton';

export interface WeightEvidence {
  /** Names of tensors and nodes as they stand in the file, run together. */
  readonly names: string;
  /** Height and width of the declared image input; undefined where free or not known. */
  readonly input: readonly [height: number, width: number] | undefined;
  /** The size that an ONNX file's position embedding was made for, where the file declares none. */
  readonly likely?: LikelySize | undefined;
  /** What an ONNX graph itself does to the values of its pictures. */
  readonly normalisation?: InputNormalisation | undefined;
}

/** Bytes of names that are enough to recognise any family. */
const enoughNames = 1 << 20;

export async function readWeightEvidence(file: string): Promise<WeightEvidence> {
  if (path.extname(file).toLowerCase() === '.onnx') return onnxEvidence(file);
  const handle = await openRegular(file);
  try {
    // safetensors begins with its JSON header, a zip checkpoint with its uncompressed pickle.
    const head = Buffer.alloc(Math.min((await handle.stat()).size, enoughNames));
    await handle.read(head, 0, head.length, 0);
    return { names: head.toString('latin1'), input: undefined };
  } finally {
    await handle.close();
  }
}

function onnxEvidence(file: string): WeightEvidence {
  const graph = readSkeleton(file);
  if (graph === undefined) {
    // A damaged file is the engine's to report, with the reason; here it only tells nothing.
    return { names: '', input: undefined };
  }
  const names = [
    ...graph.node.flatMap(({ name, input, output }) => [name, ...input, ...output]),
    ...graph.initializer.map(({ name }) => name),
  ].join('\n');
  const { size, likely, normalisation } = inputFacts(graph);
  return { names, input: size, likely, normalisation };
}
