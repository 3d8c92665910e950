/** Makes ONNX Runtime keep to an order. */
import type { Constant } from '../onnx/constant';
import type { GraphNode } from '../onnx/graph';
import { TensorProto_DataType as DataType } from '../onnx/onnx_pb';
import { int64Bytes } from '../onnx/tensor-bytes';
import type { Attributes } from '../ops/attributes';
import { operatorOf } from '../ops/catalogue';

interface Facts {
  readonly shape: (tensor: string) => readonly number[];
  readonly isConstant: (tensor: string) => boolean;
  /** Whether it matters when a tensor is made and let go of. */
  readonly isLarge: (tensor: string) => boolean;
  /** Whether what is made of weights alone is computed at every run, where it is needed, and not kept. */
  readonly holdsNoWeights: boolean;
}

export interface Pinned {
  readonly nodes: readonly GraphNode[];
  readonly constants: readonly Constant[];
}

/**
 * ONNX Runtime orders nodes by itself, as far as their inputs allow. Where a node that touches a large
 * tensor does not depend on the one before it that does, it is made to: it reads an input through a
 * Reshape that copies nothing, and whose shape (all zeros: as it is) is computed from what the other
 * one gave. From its numbers, since a known shape would be folded into a constant.
 */
export function pinned(nodes: readonly GraphNode[], facts: Facts): Pinned {
  const { shape, isConstant, isLarge, holdsNoWeights } = facts;
  const gates = new Gates(shape);
  const producers = new Map<string, Producer>();
  const result: GraphNode[] = [];
  let before: GraphNode | undefined;
  const note = (node: GraphNode) => {
    const producer = { node, place: producers.size };
    for (const name of node.outputs) producers.set(name, producer);
  };
  for (const original of nodes) {
    let node = original;
    const isOfConstants = node.inputs.every((name) => name === '' || isConstant(name));
    const isPinned =
      operatorOf(node.op).kind !== 'view' &&
      (holdsNoWeights || !isOfConstants) &&
      [...node.inputs, ...node.outputs].some((name) => name !== '' && isLarge(name));
    if (isPinned) {
      const gated = node.inputs.findIndex(
        (name) => name !== '' && (isOfConstants || !isConstant(name)),
      );
      if (before && gated >= 0 && !dependsOn(node, before, producers)) {
        const through = gates.after(node.inputs[gated] ?? '', before.outputs[0] ?? '');
        result.push(...through);
        const name = through.at(-1)?.outputs[0] ?? '';
        node = { ...node, inputs: node.inputs.with(gated, name) };
        through.forEach(note);
      }
      before = node;
    }
    result.push(node);
    note(node);
  }
  return { nodes: result, constants: gates.constants };
}

/** A node, and how many tensors were made before it. */
interface Producer {
  readonly node: GraphNode;
  readonly place: number;
}

/** Whether a node needs what another one gives. */
function dependsOn(
  node: GraphNode,
  other: GraphNode,
  producers: ReadonlyMap<string, Producer>,
): boolean {
  const earliest = producers.get(other.outputs[0] ?? '')?.place ?? 0;
  const seen = new Set<GraphNode>();
  const pending = [node];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (next === other) return true;
    for (const name of next.inputs) {
      const producer = producers.get(name);
      // What was made before the other one cannot need it.
      if (!producer || producer.place < earliest || seen.has(producer.node)) continue;
      seen.add(producer.node);
      pending.push(producer.node);
    }
  }
  return false;
}

class Gates {
  readonly constants: Constant[] = [];
  private count = 0;

  constructor(private readonly shape: (tensor: string) => readonly number[]) {}

  /** The nodes that hand a tensor on, once another one is there; the last one gives it. */
  after(tensor: string, other: string): GraphNode[] {
    this.count += 1;
    const stem = `pin/${this.count}`;
    const node = (op: string, inputs: string[], attributes: Attributes = {}): GraphNode => {
      const name = `${stem}/${op}`;
      return { name, op, inputs, outputs: [name], attributes };
    };
    const rankOf = (name: string) => this.shape(name).length;
    const one = node('GatherND', [other, this.zeros(rankOf(other))]);
    const whole = node('Cast', [one.name], { to: DataType.INT64 });
    const same = node('Mul', [whole.name, this.zeros(rankOf(tensor))]);
    return [one, whole, same, node('Reshape', [tensor, same.name])];
  }

  private zeros(count: number): string {
    const name = `pin/zeros ${count}`;
    if (!this.constants.some((constant) => constant.name === name)) {
      const data = int64Bytes(new Array<number>(count).fill(0));
      this.constants.push({ name, type: 'int64', dims: [count], data });
    }
    return name;
  }
}
