/** Heads computed one by one and put side by side become one batched attention. */
import type { GraphNode } from '../graph';
import type { GraphView } from '../graph-view';
import type { Rewrite } from '../rewrite';

interface Head {
  readonly product: GraphNode;
  /** A scalar factor between product and softmax, if there is one. */
  readonly scaling: GraphNode | undefined;
  readonly softmax: GraphNode;
  readonly value: string;
}

/**
 * Concat over the features of `softmax(Q_h K_h) V_h` for each head, `[1, T, d]` each, with equal
 * shapes and scales.
 */
export const mergeHeads: Rewrite = (node, view, builder) => {
  if (node.op !== 'Concat' || node.inputs.length < 2) return undefined;
  const [batch, tokens, dim, ...rest] = view.shape(node.outputs[0] ?? '');
  const axis = node.attributes.axis;
  if (batch !== 1 || tokens === undefined || dim === undefined || rest.length > 0) return undefined;
  if (axis !== 2 && axis !== -1) return undefined;
  const heads = node.inputs
    .map((input) => readHead(view, input))
    .filter((head) => head !== undefined);
  const [first] = heads;
  if (!first || heads.length !== node.inputs.length) return undefined;
  if (!heads.every((head) => alike(view, first, head))) return undefined;

  const stacked = (tensors: readonly string[]) =>
    builder.node(
      'Concat',
      tensors.map((tensor) => {
        const dims = view.shape(tensor).slice(-2);
        return builder.node('Reshape', [tensor, builder.ints([1, 1, ...dims])]);
      }),
      { axis: 1 },
    );
  const operand = (i: number) => stacked(heads.map((head) => head.product.inputs[i] ?? ''));
  const product = builder.node(
    first.product.op,
    [operand(0), operand(1)],
    first.product.attributes,
  );
  const { scaling } = first;
  const scores = scaling
    ? builder.node(
        scaling.op,
        scaling.inputs.map((input) => (view.constant(input) ? input : product)),
      )
    : product;
  const attention = builder.node('Softmax', [scores], { axis: -1 });
  const context = builder.node('MatMul', [attention, stacked(heads.map((head) => head.value))]);
  const joined = builder.node('Transpose', [context], { perm: [0, 2, 1, 3] });
  return [builder.node('Reshape', [joined, builder.ints([1, tokens, dim])])];
};

function readHead(view: GraphView, context: string): Head | undefined {
  const weighted = view.producerOf(context, 'MatMul');
  const softmax = view.producerOf(weighted?.inputs[0], 'Softmax');
  const scaling = view.producerOf(softmax?.inputs[0], 'Mul', 'Div');
  const computed = scaling?.inputs.find((input) => view.scalar(input) === undefined);
  const product = view.producerOf(
    scaling ? computed : softmax?.inputs[0],
    'MatMul',
    'com.microsoft.FusedMatMul',
  );
  if (!weighted || !softmax || !product) return undefined;
  return { product, scaling, softmax, value: weighted.inputs[1] ?? '' };
}

function alike(view: GraphView, a: Head, b: Head): boolean {
  const key = (head: Head) =>
    JSON.stringify([
      head.product.op,
      head.product.attributes,
      head.product.inputs.map((input) => view.shape(input)),
      head.scaling?.op,
      head.scaling?.inputs.map((input) => view.scalar(input)),
      view.shape(head.value),
    ]);
  return key(a) === key(b) && view.shape(a.value).length === 3;
}
