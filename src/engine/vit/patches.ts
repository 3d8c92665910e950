/** Where the picture becomes patches, and in which order they stand among the tokens. */
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { notAVit } from './not-a-vit';
import { ancestors, descendants } from './reach';

export interface Patches {
  /** Name of the node that embeds the patches. */
  readonly node: string;
  readonly grid: readonly [rows: number, columns: number];
}

/**
 * The patch embedding between the picture and the first block: the last convolution on the way, or
 * a Reshape that cuts the picture into patches.
 * @throws EngineError `model-not-a-vit` if there is neither.
 */
export function findPatches(view: GraphView, pixels: string, firstInput: string): Patches {
  const fromPixels = descendants(view, [pixels]);
  const toBlocks = ancestors(view, [firstInput]);
  const between = view.graph.nodes.filter(
    (node) =>
      fromPixels.has(node.outputs[0] ?? '') && node.outputs.some((output) => toBlocks.has(output)),
  );
  const convolution = between.findLast((node) => node.op === 'Conv');
  if (convolution) {
    const [, , rows, columns] = view.shape(convolution.outputs[0] ?? '');
    if (rows === undefined || columns === undefined)
      throw notAVit(`the patch convolution “${convolution.name}” does not work on a picture.`);
    return { node: convolution.name, grid: [rows, columns] };
  }
  const cut = between.find((node) => node.op === 'Reshape' && cutGrid(view, node) !== undefined);
  const grid = cut && cutGrid(view, cut);
  if (!cut || !grid)
    throw notAVit('no patch embedding (a convolution, or cutting into patches) was found.');
  return { node: cut.name, grid };
}

/** The grid of a Reshape `[1, C, H, W] → [1, C, rows, p, columns, q]`. */
function cutGrid(view: GraphView, node: GraphNode): readonly [number, number] | undefined {
  const from = view.shape(node.inputs[0] ?? '');
  const to = view.shape(node.outputs[0] ?? '');
  const [rows, height, columns, width] = to.slice(-4);
  if (from.length !== 4 || to.length !== 6) return undefined;
  if (rows === undefined || columns === undefined || height === undefined || width === undefined)
    return undefined;
  return rows * height === from[2] && columns * width === from[3] ? [rows, columns] : undefined;
}
