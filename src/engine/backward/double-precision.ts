/**
 * The forward graph in float64, for models small enough to afford it.
 *
 * Relevance divides by sums that nearly cancel, so what limits a map's accuracy is the forward
 * run's rounding. Every tensor keeps its float32 form under its own name.
 */
import type { Constant, Graph, GraphNode } from '../onnx/graph';
import { int64Bytes, sizeOf } from '../onnx/tensor-bytes';
import { numberAttribute, numbersAttribute } from './rules/shapes';

/** ONNX element types. */
const float32 = 1;
const float64 = 11;

/** Multiplications of one forward run above which float64 costs too long a wait. */
const affordable = 2e9;

/** Operators that ONNX Runtime's CPU provider has in float64. */
const inDouble: ReadonlySet<string> = new Set([
  'Add',
  'BatchNormalization',
  'Concat',
  'Div',
  'Flatten',
  'Gather',
  'Gemm',
  'Identity',
  'LayerNormalization',
  'MatMul',
  'Mul',
  'ReduceMean',
  'ReduceSum',
  'Reshape',
  'Sigmoid',
  'Slice',
  'Softmax',
  'Split',
  'Sqrt',
  'Squeeze',
  'Sub',
  'Tanh',
  'Transpose',
  'Unsqueeze',
]);

/** Inputs that are indices, axes or shapes and stay integers. */
const integerInputs: Readonly<Record<string, number>> = {
  Gather: 1,
  ReduceMean: 1,
  ReduceSum: 1,
  Reshape: 1,
  Slice: 1,
  Split: 1,
  Squeeze: 1,
  Unsqueeze: 1,
};

/** True if the graph is small enough for float64. */
export function affordsDouble(graph: Graph): boolean {
  let products = 0;
  for (const node of graph.nodes) {
    if (!['Gemm', 'MatMul', 'com.microsoft.FusedMatMul'].includes(node.op)) continue;
    const [a = '', ,] = node.inputs;
    const depth = graph.shapes.get(a)?.at(numberAttribute(node, 'transA', 0) ? -2 : -1) ?? 1;
    products += depth * sizeOf(graph.shapes.get(node.outputs[0] ?? '') ?? []);
  }
  return products <= affordable;
}

/** The graph in float64 wherever ONNX Runtime can; inputs and outputs stay float32. */
export function inDoublePrecision(graph: Graph): Graph {
  const writer = new DoubleWriter(graph);
  for (const node of graph.nodes) writer.write(node);
  return { ...graph, nodes: writer.nodes, constants: writer.constants };
}

class DoubleWriter {
  readonly nodes: GraphNode[] = [];
  readonly constants: Map<string, Constant>;
  private readonly doubles = new Map<string, string>();

  constructor(private readonly graph: Graph) {
    this.constants = new Map(graph.constants);
  }

  write(node: GraphNode): void {
    const [output = ''] = node.outputs;
    const { op, inputs, attributes } = node;
    if (op === 'com.microsoft.FusedMatMul' && !attributes.transBatchA && !attributes.transBatchB) {
      this.fusedProduct(node);
    } else if (op === 'Conv' && this.isPatchwise(node)) {
      this.patchProduct(node);
    } else if (inDouble.has(op) && this.floats(inputs[0] ?? '')) {
      const firstInteger = integerInputs[op] ?? Infinity;
      const given = inputs.map((name, i) =>
        name === '' || i >= firstInteger ? name : this.double(name),
      );
      const outputs = node.outputs.map((name) => (name === '' ? '' : `${name}/64`));
      this.nodes.push({ ...node, name: `${output}/in64`, inputs: given, outputs });
      for (const [i, name] of node.outputs.entries()) this.single(name, outputs[i] ?? '');
    } else {
      this.nodes.push(node);
    }
  }

  /** Integer tensors (indices) are left alone. */
  private floats(name: string): boolean {
    const constant = this.graph.constants.get(name);
    return constant === undefined || constant.type === 'float32';
  }

  private emit(op: string, inputs: string[], output: string, attributes = {}): string {
    this.nodes.push({ name: output, op, inputs, outputs: [output], attributes });
    return output;
  }

  private double(name: string): string {
    const known = this.doubles.get(name);
    if (known !== undefined) return known;
    const double = this.emit('Cast', [name], `${name}/64`, { to: float64 });
    this.doubles.set(name, double);
    return double;
  }

  /** Gives a float64 result its float32 form under the forward tensor's name. */
  private single(name: string, double: string): void {
    if (name === '') return;
    this.doubles.set(name, double);
    this.emit('Cast', [double], name, { to: float32 });
  }

  private dims(name: string): readonly number[] {
    return this.graph.shapes.get(name) ?? [];
  }

  private transposed(name: string): string {
    const rank = this.dims(name).length;
    const perm = Array.from({ length: rank }, (_, i) => i);
    [perm[rank - 2], perm[rank - 1]] = [rank - 1, rank - 2];
    return this.emit('Transpose', [this.double(name)], `${name}/64/${this.nodes.length}`, { perm });
  }

  private fusedProduct(node: GraphNode): void {
    const [a = '', b = ''] = node.inputs;
    const [output = ''] = node.outputs;
    const left = numberAttribute(node, 'transA', 0) ? this.transposed(a) : this.double(a);
    const right = numberAttribute(node, 'transB', 0) ? this.transposed(b) : this.double(b);
    const alpha = numberAttribute(node, 'alpha', 1);
    const product = this.emit('MatMul', [left, right], `${output}/product`);
    const factor = `${output}/alpha`;
    const data = new Uint8Array(Float64Array.of(alpha).buffer);
    this.constants.set(factor, { name: factor, type: 'float64', dims: [], data });
    this.single(output, this.emit('Mul', [product, factor], `${output}/64`));
  }

  private isPatchwise(node: GraphNode): boolean {
    const [, , kh, kw] = this.dims(node.inputs[1] ?? '');
    const [sh, sw] = numbersAttribute(node, 'strides') ?? [];
    const [, , height = 0, width = 0] = this.dims(node.inputs[0] ?? '');
    const plain = !(numbersAttribute(node, 'pads') ?? []).some((pad) => pad !== 0);
    const grouped = numberAttribute(node, 'group', 1) !== 1;
    return (
      plain &&
      !grouped &&
      kh === sh &&
      kw === sw &&
      height % (kh ?? 1) === 0 &&
      width % (kw ?? 1) === 0
    );
  }

  /** The patch convolution as a matrix product over unfolded patches. */
  private patchProduct(node: GraphNode): void {
    const [image = '', weight = '', bias] = node.inputs;
    const [output = ''] = node.outputs;
    const [, dim = 1, rows = 1, columns = 1] = this.dims(output);
    const [, channels = 1, kh = 1, kw = 1] = this.dims(weight);
    const shape = (suffix: string, dims: readonly number[]) => {
      const name = `${output}/${suffix}`;
      this.constants.set(name, {
        name,
        type: 'int64',
        dims: [dims.length],
        data: int64Bytes(dims),
      });
      return name;
    };
    const reshape = (from: string, suffix: string, dims: readonly number[]) =>
      this.emit('Reshape', [from, shape(`${suffix}/dims`, dims)], `${output}/${suffix}`);
    const depth = channels * kh * kw;
    const cut = reshape(this.double(image), 'cut', [channels, rows, kh, columns, kw]);
    const ordered = this.emit('Transpose', [cut], `${output}/ordered`, { perm: [1, 3, 0, 2, 4] });
    const patches = reshape(ordered, 'patches', [rows * columns, depth]);
    const kernel = reshape(this.double(weight), 'kernel', [dim, depth]);
    const inputs = [patches, kernel, ...(bias ? [this.double(bias)] : [])];
    const product = this.emit('Gemm', inputs, `${output}/product`, { transB: 1 });
    const channelsFirst = this.emit('Transpose', [product], `${output}/channels`, { perm: [1, 0] });
    this.single(output, reshape(channelsFirst, '64', [1, dim, rows, columns]));
  }
}
