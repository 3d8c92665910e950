/** Which output of a model gives its classes. */
import type { Port } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { sizeOf } from '../onnx/tensor-bytes';
import { notAVit } from '../vit/not-a-vit';
import { ancestors } from '../vit/reach';
import { decided, tailOf, tensorsOf } from './tail';

export interface ClassOutput {
  readonly port: Port;
  /** Outputs that are computed from it without further weights: probabilities, a choice. */
  readonly derived: readonly Port[];
}

/** Words by which exporters name what classifies, where an embedding or another task stands beside it. */
const classifying = /logit|prob|class|score|pred/i;

const moving: ReadonlySet<string> = new Set([
  'Flatten',
  'Identity',
  'Reshape',
  'Squeeze',
  'Unsqueeze',
]);

/** The tensor whose numbers an output gives, perhaps in another shape. */
export function sourceOf(view: GraphView, tensor: string): string {
  const node = view.producer(tensor);
  return node && moving.has(node.op) ? sourceOf(view, node.inputs[0] ?? '') : tensor;
}

/**
 * The output that gives one number a class. Of several, what is derived from another without weights
 * is left out, then what another is computed from (an embedding), then those whose name does not say
 * it.
 * @throws EngineError `model-not-a-vit`
 */
export function classOutput(view: GraphView): ClassOutput {
  const { outputs } = view.graph;
  const vectors = outputs.filter(
    ({ dims, type }) =>
      type === 'float32' && ((dims.length === 2 && dims[0] === 1) || sizeOf(dims) === 1),
  );
  const tails = new Map(vectors.map((port) => [port.name, tailOf(view, port.name)]));
  const passes = (one: Port, other: Port) => {
    const source = sourceOf(view, one.name);
    // Of two names of one tensor the first counts.
    if (source === sourceOf(view, other.name)) return vectors.indexOf(one) < vectors.indexOf(other);
    const tail = tails.get(other.name);
    return tail !== undefined && tensorsOf(tail).includes(source);
  };
  const own = vectors.filter((port) => !vectors.some((other) => passes(other, port)));
  // What lies behind a decision is refused only where nothing else is there.
  const scores = own.filter(({ name }) => {
    const tail = tails.get(name);
    return tail && !decided(tail).has(name);
  });
  const among = scores.length > 0 ? scores : own;
  const several = among.filter(({ dims }) => sizeOf(dims) > 1);
  // A single number is a class too, e.g. the similarity to one phrase.
  const candidates = several.length > 0 ? several : among;
  const ends = candidates.filter(({ name }) =>
    candidates.every((other) => other.name === name || !ancestors(view, [other.name]).has(name)),
  );
  const named = ends.filter(({ name }) => classifying.test(name));
  const [port, another] = named.length > 0 ? named : ends;
  if (port && !another) return { port, derived: vectors.filter((other) => passes(port, other)) };
  const given = outputs.map(({ name, dims }) => `“${name}” [${dims.join(', ')}]`).join(', ');
  if (port) {
    throw notAVit(
      `several of its outputs could give the classes: ${given}.`,
      'Export the model with the one output that is to be explained, or name it “logits”.',
    );
  }
  throw notAVit(
    `no output has the shape [1, classes]; it gives ${given}.`,
    'Choose a model with a classification head; for a backbone that gives features, attach a head first.',
  );
}
