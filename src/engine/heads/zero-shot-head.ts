/** A head whose classes are described in words: CLIP's, for any number of phrases. */
import { EngineError } from '../engine-error';
import { buildGraph } from '../onnx/build-graph';
import type { Constant } from '../onnx/constant';
import type { Graph, GraphNode, Port } from '../onnx/graph';
import { GraphView } from '../onnx/graph-view';
import { floatBytes, int64Bytes } from '../onnx/tensor-bytes';
import { ancestors } from '../vit/reach';

/** What a text encoder made of some phrases. */
export interface PhraseEmbeddings {
  /** `[phrases, dim]`, of any length. */
  readonly values: Float32Array;
  readonly phrases: number;
  /** Features that picture and text share. */
  readonly dim: number;
}

const logits = 'zero-shot/logits';

/**
 * A picture encoder with one class a phrase behind it: logit = scale · cos(picture, phrase), whose
 * softmax over the phrases is CLIP's zero-shot classifier (Radford et al. 2021, section 3.1).
 *
 * @param graph canonical; one of its outputs is the picture's embedding, `[1, dim]`
 * @param scale exp of CLIP's learned temperature
 * @returns a canonical graph whose only output is the logits, `[1, phrases]`
 * @throws EngineError `model-not-a-vit` where no output is such an embedding, `model-unreadable`
 * for a phrase without direction
 */
export function attachZeroShotHead(
  graph: Graph,
  embeddings: PhraseEmbeddings,
  scale: number,
): Graph {
  const { dim, phrases } = embeddings;
  const { name: picture } = pictureEmbedding(graph, dim);
  const constants = new Map(graph.constants);
  const constant = (tensor: Constant) => {
    constants.set(tensor.name, tensor);
    return tensor.name;
  };
  const axes = constant({
    name: 'zero-shot/axes',
    type: 'int64',
    dims: [1],
    data: int64Bytes([1]),
  });
  const weight = constant({
    name: 'zero-shot/phrases',
    type: 'float32',
    dims: [phrases, dim],
    data: floatBytes(scaledDirections(embeddings, scale)),
  });
  const head: GraphNode[] = [
    {
      name: 'zero-shot/length',
      op: 'ReduceL2',
      inputs: [picture, axes],
      outputs: ['zero-shot/length'],
      attributes: { keepdims: 1 },
    },
    {
      name: 'zero-shot/direction',
      op: 'Div',
      inputs: [picture, 'zero-shot/length'],
      outputs: ['zero-shot/direction'],
      attributes: {},
    },
    {
      name: 'zero-shot/similarity',
      op: 'Gemm',
      inputs: ['zero-shot/direction', weight],
      outputs: [logits],
      attributes: { transB: 1 },
    },
  ];
  return buildGraph({
    ...graph,
    nodes: [...graph.nodes, ...head],
    constants,
    outputs: [{ name: logits, type: 'float32', dims: [1, phrases] }],
  });
}

/** The output of shape `[1, dim]`; of several, one that no other is computed from. */
function pictureEmbedding(graph: Graph, dim: number): Port {
  const view = new GraphView(graph);
  const candidates = graph.outputs.filter(({ dims }) => dims.join() === `1,${dim}`);
  const last = candidates.find(({ name }) =>
    candidates.every((other) => other.name === name || !ancestors(view, [other.name]).has(name)),
  );
  if (last) return last;
  const given = graph.outputs.map(({ name, dims }) => `“${name}” [${dims.join(', ')}]`).join(', ');
  throw new EngineError(
    'model-not-a-vit',
    `The text encoder gives ${dim} features a phrase, but no output of the picture encoder has the shape [1, ${dim}]; it gives ${given}.`,
    'Take picture and text encoder of one export, both with their projection (image_embeds and text_embeds).',
  );
}

/** Unit vectors times the scale. */
function scaledDirections({ values, phrases, dim }: PhraseEmbeddings, scale: number): Float32Array {
  const scaled = new Float32Array(values.length);
  for (let phrase = 0; phrase < phrases; phrase++) {
    const row = values.subarray(phrase * dim, (phrase + 1) * dim);
    const length = Math.sqrt(row.reduce((sum, value) => sum + value ** 2, 0));
    if (!(length > 0) || !Number.isFinite(length)) {
      throw new EngineError(
        'model-unreadable',
        `The text encoder gave no usable embedding for phrase ${phrase + 1}.`,
        'Take another export of the text encoder.',
      );
    }
    for (const [i, value] of row.entries()) scaled[phrase * dim + i] = (scale * value) / length;
  }
  return scaled;
}
