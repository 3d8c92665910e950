/**
 * Spoilt files of every kind, from a seed: each is answered rightly or refused in a sentence, within
 * the limits of time and memory. What fares otherwise is made smaller and kept.
 */
import fc from 'fast-check';
import path from 'node:path';
import type { Base, Input } from './input';
import type { Fault } from './judges/verdict';
import { keep } from './keep';
import { kinds, type Kind } from './kinds';
import type { Limits } from './limits';
import { shorten } from './shorten';
import { baseOf, draws, spoilt, type Draw } from './spoil';
import { Trials, type Trial } from './trials';

/** How often a failing input is tried anew, to leave out of it what has no part in it. */
export interface Shrinking {
  readonly faults: number;
  readonly bytes: number;
  /** And for how long: each hang takes its full time. */
  readonly seconds: number;
}

export const shrinking: Shrinking = { faults: 6, bytes: 40, seconds: 20 };

export interface FuzzOptions {
  /** The bundled `child.ts`. */
  readonly program: string;
  /** `test/fixtures`. */
  readonly fixtures: string;
  /** Where inputs that fail are kept. */
  readonly results: string;
  readonly seed: number;
  readonly count: number;
  readonly kinds: readonly Kind[];
  readonly limits: Limits;
  readonly shrinking: Shrinking;
  /** Of the process that judges, beside that of this one. */
  readonly environment?: NodeJS.ProcessEnv;
  /** Told of each fault as soon as it is kept. */
  readonly onFault?: (line: string) => void;
  /** Ends it before all are tried. */
  readonly signal?: AbortSignal;
}

export interface Outcome {
  readonly tried: Readonly<Record<string, number>>;
  readonly answered: number;
  /** Of those answered: with what plain ONNX Runtime answers. */
  readonly compared: number;
  readonly refused: number;
  /** A line each, with how to try it again; alike ones once. */
  readonly faults: readonly string[];
  /** Inputs that failed, alike ones each. */
  readonly failed: number;
  readonly slowest: number;
  readonly mostBytes: number;
  readonly seconds: number;
}

export async function fuzz(options: FuzzOptions): Promise<Outcome> {
  const began = performance.now();
  const { seed, count, limits, fixtures } = options;
  const trials = await Trials.begin(options.program, limits, options.environment);
  const known = new Set<string>();
  const faults: string[] = [];
  const tried: Record<string, number> = {};
  const counts = { answered: 0, compared: 0, refused: 0, failed: 0, slowest: 0, mostBytes: 0 };

  const countIn = ({ verdict, seconds, bytes }: Trial) => {
    counts.slowest = Math.max(counts.slowest, seconds);
    counts.mostBytes = Math.max(counts.mostBytes, bytes);
    if (verdict.kind === 'answered') counts.answered += 1;
    if (verdict.kind === 'answered' && verdict.compared) counts.compared += 1;
    if (verdict.kind === 'refused') counts.refused += 1;
    if (verdict.kind === 'fault') counts.failed += 1;
  };
  try {
    const bases = new Map<Kind, readonly Base[]>();
    for (const kind of options.kinds) bases.set(kind, await kinds[kind](fixtures));
    for (let number = 0; number < count && options.signal?.aborted !== true; number++) {
      const kind = options.kinds[number % options.kinds.length];
      const begin = kind && bases.get(kind);
      if (kind === undefined || begin === undefined) break;
      tried[kind] = (tried[kind] ?? 0) + 1;
      const one = new OneInput(begin, trials, options.shrinking, (seed * 1_000_003 + number) | 0);
      countIn(await one.first());
      const { fault } = one;
      if (fault === undefined || known.has(likeness(fault))) continue;
      known.add(likeness(fault));
      const { input, base } = await one.smaller();
      const folder = path.join(options.results, `${kind}-${seed}-${number}`);
      const again = await keep(folder, input, fault);
      const line = `${kind} ${number} (${base.name}): ${fault.what}\n  ${again}`;
      faults.push(line);
      options.onFault?.(line);
    }
  } finally {
    await trials.end();
  }
  return { tried, faults, ...counts, seconds: (performance.now() - began) / 1000 };
}

/** Two faults that differ in numbers and names alone are one. */
function likeness({ what }: Fault): string {
  return what.replaceAll(/“[^”]*”|'[^']*'|"[^"]*"|-?\d+(\.\d+)?|\/\S+/g, '…');
}

/** One seed's input, and smaller ones that fail alike. */
class OneInput {
  fault: Fault | undefined;
  private failing: Draw | undefined;
  private shrinkingUntil = 0;

  constructor(
    private readonly bases: readonly Base[],
    private readonly trials: Trials,
    private readonly shrinking: Shrinking,
    private readonly seed: number,
  ) {}

  async first(): Promise<Trial> {
    const [draw] = fc.sample(draws, { seed: this.seed, numRuns: 1 });
    if (draw === undefined) throw new Error('fast-check draws nothing');
    const trial = await this.trials.try(spoilt(this.bases, draw));
    if (trial.verdict.kind === 'fault') {
      this.fault = trial.verdict;
      this.failing = draw;
    }
    return trial;
  }

  /** With fewer faults, then with fewer bytes. */
  async smaller(): Promise<{ readonly input: Input; readonly base: Base }> {
    this.shrinkingUntil = performance.now() + 1000 * this.shrinking.seconds;
    let left = this.shrinking.faults;
    const property = fc.asyncProperty(draws, async (draw) => {
      if (left-- <= 0) return true;
      if (!(await this.failsAlike(spoilt(this.bases, draw)))) return true;
      this.failing = draw;
      return false;
    });
    await fc.check(property, { seed: this.seed, numRuns: 1 });
    if (this.failing === undefined) throw new Error('nothing failed');
    const base = baseOf(this.bases, this.failing);
    const input = spoilt(this.bases, this.failing);
    const withBytes = (bytes: Uint8Array): Input => {
      return { ...input, files: { ...input.files, [base.changed]: bytes } };
    };
    const shortest = await shorten(
      input.files[base.changed] ?? new Uint8Array(),
      (bytes) => this.failsAlike(withBytes(bytes)),
      this.shrinking.bytes,
    );
    return { input: withBytes(shortest), base };
  }

  private async failsAlike(input: Input): Promise<boolean> {
    if (performance.now() > this.shrinkingUntil) return false;
    const { verdict } = await this.trials.try(input);
    return (
      verdict.kind === 'fault' &&
      this.fault !== undefined &&
      likeness(verdict) === likeness(this.fault)
    );
  }
}
