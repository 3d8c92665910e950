/** The right answer to each request, asked once of a process that nobody interrupts. */
import type { ExplainParams, ExplainResult } from '../../src/shared/protocol/explain';
import type { WorkerSettings } from '../../src/shared/protocol/settings';
import { WorkerClient } from '../../src/worker/client';
import { namesOf } from './asked';

/** Another number of threads adds up in another order. */
const tolerance = 1e-4;

export interface RightMaps {
  /** What is wrong with an answer, as a sentence; undefined where nothing is. */
  readonly faultOf: (params: ExplainParams, result: ExplainResult) => Promise<string | undefined>;
  readonly dispose: () => void;
}

export function rightMaps(workerFile: string, settings: WorkerSettings): RightMaps {
  const client = new WorkerClient(workerFile, settings, () => undefined);
  const known = new Map<string, Promise<ExplainResult>>();
  return {
    faultOf: async (params, result) => {
      const name = namesOf(params);
      const right = known.get(name) ?? client.call('explain', params);
      known.set(name, right);
      return differs(result, await right) ? `another answer to ${name}` : undefined;
    },
    dispose: () => {
      client.dispose();
    },
  };
}

function differs(one: ExplainResult, other: ExplainResult): boolean {
  if (one.modelSha256 !== other.modelSha256 || one.method !== other.method) return true;
  if (one.heatmaps.length !== other.heatmaps.length) return true;
  return one.heatmaps.some(({ index, values }, at) => {
    const right = other.heatmaps[at];
    if (right?.index !== index || right.values.length !== values.length) return true;
    const largest = Math.max(...right.values.map(Math.abs));
    return values.some(
      (value, place) => !(Math.abs(value - (right.values[place] ?? NaN)) <= tolerance * largest),
    );
  });
}
