/** The classification head in words. */
import { exactGeluOp } from '../onnx/rewrites/gelu';
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { rmsNormOp } from '../onnx/rewrites/rms-norm';
import { isProduct } from '../ops/catalogue';
import { ancestors, descendants } from './reach';

const words: ReadonlyMap<string, string> = new Map([
  ['BatchNormalization', 'BatchNorm'],
  ['Gelu', 'GELU'],
  [exactGeluOp, 'GELU'],
  ['LayerNormalization', 'LayerNorm'],
  ['LpNormalization', 'L2 norm'],
  ['ReduceL2', 'L2 norm'],
  ['Relu', 'ReLU'],
  [rmsNormOp, 'RMSNorm'],
  ['Tanh', 'tanh'],
  ['com.microsoft.QuickGelu', 'QuickGELU'],
]);

/** What stands between the last block and the logits, e.g. `LayerNorm, Linear 192 → 1000`. */
export function headInWords(view: GraphView, stream: string, logits: string): string {
  const behind = descendants(view, [stream]);
  const before = ancestors(view, [logits]);
  const steps = view.graph.nodes
    .filter(
      (node) =>
        node.inputs.some((input) => behind.has(input)) &&
        node.outputs.some((output) => before.has(output)),
    )
    .map((node) => stepInWords(view, node))
    .filter((step) => step !== undefined);
  return steps.length === 0 ? 'none' : steps.join(', ');
}

function stepInWords(view: GraphView, node: GraphNode): string | undefined {
  if (!isProduct(node)) return words.get(node.op);
  const data = node.inputs.slice(0, 2).filter((input) => !view.constant(input));
  const [features] = data;
  if (features === undefined || data.length > 1) return undefined;
  // A picture's features may stand in a row or, with text features on the left, in a column.
  return `Linear ${width(view, features)} → ${width(view, node.outputs[0] ?? '')}`;
}

function width(view: GraphView, tensor: string): number {
  const dims = view.shape(tensor);
  return (dims.at(-1) === 1 ? dims.at(-2) : dims.at(-1)) ?? 0;
}
