/** What explaining a picture takes, at its peak, of the whole process. */
import type { AttributionModel } from '../backward/attribution-model';
import { bytesOf, liveBytes } from '../backward/live-bytes';
import { leaving, type HandedOver } from '../backward/handed-over';
import type { Graph } from '../onnx/graph';
import { sizeOf, weightBytes } from '../onnx/tensor-bytes';
import { isProduct } from '../ops/catalogue';
import { arenaFactor, processBytes, type Memory } from './footprint';

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

/** Weights as a session packs them: a copy for each product that reads them. */
function packedBytes({ nodes, parts }: AttributionModel): number {
  const sizes = new Map([...parts.constants].map(({ name, dims }) => [name, 4 * sizeOf(dims)]));
  for (const { op, inputs, outputs } of nodes) {
    const size = op === 'Abs' ? sizes.get(inputs[0] ?? '') : undefined;
    if (size !== undefined) sizes.set(outputs[0] ?? '', size);
  }
  return nodes
    .filter(isProduct)
    .reduce((sum, { inputs }) => sum + (sizes.get(inputs[1] ?? '') ?? 0), 0);
}
