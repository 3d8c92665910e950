/** Two changes of a manifest that come at once. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { readManifest, writeManifest } from '../../src/store/manifest';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'manifest-'));
});
afterAll(() => rm(folder, { recursive: true }));

it('keeps every one of several changes at once, also where one of them fails', async () => {
  const model = path.join(folder, 'own.onnx');
  const unwritable = path.join(folder, 'absent', '\0', 'own.onnx');
  const [, failed] = await Promise.allSettled([
    writeManifest(model, { method: 'gae' }),
    writeManifest(unwritable, { method: 'gae' }),
    writeManifest(model, { output: 'sigmoid' }),
    writeManifest(model, { labels: 'classes.txt' }),
  ]);
  expect(failed.status).toBe('rejected');
  expect(await readManifest(model)).toEqual({
    ...{ format: 1, method: 'gae', output: 'sigmoid', labels: 'classes.txt' },
  });
  expect(await readdir(folder)).toEqual(['own.vit.json']);
});
