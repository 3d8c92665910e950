/** Who makes a tensor and who reads it. */
import type { Constant } from './constant';
import type { Graph, GraphNode } from './graph';
import { toNumbers } from './tensor-bytes';

/** An index over the tensors of a graph, for matching patterns. */
export class GraphView {
  private readonly producers = new Map<string, GraphNode>();
  private readonly readers = new Map<string, GraphNode[]>();
  private readonly leaving: ReadonlySet<string>;

  constructor(readonly graph: Graph) {
    this.leaving = new Set(graph.outputs.map((port) => port.name));
    for (const node of graph.nodes) {
      for (const output of node.outputs) this.producers.set(output, node);
      for (const input of new Set(node.inputs)) {
        const list = this.readers.get(input);
        if (list) list.push(node);
        else this.readers.set(input, [node]);
      }
    }
  }

  /** The node that makes a tensor; undefined for constants and graph inputs. */
  producer(tensor: string | undefined): GraphNode | undefined {
    return tensor === undefined ? undefined : this.producers.get(tensor);
  }

  /** The node that makes a tensor, if it is one of these operators. */
  producerOf(tensor: string | undefined, ...ops: readonly string[]): GraphNode | undefined {
    const node = this.producer(tensor);
    return node && ops.includes(node.op) ? node : undefined;
  }

  consumers(tensor: string): readonly GraphNode[] {
    return this.readers.get(tensor) ?? [];
  }

  isOutput(tensor: string): boolean {
    return this.leaving.has(tensor);
  }

  shape(tensor: string): readonly number[] {
    return this.graph.shapes.get(tensor) ?? [];
  }

  constant(tensor: string | undefined): Constant | undefined {
    return tensor === undefined ? undefined : this.graph.constants.get(tensor);
  }

  /** The only value of a constant with one element. */
  scalar(tensor: string | undefined): number | undefined {
    const constant = this.constant(tensor);
    if (!constant || constant.dims.some((dim) => dim !== 1)) return undefined;
    return toNumbers(constant)[0];
  }

  /** Values of a small constant. */
  numbers(tensor: string | undefined): readonly number[] | undefined {
    const constant = this.constant(tensor);
    return constant && toNumbers(constant);
  }
}
