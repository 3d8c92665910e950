/** What a model takes of memory, and how it is run so that this is not too much. */
import { bytesOf } from '../backward/live-bytes';
import { leaving, type HandedOver } from '../backward/handed-over';
import type { Memory } from '../backward/session-options';
import type { Graph } from '../onnx/graph';
import { weightBytes } from '../onnx/tensor-bytes';

/** In bytes. */
export interface Footprint {
  readonly weights: number;
  /** What the forward run hands over. */
  readonly handedOver: number;
  readonly largestTensor: number;
}

/** Node, ONNX Runtime and the program itself. */
export const processBytes = 80e6;

/** What explaining should take at most, where it can. */
export const comfortable = 2.1e9;

export function footprintOf(graph: Graph, handedOver: HandedOver): Footprint {
  const bytes = (name: string) => bytesOf(graph.shapes.get(name) ?? []);
  const handed = leaving(graph, handedOver).map(bytes);
  const made = graph.nodes.flatMap(({ outputs }) => outputs.map(bytes));
  return {
    weights: weightBytes(graph),
    handedOver: handed.reduce((sum, one) => sum + one, 0),
    largestTensor: made.reduce((most, one) => Math.max(most, one), 0),
  };
}

/**
 * By the hungriest method: relevance reads every weight and its magnitude both ways, beside the forward
 * run's own, and holds six tensors of attention; what is handed over is copied on the way.
 */
export function memoryFor(footprint: Footprint, free = Infinity): Memory {
  const needed = hungriest(footprint, 5);
  return needed <= Math.min(comfortable, free) ? 'ample' : 'scarce';
}

/**
 * What the forward run hands over. Where memory is scarce, weights are read as they lie in their file
 * and one session is open at a time: most models then have room for the wide hidden layers too, which
 * cost a fifth to a third of a forward run to compute again. Half a gigabyte of what is free is left to others.
 */
export function handedOverFor(footprint: Footprint, memory: Memory, free = Infinity): HandedOver {
  const needed = hungriest(footprint, 1);
  return memory === 'ample' || needed <= Math.min(comfortable, free - 0.5e9) ? 'costly' : 'little';
}

/** In bytes, with so many times the weights. */
function hungriest({ weights, handedOver, largestTensor }: Footprint, copies: number): number {
  return processBytes + copies * weights + 2 * handedOver + 6 * largestTensor;
}

/** ONNX Runtime's memory for tensors grows in powers of two and has gaps: measured over `liveBytes`. */
export const arenaFactor = 1.35;

/** What explaining several classes should take at most, by whether they share much of the work, in bytes. */
const together = { shared: 2.3e9, own: 1.5e9 } as const;

/**
 * What classes that go together may take of memory for an attribution run's tensors, in bytes. Gradients
 * share little work among classes, so small portions cost them little.
 */
export function workingBytes(
  { weights, handedOver }: Footprint,
  memory: Memory,
  sharesWork: boolean,
): number {
  const most = sharesWork ? together.shared : together.own;
  const left = most - processBytes - weights - handedOver;
  return (memory === 'ample' ? 1e9 : Math.max(0.5e9, left)) / arenaFactor;
}

/**
 * How many classes go together: as many portions as it takes, of about the same size.
 * @param fits whether so many at once do
 */
export function classesAtOnce(classes: number, fits: (classes: number) => boolean): number {
  let fitting = 1;
  while (fitting < classes && fits(fitting + 1)) fitting += 1;
  return Math.ceil(classes / Math.ceil(classes / fitting));
}
