/**
 * A part of a canonical graph for many pictures at once: every tensor gets an axis in front, one
 * place a picture, and, where the number of tokens is left open, shapes that follow it.
 */
import type { Constant } from '../onnx/constant';
import type { GraphNode } from '../onnx/graph';
import type { GraphView } from '../onnx/graph-view';
import { int64Bytes } from '../onnx/tensor-bytes';
import type { Attributes } from '../ops/attributes';
import type { Dims } from '../ops/axes';
import { heldTensors } from '../backward/held';
import type { TokenAxes } from './fewer-tokens';

/** Thrown where a node cannot be written for many pictures; they are then run one by one. */
export class CannotLift extends Error {
  override readonly name = 'CannotLift';
}

export class Lift {
  readonly nodes: GraphNode[] = [];
  readonly constants = new Map<string, Constant>();
  private readonly held: ReadonlySet<string>;

  /**
   * @param lifted tensors that have the axis in front, under their own names
   * @param tokens axes of theirs, counted without it, whose size is open
   */
  constructor(
    private readonly view: GraphView,
    private readonly lifted: ReadonlySet<string>,
    private readonly tokens: TokenAxes,
  ) {
    this.held = heldTensors(view.graph);
  }

  /** Without the axis in front. */
  shape(name: string): Dims {
    return this.view.shape(name);
  }

  isLifted(name: string): boolean {
    return this.lifted.has(name);
  }

  isConstant(name: string): boolean {
    return this.view.constant(name) !== undefined;
  }

  isHeld(name: string): boolean {
    return this.held.has(name);
  }

  producer(name: string): GraphNode | undefined {
    return this.view.producer(name);
  }

  numbers(name: string): readonly number[] | undefined {
    return this.view.numbers(name);
  }

  /** The node itself, with other inputs or attributes. */
  copy(node: GraphNode, inputs: readonly string[], attributes: Attributes = node.attributes): void {
    this.nodes.push({ ...node, inputs, attributes });
  }

  /** A node beside it, with one output. */
  add(op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    const name = `masking/${this.nodes.length}`;
    this.nodes.push({ name, op, inputs, outputs: [name], attributes });
    return name;
  }

  ints(values: readonly number[]): string {
    const name = `masking/ints/${values.join()}`;
    const data = int64Bytes(values);
    this.constants.set(name, { name, type: 'int64', dims: [values.length], data });
    return name;
  }

  /** A tensor with axes of size 1 before its own, as broadcasting against a longer one needs. */
  aligned(name: string, rank: number): string {
    const dims = this.shape(name);
    if (!this.isLifted(name) || dims.length >= rank) return name;
    const ones = new Array<number>(rank - dims.length).fill(1);
    // Size 0 keeps what stands at the same place, so only one open size is left.
    const target = dims.map((dim, axis) => (this.isOpen(name, axis) ? -1 : dim));
    if (target.filter((dim) => dim === -1).length > 1)
      throw new CannotLift(`“${name}” runs over tokens twice.`);
    return this.add('Reshape', [name, this.ints([0, ...ones, ...target])]);
  }

  /** The target of a Reshape from one tensor to another. */
  reshapeTarget(from: string, to: string): string {
    const source = this.shape(from);
    const target = this.shape(to).map((dim, axis) => {
      if (!this.isOpen(to, axis)) return dim;
      return this.isOpen(from, axis) && source[axis] === dim ? 0 : -1;
    });
    if (target.filter((dim) => dim === -1).length > 1)
      throw new CannotLift(`“${to}” runs over tokens twice.`);
    return this.ints([0, ...target]);
  }

  isOpen(name: string, axis: number): boolean {
    return this.tokens.get(name)?.has(axis) === true;
  }
}
