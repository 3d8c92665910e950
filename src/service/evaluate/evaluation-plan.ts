/** How many pictures are measured at once, and how many methods stay open. */
import os from 'node:os';
import type { Explainer } from '../../engine/explainer';

export interface EvaluationPlan {
  /** Threads with a model of their own, one core each; 1: all in this thread, with all cores. */
  readonly threads: number;
  readonly keptMethods: number;
}

/** Sessions of a thread beside those of its methods: the forward run, and that of masked pictures. */
const further = 2;

/** Cores do more on pictures of their own than together on one, as far as memory goes. */
export function evaluationPlan(
  { bytes, provider }: Pick<Explainer, 'bytes' | 'provider'>,
  methods: number,
  cores: number,
  memory = os.totalmem(),
): EvaluationPlan {
  const budget = memory / 4;
  const available = cores > 0 ? cores : os.availableParallelism();
  const affordable = Math.floor(budget / (bytes * (further + methods)));
  const threads = provider === 'cpu' ? Math.max(1, Math.min(available, affordable)) : 1;
  const keptMethods = Math.max(
    2,
    Math.min(methods, Math.floor(budget / threads / bytes) - further),
  );
  return { threads, keptMethods };
}
