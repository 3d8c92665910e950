/** A model with the same parts that has learned nothing in some of them. */
import { seededRandom, shuffled } from '../../shared/random';
import type { Constant } from '../onnx/constant';
import type { Graph, GraphNode } from '../onnx/graph';
import { asFloat32, floatBytes, sizeOf } from '../onnx/tensor-bytes';
import { operatorOf } from '../ops/catalogue';
import { descendants } from '../vit/reach';
import type { VitStructure } from '../vit/structure';

/**
 * Shuffles the weights of every linear map and norm behind the input of a block, each tensor in
 * itself: their scale stays, what they know goes.
 * @param fromBlock the first block that is shuffled, 0 … the number of blocks: the head alone
 */
export function withShuffledWeights(
  graph: Graph,
  { blocks, logits }: Pick<VitStructure, 'blocks' | 'logits'>,
  fromBlock: number,
  seed: number,
): Graph {
  const start = blocks[fromBlock]?.input ?? blocks.at(-1)?.output ?? logits;
  const behind = descendants({ graph }, [start]);
  const random = seededRandom(seed);
  const constants = new Map(graph.constants);
  const shapes = new Map(graph.shapes);
  const shuffledName = (name: string): string => {
    const constant = graph.constants.get(name);
    if (constant === undefined || !hasWeights(constant)) return name;
    const own = `${name}/shuffled`;
    if (!constants.has(own)) {
      constants.set(own, { ...shuffledConstant(constant, random), name: own });
      shapes.set(own, constant.dims);
    }
    return own;
  };
  const nodes = graph.nodes.map((node) =>
    isLayer(node) && node.outputs.some((output) => behind.has(output) && output !== start)
      ? { ...node, inputs: node.inputs.map(shuffledName) }
      : node,
  );
  const read = new Set(nodes.flatMap(({ inputs }) => inputs));
  for (const name of constants.keys()) if (!read.has(name)) constants.delete(name);
  return { ...graph, nodes, constants, shapes };
}

function isLayer({ op }: GraphNode): boolean {
  const role = operatorOf(op).role;
  return role === 'product' || role === 'convolution' || role === 'norm';
}

function hasWeights({ type, dims }: Constant): boolean {
  return type === 'float32' && sizeOf(dims) > 1;
}

function shuffledConstant(constant: Constant, random: () => number): Constant {
  const values = asFloat32(constant);
  const order = shuffled(values.length, random);
  const { type, dims, name } = constant;
  return {
    name,
    type,
    dims,
    data: floatBytes(Float32Array.from(order, (from) => values[from] ?? 0)),
  };
}
