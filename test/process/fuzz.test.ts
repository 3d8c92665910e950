/** A short run of `npm run fuzz`, and what it finds where faults are put there on purpose. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fuzz, type FuzzOptions } from '../fuzz/fuzz';
import { isAmong } from '../fuzz/judges/same-answer';
import { readKept } from '../fuzz/keep';
import { kindNames, kinds } from '../fuzz/kinds';
import { limits } from '../fuzz/limits';
import type { plantedFaults } from '../fuzz/planted';
import { shorten } from '../fuzz/shorten';
import { Trials } from '../fuzz/trials';
import { bundle } from './bundle';

const fixtures = path.resolve(import.meta.dirname, '../fixtures');
let child: Awaited<ReturnType<typeof bundle>>;
let results: string;

beforeAll(async () => {
  results = await mkdtemp(path.join(os.tmpdir(), 'vit-fuzz-results-'));
  child = await bundle('fuzz-child', 'test/fuzz/child.ts');
});
afterAll(async () => {
  await Promise.all([child.remove(), rm(results, { recursive: true })]);
});

function run(changes: Partial<FuzzOptions>) {
  const program = child.file;
  return fuzz({
    program,
    fixtures,
    results,
    limits,
    shrinking: { faults: 2, bytes: 4, seconds: 10 },
    seed: 16,
    count: 60,
    kinds: kindNames,
    ...changes,
  });
}

it('answers spoilt files rightly or refuses them in a sentence', { timeout: 600_000 }, async () => {
  const { faults, failed, answered, compared, refused, tried } = await run({});
  expect(faults).toEqual([]);
  expect(answered + refused + failed).toBe(60);
  expect(Object.values(tried)).toEqual(kindNames.map(() => 10));
  expect(compared).toBeGreaterThan(2);
  expect(refused).toBeGreaterThan(10);
});

it('begins from files that are sound', { timeout: 600_000 }, async () => {
  const trials = await Trials.begin(child.file, limits);
  const failed: string[] = [];
  const seen = new Set<string>();
  try {
    for (const kind of kindNames) {
      for (const base of await kinds[kind](fixtures)) {
        if (seen.has(base.name)) continue;
        seen.add(base.name);
        const { verdict } = await trials.try(base);
        // Backbones, without classes to explain, are read, and so is what is no transformer.
        const isOther = verdict.kind === 'refused' && verdict.code === 'model-not-a-vit';
        if (verdict.kind !== 'answered' && !isOther)
          failed.push(`${base.name}: ${JSON.stringify(verdict)}`);
      }
    }
  } finally {
    await trials.end();
  }
  expect(failed).toEqual([]);
});

describe('finds a fault that was put there', () => {
  const planted: [(typeof plantedFaults)[number], RegExp][] = [
    ['throw', /unforeseen: .*planted/],
    ['stack', /unforeseen: .*planted/],
    ['hang', /no answer within 3 s/],
    ['memory', /more than 0.4 GB/],
    ['crash', /the process ended: SIGSEGV/],
  ];

  it.each(planted)('%s', { timeout: 300_000 }, async (FUZZ_PLANTED, words) => {
    const { faults, failed, answered, refused } = await run({
      ...{ environment: { FUZZ_PLANTED }, limits: { seconds: 3, bytes: 4e8 } },
      ...{ kinds: ['pictures'], count: 16, seed: 3 },
    });
    expect(failed).toBeGreaterThan(0);
    expect(answered + refused).toBeGreaterThan(6);
    expect(faults.join('\n')).toMatch(words);
    const folder = path.join(
      process.cwd(),
      /--again (\S+)/.exec(faults.find((line) => words.test(line)) ?? '')?.[1] ?? '',
    );
    expect(await readFile(path.join(folder, 'fault.txt'), 'utf8')).toMatch(words);
    const kept = await readKept(folder);
    expect(kept.files[kept.path]).toBeDefined();
  });
});

it('leaves out of a file what has no part in the fault', async () => {
  const bytes = Buffer.from('a long text with one ! in it');
  const shortest = await shorten(bytes, (one) => Promise.resolve(one.includes(0x21)), 200);
  expect(Buffer.from(shortest).toString()).toBe('!');
});

describe('isAmong', () => {
  const scores = [
    { index: 1, label: '', logit: 2, probability: 0.88 },
    { index: 0, label: '', logit: 0, probability: 0.12 },
  ];

  it('takes logits and what becomes of them', () => {
    expect(isAmong(scores, [Float32Array.of(0, 2)])).toBe(true);
    expect(isAmong(scores, [Float32Array.of(7), Float32Array.of(0.12, 0.88)])).toBe(true);
    expect(isAmong(scores, [Float32Array.of(12, 88)])).toBe(true);
    expect(isAmong(scores, [Float32Array.of(Math.log(0.12), Math.log(0.88))])).toBe(true);
  });

  it('takes no other numbers', () => {
    expect(isAmong(scores, [Float32Array.of(2, 0)])).toBe(false);
    expect(isAmong(scores, [Float32Array.of(0, 2.1)])).toBe(false);
    expect(isAmong(scores, [Float32Array.of(0, 2, 4)])).toBe(false);
    expect(isAmong(scores, [Float32Array.of(NaN, 2)])).toBe(false);
  });
});
