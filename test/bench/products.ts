/** What a method would cost if only matrix products took time. */
import { attributionModel } from '../../src/engine/backward/attribution-model';
import { classAxisPlaceholder } from '../../src/engine/backward/tape';
import { Attribution } from '../../src/engine/methods/attribution';
import { methodOf } from '../../src/engine/methods/catalogue';
import type { Graph } from '../../src/engine/onnx/graph';
import type { VitStructure } from '../../src/engine/vit/structure';

/** Multiply-adds of the matrix products of the forward run and of a method for K classes, in 1e9. */
export function products({ graph, structure }: { graph: Graph; structure: VitStructure }): {
  forward: number;
  of: (id: string, k: number) => number;
} {
  const count = (
    nodes: readonly { op: string; inputs: readonly string[]; outputs: readonly string[] }[],
    shape: (name: string) => readonly number[],
    k: number,
  ) => {
    let total = 0;
    for (const { op, inputs, outputs } of nodes) {
      const size = (dims: readonly number[]) => dims.reduce((product, dim) => product * dim, 1);
      const [a = '', b = ''] = inputs;
      const out = size(shape(outputs[0] ?? ''));
      const classes = (amount: number) =>
        amount % classAxisPlaceholder === 0 ? (amount / classAxisPlaceholder) * k : amount;
      if (['Gemm', 'MatMul', 'com.microsoft.FusedMatMul'].includes(op)) {
        const columns = shape(outputs[0] ?? '').at(-1) ?? 1;
        const [, ...matrix] = shape(b).slice(-3);
        const depth = size(shape(b).length > 2 ? matrix : shape(b)) / columns;
        total += classes(out) * depth;
      } else if (op === 'Conv') {
        total += out * size(shape(b).slice(1));
      } else if (op === 'ConvTranspose') {
        total += classes(size(shape(a))) * size(shape(b).slice(1));
      }
    }
    return total / 1e9;
  };
  const shapes = (name: string) => graph.shapes.get(name) ?? [];
  return {
    forward: count(graph.nodes, shapes, 1),
    of: (id, k) => {
      const attribution = new Attribution(graph, structure, 'costly');
      const output = methodOf(id).record(attribution, {});
      const { nodes } = attributionModel(attribution.tape, output);
      return count(nodes, (name) => attribution.tape.shape(name), k);
    },
  };
}
