/** Whether what a picture's answer consists of are numbers, and if not, why. */
import { Tensor } from 'onnxruntime-node';
import { sessionOptions } from './backward/session-options';
import { EngineError } from './engine-error';
import { notFiniteAmong } from './not-finite';
import { encodeGraph } from './onnx/encode-graph';
import { findNotFinite } from './onnx/find-not-finite';
import type { Graph, GraphNode } from './onnx/graph';
import { openSession } from './onnx/open-session';
import { storedFolder } from './onnx/stored-weights';
import type { VitStructure } from './vit/structure';

/**
 * @param pixels `[1, 3, H, W]`, what the model was given
 * @throws EngineError `not-finite`, which says where that first appears
 */
export async function checkLogits(
  graph: Graph,
  structure: VitStructure,
  pixels: Float32Array,
  logits: Float32Array,
): Promise<void> {
  const kind = notFiniteAmong(logits);
  if (kind === undefined) return;
  const given = notFiniteAmong(pixels);
  if (given !== undefined) {
    throw new EngineError(
      'not-finite',
      `The picture holds ${given} before the model sees it.`,
      'Check the picture, and the mean and the deviation of the model’s preprocessing.',
    );
  }
  const found = await firstNotFinite(graph, structure, pixels);
  throw new EngineError(
    'not-finite',
    `The model’s answer to this picture is not made of numbers: ${found ?? `${kind} appears in its logits`}.`,
    'Try another picture; if that fails as well, export the model again, in float32.',
  );
}

/**
 * @param maps of an image whose logits are finite
 * @throws EngineError `not-finite`
 */
export async function checkMaps(
  graph: Graph,
  structure: VitStructure,
  pixels: Float32Array,
  maps: Float32Array,
  method: string,
): Promise<void> {
  const kind = notFiniteAmong(maps);
  if (kind === undefined) return;
  const found = await firstNotFinite(graph, structure, pixels);
  const forward = found === undefined ? '' : ` (forward, ${found})`;
  throw new EngineError(
    'not-finite',
    `The map of ${method} is not made of numbers: ${kind} arises on the way back through the model${forward}.`,
    'Choose another method, or another picture.',
  );
}

/** For a person: `NaN first appears in block 3 of 12, behind a Softmax`. */
async function firstNotFinite(
  graph: Graph,
  structure: VitStructure,
  pixels: Float32Array,
): Promise<string | undefined> {
  const options = sessionOptions(0, 'cpu', storedFolder(graph));
  const image = new Tensor('float32', pixels, [1, 3, ...structure.inputSize]);
  const found = await findNotFinite(encodeGraph(graph, 'beside'), async (model) => {
    const session = await openSession(model, options);
    try {
      return [await session.run({ [structure.pixels]: image })];
    } finally {
      await session.release();
    }
  });
  return (
    found &&
    `${found.kind} first appears ${placeOf(found.node, graph, structure)}, behind ${found.node.op}`
  );
}

function placeOf({ outputs }: GraphNode, graph: Graph, { blocks }: VitStructure): string {
  const indexOf = (tensor: string | undefined) =>
    graph.nodes.findIndex((node) => tensor !== undefined && node.outputs.includes(tensor));
  const at = indexOf(outputs[0]);
  const begun = blocks.filter(({ input }) => indexOf(input) < at).length;
  if (begun === 0) return 'before the first block';
  if (at > indexOf(blocks.at(-1)?.output)) return 'behind the last block';
  return `in block ${begun} of ${blocks.length}`;
}
