/** What a map costs on this machine and model, in plain forward runs. */
import path from 'node:path';
import type { Params, Result, Tell } from '../../shared/protocol/calls';
import { ranking } from '../../engine/outputs/probabilities';
import { openForDataset } from '../batch/open-for-dataset';
import { readSample } from '../batch/read-sample';
import { stagesTo } from '../stages';
import type { Workroom } from '../workroom';

const mostRuns = 5;
/** Slow methods are timed once or twice, in milliseconds. */
const enough = 1500;

/**
 * Each method from the prepared picture to the map of the best class, its forward run included, by the
 * fastest of a few runs after one that opens what it needs.
 *
 * @throws Failure, EngineError
 */
export async function costs(
  { model, options, methods, path: file }: Params<'costs'>,
  room: Workroom,
  tell: Tell<'costs'>,
): Promise<Result<'costs'>> {
  const stage = stagesTo(tell);
  const { explainer } = await openForDataset(model, room, stage);
  const image = {
    kind: 'encoded',
    bytes: await readSample(file),
    name: path.basename(file),
  } as const;
  const { input } = await room.inputs.prepare(image, model.preprocessing);
  stage('Measuring what the methods cost');
  const plain = await fastest(() => explainer.classify(input.values));
  const measured: Record<string, number> = {};
  for (const method of methods) {
    const time = await fastest(async () => {
      const classified = await explainer.classify(input.values, { method, options });
      const best = ranking(classified.logits, explainer.output.kind).slice(0, 1);
      await explainer.explain(classified, method, options, best);
    });
    measured[method] = time / plain;
  }
  return { costs: measured };
}

async function fastest(run: () => Promise<unknown>): Promise<number> {
  await run();
  let best = Infinity;
  let spent = 0;
  for (let runs = 0; runs < mostRuns && spent < enough; runs++) {
    const start = performance.now();
    await run();
    const time = performance.now() - start;
    best = Math.min(best, time);
    spent += time;
  }
  return best;
}
