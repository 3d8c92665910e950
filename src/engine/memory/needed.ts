/** What explaining a picture takes, at its peak, of the whole process. */
import type { AttributionModel } from '../backward/attribution-model';
import { bytesOf, liveBytes } from '../backward/live-bytes';
import { leaving, type HandedOver } from '../backward/handed-over';
import type { Graph } from '../onnx/graph';
import { weightBytes } from '../onnx/tensor-bytes';
import type { Memory } from '../backward/session-options';
import { arenaFactor, processBytes } from './footprint';
import { packedBytes } from './session-bytes';

/** How a model is run. */
export interface RunPlan {
  readonly graph: Graph;
  readonly handedOver: HandedOver;
  readonly memory: Memory;
  /** Bytes that the process may still take. */
  readonly freeMemory: () => number;
}

/**
 * Estimated bytes at the peak: within 30 % of what `npm run bench:engine` measures.
 * @param classes that go together
 */
export function neededBytes(run: RunPlan, model: AttributionModel, classes: number): number {
  const { graph, memory } = run;
  const taken = model.taps.reduce((sum, name) => sum + bytesOf(graph.shapes.get(name) ?? []), 0);
  const forward = classifyingBytes(run) + taken;
  const walk = arenaFactor * model.liveBytes(classes);
  return memory === 'scarce'
    ? Math.max(forward, processBytes + weightBytes(graph) + taken + walk)
    : forward + packedBytes(model) + walk;
}

/** Of the process after a forward run; what could leave that is there to its end. */
export function classifyingBytes({ graph, handedOver }: RunPlan): number {
  const bytes = (name: string) => bytesOf(graph.shapes.get(name) ?? []);
  const live = liveBytes(graph.nodes, bytes, new Set(leaving(graph, handedOver)));
  return processBytes + weightBytes(graph) + arenaFactor * live;
}
