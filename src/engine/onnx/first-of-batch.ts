/** A model that was exported for several pictures at once, as a model of one. */
import { EngineError } from '../engine-error';
import { operatorOf } from '../ops/catalogue';
import { followBatch, type BatchAxis } from './batch-axis';
import { buildGraph } from './build-graph';
import type { Constant } from './constant';
import type { Graph, GraphNode } from './graph';
import { GraphView } from './graph-view';
import { elementSize, int64Bytes, sizeOf } from './tensor-bytes';

/**
 * The same computation of the first picture alone. The pictures are followed through every node, so that the
 * batch goes out of all shapes and constants that have it baked in, whichever number it is.
 * @param batch pictures in the graph's input, more than one
 * @throws EngineError `model-not-a-vit` if the pictures of a batch are mixed.
 */
export function firstOfBatch(graph: Graph, batch: number): Graph {
  const constants = new Map(graph.constants);
  const view = new GraphView(graph);
  const axes = followBatch(view, batch, (node) => {
    throw mixed(node, batch);
  });
  const added = (name: string, values: readonly number[]) => {
    constants.set(name, { name, type: 'int64', dims: [values.length], data: int64Bytes(values) });
    return name;
  };
  const nodes = graph.nodes.map((node): GraphNode => {
    const [output = ''] = node.outputs;
    const behind = axes.get(output);
    if (!behind) return node;
    const dims = view.shape(output).map((dim, i) => (i === behind.axis ? dim / batch : dim));
    const { kind, integers } = operatorOf(node.op);
    // Layout changes all become a Reshape to the shape of one picture.
    if (kind === 'view') {
      return {
        ...node,
        op: 'Reshape',
        inputs: [node.inputs[0] ?? '', added(`${output}/one/shape`, dims)],
        attributes: {},
      };
    }
    // A target shape is a constant with the batch in it.
    const target = integers.shape ?? integers.sizes;
    const inputs = node.inputs.map((input, i) => {
      const constant = constants.get(input);
      if (!constant) return input;
      if (i === target && sizeOf(constant.dims) === dims.length)
        return added(`${output}/one/shape`, dims);
      const one = ofFirst(node, i, constant, behind, view.shape(output), batch);
      if (one === constant) return input;
      const name = `${input}/one/${output}`;
      constants.set(name, { ...one, name });
      return name;
    });
    return { ...node, inputs };
  });
  const inputs = graph.inputs.map((port) => ({ ...port, dims: [1, ...port.dims.slice(1)] }));
  return buildGraph({ ...graph, nodes, constants, inputs });
}

/**
 * The part of a constant that belongs to the first picture, e.g. of a class token stretched over the batch.
 * Weights and what a node is told beside its data are no tensors of every picture.
 */
function ofFirst(
  { op, attributes }: GraphNode,
  input: number,
  constant: Constant,
  { axis, inner }: BatchAxis,
  to: readonly number[],
  batch: number,
): Constant {
  const { role, integers } = operatorOf(op);
  const isParameter = role === 'convolution' || Object.values(integers).includes(input);
  if (isParameter || attributes.transBatchA || attributes.transBatchB) return constant;
  const own = axis - to.length + constant.dims.length;
  const dim = constant.dims[own];
  if (
    dim === undefined ||
    dim !== to[axis] ||
    (role === 'product' && own >= constant.dims.length - 2)
  )
    return constant;
  const run = inner * sizeOf(constant.dims.slice(own + 1)) * elementSize[constant.type];
  const { name, type, data } = constant;
  const parts: Uint8Array[] = [];
  for (let at = 0; at < data.byteLength; at += run * batch) parts.push(data.subarray(at, at + run));
  const dims = constant.dims.map((size, i) => (i === own ? size / batch : size));
  return { name, type, dims, data: new Uint8Array(Buffer.concat(parts)) };
}

function mixed({ op, name }: GraphNode, batch: number): EngineError {
  return new EngineError(
    'model-not-a-vit',
    `The model takes ${batch} pictures at once and does not keep them apart (at ${op} “${name}”), so it cannot be explained for one.`,
    'Export the model for one picture, or with an open batch.',
  );
}
