import { appendFile, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FeatureCache } from '../../src/service/probe/feature-cache';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-features-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

const key = (digit: string) => digit.repeat(64);
const row = (...values: number[]) => Float32Array.from(values);

it('finds what an earlier run kept, and what two runs kept side by side', async () => {
  const [one, two] = [await FeatureCache.open(folder, 2), await FeatureCache.open(folder, 2)];
  await one.add(key('a'), row(1, 2));
  await two.add(key('b'), row(3, 4));
  await one.add(key('c'), row(5, 6), ['transparency', 'not-finite']);
  expect(await one.close()).toBeUndefined();
  await two.close();
  const later = await FeatureCache.open(folder, 2);
  expect(['a', 'b', 'c', 'd'].map((digit) => later.get(key(digit)))).toEqual([
    row(1, 2),
    row(3, 4),
    row(5, 6),
    undefined,
  ]);
  expect(later.remarksOn(key('a'))).toEqual([]);
  expect(later.remarksOn(key('c'))).toEqual(['transparency', 'not-finite']);
  await later.close();
  // A run that adds nothing leaves nothing.
  expect(await readdir(folder)).toHaveLength(2);
});

it('passes over a record that was written by half', async () => {
  const cache = await FeatureCache.open(folder, 2);
  await cache.add(key('a'), row(1, 2));
  await cache.close();
  const [file = ''] = await readdir(folder);
  await appendFile(path.join(folder, file), Buffer.alloc(39, 0xbb));
  const later = await FeatureCache.open(folder, 2);
  expect(later.get(key('a'))).toEqual(row(1, 2));
  expect(later.get(key('b'))).toBeUndefined();
});

it('goes on in memory, and says so, where nothing can be written', async () => {
  const blocked = path.join(folder, 'file');
  await writeFile(blocked, '');
  const cache = await FeatureCache.open(path.join(blocked, 'features'), 2);
  await cache.add(key('a'), row(1, 2));
  expect(cache.get(key('a'))).toEqual(row(1, 2));
  expect(await cache.close()).toMatch(/could not be kept .* will be computed anew/);
});
