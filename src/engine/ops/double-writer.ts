/** Writes nodes of a graph in float64; every tensor keeps its float32 form under its own name. */
import type { Constant } from '../onnx/constant';
import type { Graph, GraphNode } from '../onnx/graph';
import type { Attributes } from './attributes';
import type { Dims } from './axes';

/** ONNX element types. */
const float32 = 1;
const float64 = 11;

export class DoubleWriter {
  readonly nodes: GraphNode[] = [];
  readonly constants: Map<string, Constant>;
  private readonly doubles = new Map<string, string>();

  constructor(private readonly graph: Graph) {
    this.constants = new Map(graph.constants);
  }

  /** A node as it is, with its operands in float64. @param firstInteger from this input on they stay. */
  inDouble(node: GraphNode, firstInteger: number): void {
    const inputs = node.inputs.map((name, i) =>
      name === '' || i >= firstInteger ? name : this.double(name),
    );
    const outputs = node.outputs.map((name) => (name === '' ? '' : `${name}/64`));
    this.nodes.push({ ...node, name: `${node.outputs[0] ?? ''}/in64`, inputs, outputs });
    for (const [i, name] of node.outputs.entries()) this.single(name, outputs[i] ?? '');
  }

  emit(op: string, inputs: string[], output: string, attributes: Attributes = {}): string {
    this.nodes.push({ name: output, op, inputs, outputs: [output], attributes });
    return output;
  }

  /** A tensor in float64. */
  double(name: string): string {
    const known = this.doubles.get(name);
    if (known !== undefined) return known;
    const double = this.emit('Cast', [name], `${name}/64`, { to: float64 });
    this.doubles.set(name, double);
    return double;
  }

  /** Gives a float64 result its float32 form under the forward tensor's name. */
  single(name: string, double: string): void {
    if (name === '') return;
    this.doubles.set(name, double);
    this.emit('Cast', [double], name, { to: float32 });
  }

  constant(name: string, type: 'float64' | 'int64', dims: Dims, data: Uint8Array): string {
    this.constants.set(name, { name, type, dims, data });
    return name;
  }

  shape(name: string): Dims {
    return this.graph.shapes.get(name) ?? [];
  }

  /** Integer tensors (indices) are left alone. */
  isFloat(name: string): boolean {
    const constant = this.graph.constants.get(name);
    return constant === undefined || constant.type === 'float32';
  }
}
