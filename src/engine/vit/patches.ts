/** Where the picture becomes patches, and where these stand among the tokens. */
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { notAVit } from './not-a-vit';
import { patchesOfTokens } from './patch-order';
import { requireWholePicture } from './patch-places';
import { ancestors, descendants } from './reach';

export interface Patches {
  /** Name of the node that embeds the patches. */
  readonly node: string;
  readonly grid: readonly [rows: number, columns: number];
  /** Tokens before the first patch. */
  readonly prefixTokens: number;
}

/**
 * The patch embedding between the picture and the first block: the last convolution on the way, or
 * a Reshape that cuts the picture into patches.
 * @param stream input of the first block, `[1, T, D]`.
 * @throws EngineError `model-not-a-vit` if there is neither, or if the tokens are not some others
 * followed by the patches row by row.
 */
export function findPatches(view: GraphView, pixels: string, stream: string): Patches {
  const fromPixels = descendants(view, [pixels]);
  const toBlocks = ancestors(view, [stream]);
  const between = view.graph.nodes.filter((node) =>
    node.outputs.some((output) => fromPixels.has(output) && toBlocks.has(output)),
  );
  const convolution = between.findLast((node) => node.op === 'Conv');
  const node = convolution ?? between.find((candidate) => cutsIntoPatches(view, candidate));
  if (!node)
    throw notAVit('no patch embedding (a convolution, or cutting into patches) was found.');

  const tensor = node.outputs[0] ?? '';
  const [rowAxis, columnAxis] = [2, convolution ? 3 : 4];
  const dims = view.shape(tensor);
  const [rows, columns] = [dims[rowAxis], dims[columnAxis]];
  if (rows === undefined || columns === undefined)
    throw notAVit(`the patch convolution “${node.name}” does not work on a picture.`);
  requireWholePicture(view, pixels, { tensor, rowAxis, columnAxis });
  const order = patchesOfTokens(view, { tensor, rowAxis, columnAxis }, stream);
  const prefixTokens = order.indexOf(0);
  const inOrder = order.every((patch, token) => patch === Math.max(-1, token - prefixTokens));
  if (prefixTokens === -1 || !inOrder || order.length !== prefixTokens + rows * columns) {
    throw notAVit(
      `its ${order.length} tokens are not the ${rows}×${columns} patches of “${node.name}”, row by row ` +
        'behind any class tokens.',
    );
  }
  return { node: node.name, grid: [rows, columns], prefixTokens };
}

/** A Reshape `[1, C, H, W] → [1, C, rows, h, columns, w]`. */
function cutsIntoPatches(view: GraphView, node: GraphNode): boolean {
  if (node.op !== 'Reshape') return false;
  const from = view.shape(node.inputs[0] ?? '');
  const [batch, channels, rows, height, columns, width, ...rest] = view.shape(
    node.outputs[0] ?? '',
  );
  if (from.length !== 4 || width === undefined || rest.length > 0) return false;
  return (
    batch === from[0] &&
    channels === from[1] &&
    (rows ?? 0) * (height ?? 0) === from[2] &&
    (columns ?? 0) * width === from[3]
  );
}
