/** A checkpoint in parts, as a person names it. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { listModels } from '../../src/store/downloaded-models';
import { manifestPath, readManifest, writeManifest } from '../../src/store/manifest';
import { resolveModel } from '../../src/store/resolve-model';
import { splitSafetensors } from '../fixtures/intake/split-safetensors';

const fixture = path.resolve(import.meta.dirname, '../fixtures/intake/hf_vit.safetensors');
let folder = '';
let index = '';
const folders = () => ({ starterFolder: path.join(folder, 'starter') });
const beside = (name: string) => path.join(folder, 'model', name);

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-store-shards-'));
  await mkdir(path.join(folder, 'model'));
  index = await splitSafetensors(fixture, path.join(folder, 'model'), 2);
  await writeFile(beside('config.json'), '{"id2label": {"0": "cat", "1": "dog"}}');
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

it('is named by its index, its folder, or any of its parts', async () => {
  const named = ['', 'model.safetensors.index.json', 'model-00002-of-00002.safetensors'];
  for (const name of named) {
    const model = await resolveModel(beside(name), folders());
    expect(model).toMatchObject({
      id: `file:${index}`,
      path: index,
      labels: ['cat', 'dog'],
      guessedPreset: 'hugging-face-vit',
    });
  }
});

it('has its manifest and its labels under the name that the whole would have', async () => {
  expect(manifestPath(index)).toBe(beside('model.vit.json'));
  await rm(beside('config.json'));
  await writeFile(beside('model.labels.txt'), 'lynx\nhound\n');
  await writeFile(beside('other.labels.txt'), 'no\none\n');
  const { preprocessing, labels } = await resolveModel(index, folders());
  expect(labels).toEqual(['lynx', 'hound']);
  await writeManifest(index, { preprocessing });
  expect(await readManifest(index)).toMatchObject({ preprocessing });
  const model = await resolveModel(beside(''), folders());
  expect(model.preprocessingSource).toBe('from model.vit.json');
});

it('is one model in a list of models', async () => {
  const listed = await listModels({ ...folders(), ownFolder: beside('') });
  expect(listed.filter(({ source }) => source === 'own').map(({ name }) => name)).toEqual([
    'model.safetensors.index.json',
  ]);
});

it('is missed by name: the index, or a part by itself', async () => {
  await rm(index);
  const part = resolveModel(beside('model-00001-of-00002.safetensors'), folders());
  await expect(part).rejects.toMatchObject({
    code: 'model-missing',
    message:
      'model-00001-of-00002.safetensors is one of several parts of a model, and there is no model.safetensors.index.json beside it.',
  });
  const missing = resolveModel(index, folders());
  await expect(missing).rejects.toMatchObject({ code: 'model-missing' });
});

it('takes a single part for the whole', async () => {
  await rm(index);
  const whole = beside('only-00001-of-00001.safetensors');
  await writeFile(whole, '');
  expect((await resolveModel(whole, folders())).path).toBe(whole);
});
