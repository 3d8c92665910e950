/** Linear maps that are written as a sum of several of the same input, as fine-tuning by low rank leaves them. */
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { isLayout, isProduct } from '../ops/catalogue';

/** Where a tensor comes from by linear maps alone, and how many weights are on the way. */
interface Source {
  readonly tensor: string;
  readonly weights: number;
}

/**
 * How many sums `x W + (x A) B …` of parallel linear maps of one tensor there are. Together they are one
 * linear map, but relevance passes through each by itself: merged into one weight, the map would differ.
 */
export function countParallelMaps(view: GraphView): number {
  return view.graph.nodes.filter((node) => addsLinearMaps(view, node)).length;
}

function addsLinearMaps(view: GraphView, node: GraphNode): boolean {
  const [a = '', b = '', c = ''] = node.inputs;
  if (node.op === 'Gemm' && c !== '' && !view.constant(c)) {
    const [left, added] = [linearSource(view, a), linearSource(view, c)];
    return view.constant(b) !== undefined && added.weights > 0 && left.tensor === added.tensor;
  }
  if (node.op !== 'Add' || view.constant(a) || view.constant(b)) return false;
  const [one, other] = [linearSource(view, a), linearSource(view, b)];
  return one.weights > 0 && other.weights > 0 && one.tensor === other.tensor;
}

function linearSource(view: GraphView, tensor: string): Source {
  const node = view.producer(tensor);
  const [a = '', b = '', c = ''] = node?.inputs ?? [];
  if (!node) return { tensor, weights: 0 };
  if (isLayout(node)) return linearSource(view, a);
  if (isProduct(node) && view.constant(b)) {
    const source = linearSource(view, a);
    return c === '' || view.constant(c)
      ? { ...source, weights: source.weights + 1 }
      : { tensor, weights: 0 };
  }
  // A bias, or a factor.
  if (node.op === 'Add' || node.op === 'Mul') {
    if (view.constant(b)) return linearSource(view, a);
    if (view.constant(a)) return linearSource(view, b);
  }
  if (node.op === 'Div' && view.constant(b)) return linearSource(view, a);
  if (node.op === 'Add' && addsLinearMaps(view, node)) return linearSource(view, a);
  return { tensor, weights: 0 };
}
