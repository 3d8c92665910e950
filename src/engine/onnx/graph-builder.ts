/** Adds nodes, constants and inputs to a graph. */
import { EngineError } from '../engine-error';
import type { Attributes } from '../ops/attributes';
import { inferShapes } from '../ops/infer-shape';
import type { Constant, ElementType } from './constant';
import type { Graph, GraphNode, Port } from './graph';
import { floatBytes, int64Bytes, sizeOf } from './tensor-bytes';

/** Above this size a constant is not compared with earlier ones. */
const largestDeduplicated = 4096;

/**
 * Grows a graph by nodes; every tensor has a static shape from the moment it is added. Operators follow the graph's own opset (`graph.opsets`); operators of another
 * domain are written with it, e.g. `com.microsoft.FusedMatMul`.
 */
export class GraphBuilder {
  readonly nodes: GraphNode[] = [];
  readonly constants = new Map<string, Constant>();
  readonly inputs: Port[] = [];

  private readonly shapes = new Map<string, readonly number[]>();
  private readonly known = new Map<string, string>();
  private counter = 0;

  /** @param prefix starts every new name; must not start a name of the graph. */
  constructor(
    private readonly graph: Graph,
    private readonly prefix = 'vx/',
  ) {}

  /**
   * Adds a node with one output and returns that output's name.
   * @throws EngineError `model-unknown-op` if the operator is not known, `model-unreadable` if the
   * shapes do not fit.
   */
  node(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const [output] = this.nodeWithOutputs(op, inputs, attributes, 1);
    return output;
  }

  /** Adds a node with several outputs (Split, TopK, LayerNormalization) and returns their names. */
  nodeWithOutputs(
    op: string,
    inputs: readonly string[],
    attributes: Attributes,
    outputCount: number,
  ): [string, ...string[]] {
    const shapes = inferShapes(
      { op, inputs, attributes, outputCount },
      { shape: (name) => this.shapeOf(name), constant: (name) => this.constantOf(name) },
    );
    const name = this.freshName(op);
    const outputs: [string, ...string[]] = [name];
    for (let i = 1; i < outputCount; i++) outputs.push(`${name}:${i}`);
    for (const [i, output] of outputs.entries()) {
      const dims = shapes[i];
      if (dims) this.shapes.set(output, dims);
    }
    this.nodes.push({ name, op, inputs, outputs, attributes });
    return outputs;
  }

  /** A float32 constant; a plain number is a scalar. Equal small constants share one name. */
  floats(values: number | readonly number[] | Float32Array, dims?: readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    const shape = dims ?? (typeof values === 'number' ? [] : [list.length]);
    return this.constant('float32', floatBytes(list), shape);
  }

  /** An int64 constant; a plain number is a scalar. Equal small constants share one name. */
  ints(values: number | readonly number[], dims?: readonly number[]): string {
    const list = typeof values === 'number' ? [values] : values;
    const shape = dims ?? (typeof values === 'number' ? [] : [list.length]);
    return this.constant('int64', int64Bytes(list), shape);
  }

  /** A constant of any type from its little-endian bytes. */
  constant(type: ElementType, data: Uint8Array, dims: readonly number[]): string {
    const key =
      data.byteLength <= largestDeduplicated
        ? `${type}|${dims.join()}|${Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64')}`
        : undefined;
    const earlier = key === undefined ? undefined : this.known.get(key);
    if (earlier !== undefined) return earlier;
    const name = this.freshName('constant');
    this.constants.set(name, { name, type, dims, data });
    this.shapes.set(name, dims);
    if (key !== undefined) this.known.set(key, name);
    return name;
  }

  /** A further input of the model, e.g. the target classes. Returns the name. */
  input(name: string, type: ElementType, dims: readonly number[]): string {
    const full = `${this.prefix}${name}`;
    this.inputs.push({ name: full, type, dims });
    this.shapes.set(full, dims);
    return full;
  }

  /** Static shape of a tensor of the graph or of one added here. */
  shapeOf(name: string): readonly number[] {
    const shape = this.shapes.get(name) ?? this.graph.shapes.get(name);
    if (!shape) {
      throw new EngineError(
        'model-unknown-op',
        `The tensor “${name}” has no known shape in this model.`,
        'Export the model again with fixed input sizes, or report it with the model’s name.',
      );
    }
    return shape;
  }

  /** Number of elements of a tensor. */
  sizeOf(name: string): number {
    return sizeOf(this.shapeOf(name));
  }

  /** The constant of this name, of the graph or added here. */
  constantOf(name: string): Constant | undefined {
    return this.constants.get(name) ?? this.graph.constants.get(name);
  }

  private freshName(stem: string): string {
    this.counter += 1;
    return `${this.prefix}${stem.slice(stem.lastIndexOf('.') + 1)}_${this.counter}`;
  }
}
