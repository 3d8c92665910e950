/** Whether each patch's token, at the first block, comes from that patch's pixels alone. */
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { movementOf } from '../ops/movement-of';
import { ancestors, descendants } from '../vit/reach';
import type { VitStructure } from '../vit/structure';

/**
 * True where the picture goes place by place to the node that cuts it, and that takes each pixel
 * once. Then the tokens of a picture with other patches in it are those patches' own tokens. Behind
 * that node patches are never mixed before the first block (`patchesOfTokens`).
 */
export function patchesAreLocal(view: GraphView, structure: VitStructure): boolean {
  const { pixels, patchNode, inputSize, grid } = structure;
  const node = view.graph.nodes.find(({ name }) => name === patchNode);
  if (!node) return false;
  const fromPixels = descendants(view, [pixels]);
  const toPatches = ancestors(view, node.inputs);
  const between = view.graph.nodes.filter(({ outputs }) =>
    outputs.some((name) => fromPixels.has(name) && toPatches.has(name)),
  );
  return between.every((one) => keepsPlaces(view, one)) && cutsOnce(view, node, inputSize, grid);
}

/** Of height and width; channels may change places. */
function keepsPlaces(view: GraphView, node: GraphNode): boolean {
  return node.outputs.every((_, i) =>
    movementOf(node, i, view)?.every((move) => {
      if (move.kind === 'elementwise' || move.kind === 'permuted') return true;
      return (move.kind === 'taken' || move.kind === 'joined') && move.to[move.axis] === 3;
    }),
  );
}

function cutsOnce(
  view: GraphView,
  { op, inputs, attributes }: GraphNode,
  [height, width]: VitStructure['inputSize'],
  [rows, columns]: VitStructure['grid'],
): boolean {
  if (op !== 'Conv') return true;
  const [, , kernelHeight = 0, kernelWidth = 0] = view.shape(inputs[1] ?? '');
  const { strides = [], pads = [], dilations = [], auto_pad: automatic = 'NOTSET' } = attributes;
  return (
    strides[0] === kernelHeight &&
    strides[1] === kernelWidth &&
    rows * kernelHeight === height &&
    columns * kernelWidth === width &&
    pads.every((pad) => pad === 0) &&
    dilations.every((dilation) => dilation === 1) &&
    automatic !== 'SAME_UPPER' &&
    automatic !== 'SAME_LOWER'
  );
}
