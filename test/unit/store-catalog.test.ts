import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import * as v from 'valibot';
import data from '../../models/catalog.json';
import { catalog, catalogEntry, catalogSchema, weightsOf } from '../../src/store/catalog';
import { consentText } from '../../src/store/download/consent-text';
import { deleteModel, listModels, recordName, sizeOnDisk } from '../../src/store/downloaded-models';
import { formatBytes } from '../../src/store/format-bytes';
import { labelLists } from '../../src/store/labels';
import { resolveModel } from '../../src/store/resolve-model';

let folder = '';
const folders = () => ({
  starterFolder: path.join(folder, 'starter'),
  ownFolder: path.join(folder, 'own'),
  downloads: path.join(folder, 'downloads'),
});

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-catalog-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Puts an entry's files on disk as a finished download leaves them. */
async function place(id: string, contents: Record<string, string>): Promise<void> {
  const files: Record<string, { bytes: number; sha256: string; checked: string }> = {};
  for (const [name, content] of Object.entries(contents)) {
    const file = path.join(folder, 'downloads', id, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
    files[name] = { bytes: content.length, sha256: 'a'.repeat(64), checked: 'first-download' };
  }
  const record = { format: 1, id, files };
  await writeFile(path.join(folder, 'downloads', id, recordName), JSON.stringify(record));
}

describe('the catalog', () => {
  it('follows its schema', () => {
    const parsed = v.safeParse(catalogSchema, data);
    expect(parsed.issues).toBeUndefined();
  });

  it('names each model once, and none like the shipped one', () => {
    const ids = catalog.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).not.toContain('starter');
  });

  it.each([
    'vit-base-patch16-224',
    'vit-tiny-patch16-224',
    'vit-small-patch16-224',
    'vit-large-patch16-224',
    'deit-tiny-patch16-224',
    'deit-small-patch16-224',
    'deit-base-patch16-224',
    'dinov2-base-patch14',
    'dinov2-small-patch14',
    'dinov2-small-patch14-registers',
    'mae-vit-base-patch16',
    'clip-vit-base-patch16',
    'clip-vit-base-patch32',
  ])('has %s', (id) => {
    expect(catalogEntry(id)).toBeDefined();
  });

  it('points at weights of a kind that can be explained, and to configurations beside them', () => {
    for (const entry of catalog) {
      expect(weightsOf(entry).path).toMatch(/\.(onnx|safetensors|pth)$/);
      if (weightsOf(entry).path.endsWith('.safetensors'))
        expect(entry.files.map(({ path: file }) => file)).toContain('config.json');
    }
  });

  it.each([
    ['a path out of the folder', { path: '../evil.onnx' }],
    ['an absolute path', { path: '/etc/passwd' }],
    ['a checksum that is none', { sha256: 'abc' }],
    ['a size that is none', { approximateBytes: 0 }],
  ])('would refuse %s', (_, change) => {
    const [first] = catalog;
    const files = first?.files.map((file) => ({ ...file, ...change }));
    expect(v.safeParse(catalogSchema, { format: 1, models: [{ ...first, files }] }).success).toBe(
      false,
    );
  });

  it('has a thousand different ImageNet labels in the usual order', () => {
    const labels = labelLists['imagenet-1k'];
    expect(new Set(labels).size).toBe(1000);
    expect([labels[0], labels[207], labels[243], labels[281], labels[999]]).toEqual([
      'tench',
      'golden retriever',
      'bull mastiff',
      'tabby',
      'toilet tissue',
    ]);
  });

  it('asks with size, host, licence and how it is checked', () => {
    const entry = catalogEntry('deit-base-patch16-224');
    const consent = consentText(entry ?? fail(), undefined);
    expect(consent.question).toBe('Download DeiT-B/16 (about 346 MB) from huggingface.co?');
    expect(consent.details.join(' ')).toMatch(/Licence: Apache-2\.0.*No checksum.*recorded now/);
    const known = consentText(catalogEntry('vit-base-patch16-224') ?? fail(), undefined);
    expect(known.details.join(' ')).toMatch(/checked against their published SHA-256/);
    const mae = consentText(
      catalogEntry('mae-vit-base-patch16') ?? fail(),
      'https://mirror.example',
    );
    expect(mae.question).toContain('from dl.fbaipublicfiles.com');
  });
});

describe('models on disk', () => {
  it('are listed: shipped, catalog, own', async () => {
    await place('deit-tiny-patch16-224', {
      'config.json': '{}',
      'model.safetensors': 'x'.repeat(500),
    });
    await mkdir(path.join(folder, 'own'));
    await writeFile(path.join(folder, 'own', 'mine.onnx'), 'abc');
    await writeFile(path.join(folder, 'own', 'notes.txt'), 'abc');
    const list = await listModels(folders());
    expect(list[0]).toMatchObject({ id: 'starter', onDisk: false, source: 'shipped' });
    const byId = new Map(list.map((line) => [line.id, line]));
    expect(byId.get('deit-tiny-patch16-224')).toMatchObject({ onDisk: true, source: 'catalog' });
    expect(byId.get('deit-tiny-patch16-224')?.bytes).toBeGreaterThan(502);
    expect(byId.get('vit-base-patch16-224')).toMatchObject({
      onDisk: false,
      licence: 'Apache-2.0',
    });
    expect(list.filter(({ source }) => source === 'own')).toEqual([
      {
        id: `file:${path.join(folder, 'own', 'mine.onnx')}`,
        name: 'mine.onnx',
        onDisk: true,
        bytes: 3,
        licence: undefined,
        source: 'own',
      },
    ]);
  });

  it('resolve by their id, with what the catalog knows where the download says nothing', async () => {
    await place('mae-vit-base-patch16', { 'mae_finetuned_vit_base.pth': 'x' });
    const model = await resolveModel('mae-vit-base-patch16', folders());
    expect(model).toMatchObject({
      id: 'mae-vit-base-patch16',
      name: 'MAE ViT-B/16',
      preprocessingSource: 'from the catalog',
    });
    expect(model.preprocessing.resize).toEqual({ rule: 'shortest-edge', size: 256 });
    expect(model.labels).toHaveLength(1000);
  });

  it('prefer the configuration that was downloaded beside the weights', async () => {
    await place('clip-vit-base-patch16', {
      'preprocessor_config.json': JSON.stringify({
        feature_extractor_type: 'CLIPFeatureExtractor',
        size: 336,
        crop_size: 336,
        do_center_crop: true,
      }),
      'onnx/vision_model.onnx': 'x',
    });
    const model = await resolveModel('clip-vit-base-patch16', folders());
    expect(model.preprocessing.crop).toEqual([336, 336]);
    expect(model.labels).toEqual([]);
  });

  it('that are not complete are named as such, with the way to get them', async () => {
    const weights = path.join(folder, 'downloads', 'vit-base-patch16-224', 'model.safetensors');
    await mkdir(path.dirname(weights), { recursive: true });
    await writeFile(weights, 'half');
    await expect(resolveModel('vit-base-patch16-224', folders())).rejects.toMatchObject({
      code: 'model-missing',
      nextStep: expect.stringContaining('models pull vit-base-patch16-224') as string,
    });
  });

  it('are deleted whole, half-finished ones too, and nothing else is', async () => {
    const { downloads } = folders();
    await place('deit-tiny-patch16-224', { 'model.safetensors': 'x'.repeat(500) });
    await writeFile(path.join(downloads, 'deit-tiny-patch16-224', 'a.partial'), 'y'.repeat(100));
    await writeFile(path.join(folder, 'keep.onnx'), 'x');
    expect(await deleteModel('deit-tiny-patch16-224', downloads)).toBeGreaterThan(600);
    expect(await sizeOnDisk('deit-tiny-patch16-224', downloads)).toBe(0);
    for (const id of ['deit-tiny-patch16-224', 'starter', '..', '../keep.onnx'])
      await expect(deleteModel(id, downloads)).rejects.toMatchObject({ code: 'model-missing' });
  });
});

describe('sizes', () => {
  it.each([
    [0, '0 bytes'],
    [999, '999 bytes'],
    [160_000, '160 kB'],
    [346_293_852, '346 MB'],
    [999_600_000, '1 GB'],
    [1_220_000_000, '1.22 GB'],
  ])('%i bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes)).toBe(text);
  });
});

function fail(): never {
  throw new Error('no such entry');
}
