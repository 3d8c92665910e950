/** By operator, how elements move through it. */
import type { GraphNode } from '../../onnx/graph';
import type { Dims, Move, Moves } from '../movement';
import { accumulated, alongLastAxes, alongOneAxis, alongPlaces, skipNorm } from './along';
import { choice, elementwise, elementwiseOfFirst, product, quotient, sum } from './elementwise';
import { concatenated, flat, gathered, sliced, split, tiled, transposed } from './layout';
import { attention, einsum, linear, matrixProduct } from './product';
import * as reduction from './reduction';
import { convolution, padded, pool, resized } from './window';

function all(moves: Moves, ...ops: readonly string[]): [string, Moves][] {
  return ops.map((op) => [op, moves]);
}

const table: ReadonlyMap<string, Moves> = new Map([
  ...all(
    elementwise,
    ...['Abs', 'And', 'Cast', 'Ceil', 'Celu', 'Clip', 'Elu', 'Equal', 'Erf', 'Exp', 'Floor'],
    ...['Gelu', 'Greater', 'GreaterOrEqual', 'HardSigmoid', 'HardSwish', 'Identity', 'IsInf'],
    ...['IsNaN', 'LeakyRelu', 'Less', 'LessOrEqual', 'Log', 'Max', 'Mean', 'Min', 'Mish', 'Mod'],
    ...['Neg', 'Not', 'Or', 'PRelu', 'Pow', 'Reciprocal', 'Relu', 'Round', 'Sigmoid', 'Sign'],
    ...['Softplus', 'Sqrt', 'Sub', 'Tanh', 'Xor', 'com.microsoft.BiasGelu'],
    ...['com.microsoft.FastGelu', 'com.microsoft.Gelu', 'com.microsoft.QuickGelu'],
  ),
  ...all(sum, 'Add', 'Sum'),
  ...all(product, 'Mul'),
  ...all(quotient, 'Div'),
  ...all(choice, 'Trilu', 'Where'),
  ...all(elementwiseOfFirst, 'BatchNormalization', 'Dropout', 'Expand'),
  ...all(flat, 'Flatten', 'Reshape', 'Squeeze', 'Unsqueeze'),
  ...all(transposed, 'Transpose'),
  ...all(concatenated, 'Concat'),
  ...all(split, 'Split'),
  ...all(sliced, 'Slice'),
  ...all(gathered, 'Gather'),
  ...all(tiled, 'Tile'),
  ...all(
    alongLastAxes,
    ...['LayerNormalization', 'LogSoftmax', 'RMSNormalization', 'Softmax'],
    'SimplifiedLayerNormalization',
  ),
  ...all(alongOneAxis, 'LpNormalization'),
  ...all(accumulated, 'CumSum'),
  ...all(alongPlaces, 'InstanceNormalization'),
  ...all(skipNorm, 'com.microsoft.SkipLayerNormalization'),
  ...all(reduction.mean, 'ReduceMean'),
  ...all(reduction.sum, 'ReduceSum'),
  ...all(
    reduction.reduced,
    ...['ReduceL1', 'ReduceL2', 'ReduceLogSumExp', 'ReduceMax', 'ReduceMin', 'ReduceProd'],
    'ReduceSumSquare',
  ),
  ...all(reduction.meanOfPlaces, 'GlobalAveragePool'),
  ...all(reduction.placeAlongAxis, 'ArgMax', 'ArgMin'),
  ...all(reduction.sorted, 'TopK'),
  ...all(reduction.byPicture, 'ConvTranspose', 'com.microsoft.Attention'),
  ...all(attention, 'Attention', 'com.microsoft.MultiHeadAttention'),
  ...all(matrixProduct, 'MatMul', 'com.microsoft.FusedMatMul'),
  ...all(linear, 'Gemm'),
  ...all(einsum, 'Einsum'),
  ...all(convolution, 'Conv'),
  ...all(pool, 'AveragePool', 'MaxPool'),
  ...all(resized, 'Resize'),
  ...all(padded, 'Pad'),
]);

/** What is known around a node. */
export interface Surroundings {
  shape(tensor: string): Dims;
  numbers(tensor: string | undefined): readonly number[] | undefined;
}

/** The moves by which a node makes one of its outputs; undefined where they are not known. */
export function movementOf(
  node: GraphNode,
  output: number,
  around: Surroundings,
): readonly Move[] | undefined {
  const outputs = node.outputs.map((name) => around.shape(name));
  return table.get(node.op)?.({
    node,
    output,
    to: outputs[output] ?? [],
    inputs: node.inputs.map((name) => around.shape(name)),
    outputs,
    numbers: (input) => around.numbers(node.inputs[input]),
  });
}
