/** Wall and processor time of something, in milliseconds. */
export interface Spent {
  readonly wall: number;
  readonly cpu: number;
}

export async function spent(work: () => Promise<unknown>): Promise<Spent> {
  const start = performance.now();
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return { wall: performance.now() - start, cpu: (user + system) / 1000 };
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? NaN;
}

export function medianSpent(list: readonly Spent[]): Spent {
  return { wall: median(list.map(({ wall }) => wall)), cpu: median(list.map(({ cpu }) => cpu)) };
}
