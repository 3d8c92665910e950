/** Records the attribution graph: nodes that read forward tensors and carry cotangents of all target classes. */
import type { Graph, GraphNode } from '../onnx/graph';
import { GraphBuilder } from '../onnx/graph-builder';
import { toNumbers } from '../onnx/tensor-bytes';
import type { Attributes } from '../ops/attributes';
import { operatorOf } from '../ops/catalogue';
import { isComputedAgain, type HandedOver } from './handed-over';
import { heldTensors } from './held';

/**
 * Stands for the number of target classes wherever the recorder works with static shapes. The
 * written model carries a symbolic dimension instead; a prime that no tensor axis has by accident
 * makes a mix-up fail at once.
 */
export const classAxisPlaceholder = 7919;

/** A run of rows of one axis, counted without the class axis. */
export interface Slice {
  readonly axis: number;
  readonly start: number;
  readonly length: number;
}

/** What stands in an input of the recorder's own: all else that it reads are forward tensors. */
export type InputRole = 'seed' | 'pixels';

/**
 * A recorder over a forward graph. Cotangents have the shape `[K, ...s]` where s is the shape of
 * the forward tensor; forward tensors keep their own shape and broadcast against them.
 */
export class Tape {
  readonly builder: GraphBuilder;
  /** The recorder's own inputs by name. */
  readonly inputs = new Map<string, InputRole>();
  /** Which forward node a walk stood at when it recorded a tensor, by the tensor's name. */
  readonly places = new Map<string, number>();
  private readonly producers = new Map<string, GraphNode>();
  private readonly values = new Map<string, string>();
  private readonly memory = new Map<string, string>();
  private readonly facts = {
    isConstant: (name: string) => this.isConstant(name),
    shape: (name: string) => this.shape(name),
  };
  private held: ReadonlySet<string>;
  private whole: Graph;

  constructor(
    forward: Graph,
    private readonly handedOver: HandedOver,
  ) {
    this.builder = new GraphBuilder(forward, 'vx/');
    this.whole = forward;
    this.held = heldTensors(forward);
    for (const node of forward.nodes)
      for (const name of node.outputs) this.producers.set(name, node);
  }

  /** The forward graph, with what was grafted onto it. */
  get graph(): Graph {
    return this.whole;
  }

  /**
   * Computes a part of the forward graph once more, from another tensor; walks may begin at what it
   * comes to.
   * @param nodes in order: they make `to` from `from` and constants
   * @param onto of the shape of `from`
   * @returns what `to` is then called
   */
  graft(nodes: readonly GraphNode[], from: string, onto: string, to: string): string {
    const renamed = new Map([[from, onto]]);
    const again = (name: string) => renamed.get(name) ?? name;
    const grafted = nodes.map((node): GraphNode => {
      const { op, attributes, outputs } = node;
      const inputs = node.inputs.map(again);
      const read = inputs.map((name) => (name === '' ? '' : this.value(name)));
      const made = this.builder.nodeWithOutputs(op, read, attributes, outputs.length);
      const copy = { name: made[0], op, attributes, inputs, outputs: made };
      for (const [i, name] of made.entries()) {
        renamed.set(outputs[i] ?? '', name);
        this.values.set(name, name);
        this.producers.set(name, copy);
      }
      return copy;
    });
    this.whole = { ...this.whole, nodes: [...this.whole.nodes, ...grafted] };
    this.held = heldTensors(this.whole);
    return again(to);
  }

  /** Records what a walk needs at a forward node, whose place in the graph is given. */
  at(place: number, work: () => void): void {
    const { nodes } = this.builder;
    const before = nodes.length;
    work();
    for (const { outputs } of nodes.slice(before))
      for (const name of outputs) this.places.set(name, place);
  }

  /** An input of the recorder's own, float32. */
  input(role: InputRole, dims: readonly number[]): string {
    const name = this.builder.input(role, 'float32', dims);
    this.inputs.set(name, role);
    return name;
  }

  shape(name: string): readonly number[] {
    return this.builder.shapeOf(name);
  }

  isConstant(name: string): boolean {
    return this.builder.constantOf(name) !== undefined;
  }

  /** True for constants and whatever else of the forward graph has no slope (`heldTensors`). */
  isHeld(name: string): boolean {
    return this.held.has(name) || this.isConstant(name);
  }

  /** Numbers of a small constant, or undefined if the tensor is computed. */
  numbers(name: string | undefined): readonly number[] | undefined {
    const constant = name === undefined || name === '' ? undefined : this.builder.constantOf(name);
    return constant && toNumbers(constant);
  }

  producer(name: string): GraphNode | undefined {
    return this.producers.get(name);
  }

  /** The forward nodes that read a tensor. */
  readers(name: string): readonly GraphNode[] {
    return this.graph.nodes.filter(({ inputs }) => inputs.includes(name));
  }

  /**
   * A forward tensor, ready to be read: what leaves the forward run is as little as can be, and
   * what is cheap to compute from that is computed again.
   */
  value(name: string): string {
    const known = this.values.get(name);
    if (known !== undefined) return known;
    const producer = this.producers.get(name);
    let result = name;
    if (producer && isComputedAgain(producer, this.handedOver, this.facts)) {
      const inputs = producer.inputs.map((input) => (input === '' ? '' : this.value(input)));
      const { op, attributes, outputs } = producer;
      const made =
        operatorOf(op).kind === 'view'
          ? [this.reshape(inputs[0] ?? '', this.shape(name))]
          : this.builder.nodeWithOutputs(op, inputs, attributes, outputs.length);
      for (const [i, output] of outputs.entries()) this.values.set(output, made[i] ?? '');
      result = this.values.get(name) ?? name;
    }
    this.values.set(name, result);
    return result;
  }

  /** Computes something once per key: parts that several rules or both walks share. */
  once(key: string, make: () => string): string {
    const known = this.memory.get(key);
    if (known !== undefined) return known;
    const made = make();
    this.memory.set(key, made);
    return made;
  }

  node(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    return this.builder.node(op, inputs, attributes);
  }

  scalar(value: number): string {
    return this.builder.floats(value);
  }

  add(a: string, b: string): string {
    return this.node('Add', [a, b]);
  }

  sub(a: string, b: string): string {
    return this.node('Sub', [a, b]);
  }

  /** The same product is recorded once: a method and its walk may both want it. */
  mul(a: string, b: string): string {
    return this.once(`Mul ${a} ${b}`, () => this.node('Mul', [a, b]));
  }

  div(a: string, b: string): string {
    return this.node('Div', [a, b]);
  }

  scale(a: string, factor: number): string {
    return factor === 1 ? a : this.mul(a, this.scalar(factor));
  }

  relu(a: string): string {
    return this.node('Relu', [a]);
  }

  /** Sum over axes of the tensor as it stands (class axis included in the count). */
  sum(a: string, axes: readonly number[], keep = true): string {
    return this.node('ReduceSum', [a, this.builder.ints(axes)], { keepdims: keep ? 1 : 0 });
  }

  mean(a: string, axes: readonly number[], keep = true): string {
    return this.node('ReduceMean', [a, this.builder.ints(axes)], { keepdims: keep ? 1 : 0 });
  }

  /** Another shape with the same elements; a leading placeholder becomes "whatever is left". */
  reshape(a: string, dims: readonly number[]): string {
    const from = this.shape(a);
    if (from.length === dims.length && from.every((dim, i) => dim === dims[i])) return a;
    const target = dims.map((dim) => (dim % classAxisPlaceholder === 0 && dim > 0 ? -1 : dim));
    return this.node('Reshape', [a, this.builder.ints(target)]);
  }

  transpose(a: string, perm: readonly number[]): string {
    return perm.every((axis, i) => axis === i) ? a : this.node('Transpose', [a], { perm });
  }

  /** Rows `[start, start + length)` of an axis of the tensor as it stands. */
  slice(a: string, axis: number, start: number, length: number): string {
    if (start === 0 && this.shape(a)[axis] === length) return a;
    const { builder } = this;
    return this.node('Slice', [
      a,
      builder.ints([start]),
      builder.ints([start + length]),
      builder.ints([axis]),
    ]);
  }

  /** Zeros around the tensor along one axis. */
  pad(a: string, axis: number, before: number, after: number): string {
    if (before === 0 && after === 0) return a;
    const rank = this.shape(a).length;
    const pads = new Array<number>(2 * rank).fill(0);
    pads[axis] = before;
    pads[rank + axis] = after;
    return this.node('Pad', [a, this.builder.ints(pads)]);
  }

  concat(parts: readonly string[], axis: number): string {
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : this.node('Concat', parts, { axis });
  }

  /** Matrix product over the last two axes, either side transposed as it is read. */
  matmul(a: string, b: string, options: { transA?: boolean; transB?: boolean } = {}): string {
    const { transA = false, transB = false } = options;
    if (!transA && !transB) return this.node('MatMul', [a, b]);
    return this.node('com.microsoft.FusedMatMul', [a, b], {
      transA: transA ? 1 : 0,
      transB: transB ? 1 : 0,
      alpha: 1,
    });
  }

  /**
   * `a · w` or `a · wᵀ` for a constant matrix: all leading axes (classes, tokens) become the rows
   * of one product. a `[..., n]`, w `[n, m]` (or `[m, n]` with `transposed`) → `[..., m]`, plus
   * `added` of that shape.
   */
  linear(a: string, weight: string, transposed: boolean, added?: string): string {
    const dims = this.shape(a);
    const width = dims.at(-1) ?? 1;
    const out = this.shape(weight)[transposed ? 0 : 1] ?? 1;
    const rows = dims.slice(0, -1).reduce((product, dim) => product * dim, 1);
    const flat = this.reshape(a, [rows, width]);
    const sum = added === undefined ? [] : [this.reshape(added, [rows, out])];
    const product = this.node('Gemm', [flat, weight, ...sum], { transB: transposed ? 1 : 0 });
    return this.reshape(product, [...dims.slice(0, -1), out]);
  }

  /** A float32 constant. */
  floats(values: readonly number[] | Float32Array, dims?: readonly number[]): string {
    return this.builder.floats(values, dims);
  }
}
