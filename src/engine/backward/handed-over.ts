/** Which tensors leave the forward run, and which are computed again from those. */
import type { Graph, GraphNode } from '../onnx/graph';
import { sizeOf } from '../onnx/tensor-bytes';
import { operatorOf } from '../ops/catalogue';

/**
 * What is handed over: `all` that is not another tensor in another shape, where forward and
 * attribution are one graph, or where the forward run is in float64 and its values count; `costly`,
 * what costs more to compute again; `little`, without what also takes the most memory.
 */
export type HandedOver = 'all' | 'costly' | 'little';

interface Facts {
  readonly isConstant: (tensor: string) => boolean;
  readonly shape: (tensor: string) => readonly number[];
}

/** How many times as many numbers a linear map makes of its input that is not worth their memory. */
const widening = 3;

/** Whether what a node makes is computed again by whoever reads it. */
export function isComputedAgain(
  node: GraphNode,
  handedOver: HandedOver,
  { isConstant, shape }: Facts,
): boolean {
  const { kind, cheap } = operatorOf(node.op);
  if (kind === 'view') return true;
  if (handedOver === 'all') return false;
  if (typeof cheap === 'boolean' ? cheap : cheap(node, isConstant)) return true;
  const [input = '', weight = ''] = node.inputs;
  return (
    handedOver === 'little' &&
    node.op === 'Gemm' &&
    isConstant(weight) &&
    sizeOf(shape(node.outputs[0] ?? '')) > widening * sizeOf(shape(input))
  );
}

/** The tensors that are handed over. */
export function leaving({ nodes, constants, shapes }: Graph, handedOver: HandedOver): string[] {
  const facts = {
    isConstant: (name: string) => constants.has(name),
    shape: (name: string) => shapes.get(name) ?? [],
  };
  return nodes
    .filter((node) => !isComputedAgain(node, handedOver, facts))
    .flatMap(({ outputs }) => outputs.filter((name) => name !== ''));
}
