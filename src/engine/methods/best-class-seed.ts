/** What stands at the model's numbers when the walk back begins, computed where the numbers are. */
import type { OutputKind } from '../../shared/output-kind';
import type { GraphBuilder } from '../onnx/graph-builder';
import type { Method } from './method';

/** ONNX element types. */
const float32 = 1;
const float64 = 11;

/**
 * `seedFor` of the class that `ranking` puts first, as nodes of a graph: where many images go through
 * a model, nobody waits between its answer and the walk back.
 *
 * @param outputs tensor of one number a class
 * @returns name of a tensor `[1, classes]`
 */
export function bestClassSeed(
  builder: GraphBuilder,
  outputs: string,
  kind: OutputKind,
  seed: NonNullable<Method['seed']>,
): string {
  const classes = builder.sizeOf(outputs);
  const numbers = builder.node('Reshape', [outputs, builder.ints([1, classes])]);
  // Values have no best one.
  const best =
    kind === 'value'
      ? builder.ints([0])
      : builder.node('ArgMax', [numbers], { axis: 1, keepdims: 0 });
  const depth = builder.ints(classes);
  const one = builder.node('OneHot', [best, depth, builder.floats([0, 1])], { axis: 1 });
  if (seed === 'logit') return one;
  const slope = slopeOfProbability(builder, numbers, one, kind);
  return slope === undefined ? one : builder.node('Cast', [slope], { to: float32 });
}

/** In float64: where the model is almost certain, 1 − p is what float32 has lost. */
function slopeOfProbability(
  builder: GraphBuilder,
  numbers: string,
  one: string,
  kind: OutputKind,
): string | undefined {
  const double = (name: string) => builder.node('Cast', [name], { to: float64 });
  const squashed = kind === 'sigmoid' || kind === 'binary' ? 'Sigmoid' : 'Softmax';
  if (kind === 'value' || kind === 'probability') return undefined;
  if (squashed === 'Softmax' && builder.sizeOf(numbers) === 1) return undefined;
  const probabilities = builder.node(squashed, [double(numbers)]);
  const chosen = double(one);
  const own = builder.node('ReduceSum', [
    builder.node('Mul', [probabilities, chosen]),
    builder.ints([1]),
  ]);
  const rest = builder.node('Sub', [chosen, probabilities]);
  const slope = builder.node('Mul', [own, rest]);
  // Of classes that are judged each on its own, only the own number moves the probability.
  return squashed === 'Softmax' ? slope : builder.node('Mul', [slope, chosen]);
}
