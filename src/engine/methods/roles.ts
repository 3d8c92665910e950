/** Which products are a block's scores and its weighted sum. */
import type { ProductRole } from '../backward/rule';
import type { Graph } from '../onnx/graph';
import { isProduct } from '../ops/catalogue';
import type { VitStructure } from '../vit/structure';

/** Tensor to role, for every block and for a readout that is attention itself. */
export function rolesOf(graph: Graph, structure: VitStructure): Map<string, ProductRole> {
  const roles = new Map<string, ProductRole>();
  const name = (tensor: string | undefined, role: ProductRole) => {
    if (tensor !== undefined) roles.set(tensor, role);
  };
  for (const { scores, context } of structure.blocks) {
    // Scores may be named behind their scaling.
    name(productBehind(graph, scores), 'scores');
    name(productBehind(graph, context), 'context');
  }
  const { readout } = structure;
  if (readout.kind === 'attention-pool') {
    name(productBehind(graph, readout.attention), 'scores');
    name(productAhead(graph, readout.attention), 'context');
  }
  return roles;
}

/** The nearest product that a tensor is made from, along what is computed: a bias may come first. */
function productBehind(graph: Graph, tensor: string): string | undefined {
  const node = graph.nodes.find(({ outputs }) => outputs.includes(tensor));
  if (!node) return undefined;
  if (isProduct(node)) return tensor;
  const computed = node.inputs.find((input) =>
    graph.nodes.some(({ outputs }) => outputs.includes(input)),
  );
  return computed === undefined ? undefined : productBehind(graph, computed);
}

/** The first product that reads a tensor, perhaps in another shape. */
function productAhead(graph: Graph, tensor: string): string | undefined {
  const reached = new Set([tensor]);
  for (const node of graph.nodes) {
    if (!node.inputs.some((name) => reached.has(name))) continue;
    if (isProduct(node)) return node.outputs[0];
    for (const name of node.outputs) reached.add(name);
  }
  return undefined;
}
