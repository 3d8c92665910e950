/** Linear probes by the command line, on real photographs and the starter model. */
import { spawn } from 'node:child_process';
import { copyFile, mkdtemp, mkdir, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ProbeManifest, ProbeReport } from '../../src/shared/probe';
import { photoClassNames, writePhotoClasses } from '../fixtures/photo-classes';
import { bundle } from './bundle';
import { writeModel } from './scene';

let cli: Awaited<ReturnType<typeof bundle>>;
let folder = '';
const repository = path.resolve(import.meta.dirname, '../..');
const at = (...names: string[]) => path.join(folder, ...names);

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-probe-'));
  cli = await bundle('cli');
  await mkdir(at('cache'));
  await writePhotoClasses(repository, at('photos'), 8);
  await writeFile(at('photos', '猫', 'broken.jpg'), 'no picture');
});
afterAll(async () => {
  await Promise.all([cli.remove(), rm(folder, { recursive: true })]);
});

function start(args: readonly string[]) {
  return spawn(process.execPath, [cli.file, ...args], {
    cwd: folder,
    env: { ...process.env, XDG_CACHE_HOME: at('cache'), XDG_DATA_HOME: at('data') },
  });
}

function finished(child: ReturnType<typeof start>) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

function run(...args: string[]) {
  return finished(start([...args]));
}

async function json<T>(...names: string[]): Promise<T> {
  return JSON.parse(await readFile(at(...names), 'utf8')) as T;
}

describe('vit-explain probe', { timeout: 240_000 }, () => {
  it('trains on class folders, and the head is a model that is explained', async () => {
    const { code, stdout, stderr } = await run('probe', 'train', 'photos', '--threads', '1');
    expect(stderr).toContain('Computing features');
    expect(code).toBe(0);
    expect(stdout).toMatch(/features: 24 computed \([\d.]+ a second\), 0 from the cache/);
    // What is broken is listed, and the rest is used.
    expect(stdout).toMatch(/left out\n {2}猫\/broken\.jpg: “.*” could not be read as a picture/);

    const manifest = await json<ProbeManifest>('photos.probe.json');
    expect(manifest).toMatchObject({
      name: 'photos',
      backbone: { id: 'starter' },
      classes: photoClassNames,
      split: { by: 'seed', train: 18, validation: 6, skipped: 1 },
    });
    expect(manifest.accuracy.top1).toBeGreaterThan(0.8);
    expect(manifest.learningCurve.at(-1)).toEqual({ rows: 18, top1: manifest.accuracy.top1 });

    const explained = await run(
      'explain',
      path.join('photos', '猫', '0.jpg'),
      '--model',
      'photos.probe.safetensors',
      '--threads',
      '1',
      '--class',
      '猫',
    );
    expect(explained.stdout).toContain('Evidence for 猫');
    const list = await run('probe', 'list');
    expect(list.stdout).toMatch(
      /^photos\.probe\.safetensors {2}top-1 [\d.]+ % {2}3 classes {2}on Starter ViT\n$/,
    );
  });

  it('gives the same bytes again, from features in the cache', async () => {
    const before = await readFile(at('photos.probe.safetensors'));
    const kept = await run('probe', 'train', 'photos', '--threads', '1');
    expect(kept.code).toBe(2);
    expect(kept.stderr).toContain('There is a probe at photos.probe.safetensors already.');
    const again = await run('probe', 'train', 'photos', '--threads', '1', '--force');
    expect(again.stdout).toContain('features: 0 computed, 24 from the cache');
    expect(await readFile(at('photos.probe.safetensors'))).toEqual(before);
    const other = await run('probe', 'train', 'photos', '--seed', '5', '--name', 'other');
    expect(other.code).toBe(0);
    expect(await readFile(at('other.probe.safetensors'))).not.toEqual(before);
  });

  it('is measured on a manifest, and unknown labels are listed', async () => {
    const rows = ['path,label', 'photos/猫/0.jpg,猫', 'photos/buildings/1.jpg,buildings'];
    const wrong = ['photos/buildings/2.jpg,猫', 'photos/buildings/3.jpg,kayak'];
    await writeFile(at('some.csv'), [...rows, ...wrong].join('\n'));
    const { stdout, stderr } = await run(
      ...['probe', 'eval', 'photos.probe.json', 'some.csv', '--json', '--explain', '3'],
      ...['--threads', '1'],
    );
    expect(stderr).toContain('Explaining the surest mistakes');
    const report = JSON.parse(stdout) as ProbeReport;
    expect(report).toMatchObject({
      pictures: 3,
      classes: photoClassNames,
      skipped: [{ name: 'photos/buildings/3.jpg', reason: 'The probe has no class “kayak”.' }],
    });
    expect(report.top1).toBeCloseTo(2 / 3);
    const [cat, buildings] = [report.classes.indexOf('猫'), report.classes.indexOf('buildings')];
    expect(report.confusion[cat]?.[buildings]).toBe(1);
    const [mistake] = report.mistakes;
    expect(mistake).toMatchObject({
      name: 'photos/buildings/2.jpg',
      truth: cat,
      answer: buildings,
    });
    expect(Buffer.from(mistake?.map?.values ?? '', 'base64').length).toBe(12 * 12 * 4);
  });

  it('says what it assumes and how pictures were read, also of features in the cache', async () => {
    const { preprocessing } = await writeModel(at('bare.onnx'), { classes: 3 });
    expect(preprocessing.crop).toHaveLength(2);
    for (const label of ['one', 'two']) {
      await mkdir(at('remarked', label), { recursive: true });
      for (const number of [0, 1, 2, 3]) {
        const red = (label === 'one' ? 200 : 20) + number;
        const background = { r: red, g: 90, b: 30, alpha: number === 0 ? 0.5 : 1 };
        const create = { width: 20, height: 20, channels: 4, background } as const;
        await sharp({ create })
          .png()
          .toFile(at('remarked', label, `${number}.png`));
      }
    }
    const options = ['--model', 'bare.onnx', '--threads', '1', '--explain', '0'];
    for (const more of [[], ['--force']]) {
      const { code, stderr } = await run('probe', 'train', 'remarked', ...options, ...more);
      expect(`${code} ${code === 0 ? '' : stderr}`).toBe('0 ');
      expect(stderr.match(/^Assumed of bare.*: preprocessing .*$/gm)).toHaveLength(1);
      expect(stderr.match(/^2 pictures have transparency/gm)).toHaveLength(1);
    }
    const measured = await run('probe', 'eval', 'remarked.probe.safetensors', 'remarked');
    expect(measured.code).toBe(0);
    expect(measured.stderr.match(/^2 pictures have transparency/gm)).toHaveLength(1);
    expect(measured.stdout).not.toContain('top-5');
  });

  it('takes the split from train and val folders', async () => {
    for (const label of photoClassNames) {
      for (const [index, part] of ['train', 'train', 'train', 'val'].entries()) {
        await mkdir(at('parts', part, label), { recursive: true });
        await copyFile(
          at('photos', label, `${index}.jpg`),
          at('parts', part, label, `${index}.jpg`),
        );
      }
    }
    const { code } = await run('probe', 'train', 'parts', '--threads', '1', '--out', 'heads');
    expect(code).toBe(0);
    const manifest = await json<ProbeManifest>('heads', 'parts.probe.json');
    expect(manifest.split).toMatchObject({ by: 'dataset', train: 9, validation: 3 });
    const report = await json<ProbeReport>('heads', 'parts.probe-report.json');
    expect(report.answers.map(({ name }) => name)).toEqual(
      photoClassNames.map((label) => `val/${label}/3.jpg`),
    );
  });

  it('goes on after it was stopped half-way', async () => {
    await writePhotoClasses(repository, at('many'), 60);
    const child = start(['probe', 'train', 'many', '--threads', '1']);
    const ended = finished(child);
    const records = async () => {
      const sizes = await Promise.all(
        (await filesBelow(at('cache'))).map(async (file) =>
          file.endsWith('.features') ? (await stat(file)).size : 0,
        ),
      );
      // Checksum of the picture, remarks, features, checksum of all.
      return sizes.reduce((sum, size) => sum + size, 0) / (32 + 4 + 4 * 192 + 4);
    };
    const before = await records();
    while ((await records()) < before + 3) await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    expect(code).toBe(1);
    expect(stderr).toMatch(/Cancelled after \d+ of 180 pictures/);
    const computed = (await records()) - before;
    const second = await run('probe', 'train', 'many', '--threads', '1', '--explain', '0');
    const figures = /features: (\d+) computed .*, (\d+) from the cache/.exec(second.stdout);
    const [rest = 0, cached = 0] = figures?.slice(1).map(Number) ?? [];
    expect(cached).toBeGreaterThanOrEqual(computed);
    expect(rest + cached).toBe(180);
    expect(await records()).toBe(before + computed + rest);
  });

  it.each([
    ['one class only', 3, { buildings: 3 }, /All pictures carry the same label, “buildings”/],
    [
      'a class with one picture',
      3,
      { buildings: 3, 猫: 1 },
      /The class “猫” has only one readable picture/,
    ],
    ['no class folders', 3, { '.': 2 }, /The 2 pictures in .* carry no labels/],
    ['an empty folder', 3, {}, /There is no picture in /],
  ])('refuses %s before any work', async (_what, code, counts, sentence) => {
    const dataset = at('refused');
    await rm(dataset, { recursive: true, force: true });
    await mkdir(dataset);
    for (const [label, count] of Object.entries(counts)) {
      await mkdir(path.join(dataset, label), { recursive: true });
      for (let index = 0; index < count; index++) {
        await copyFile(
          at('photos', 'buildings', `${index}.jpg`),
          path.join(dataset, label, `${index}.jpg`),
        );
      }
    }
    const result = await run('probe', 'train', 'refused');
    expect(result.stderr).toMatch(sentence);
    expect(result.stderr).not.toContain('Computing features');
    expect(result.code).toBe(code);
  });

  it('says so when the backbone is another file, is gone, or the head belongs to another one', async () => {
    const model = await writeModel(at('small.onnx'), {});
    const manifest = { format: 1, preprocessing: model.preprocessing };
    await writeFile(at('small.vit.json'), JSON.stringify(manifest));
    const trained = await run(
      ...['probe', 'train', 'photos', '--model', 'small.onnx', '--name', 'own', '--explain', '0'],
    );
    expect(trained.code).toBe(0);
    const explain = () =>
      run('explain', path.join('photos', 'buildings', '0.jpg'), '--model', 'own.probe.safetensors');
    expect((await explain()).stdout).toContain('Evidence for');

    await writeModel(at('small.onnx'), { seed: 2 });
    const changed = await explain();
    expect(changed.stderr).toContain('small.onnx has changed since the probe was trained on it');
    expect(changed.code).toBe(4);
    const measured = await run('probe', 'eval', 'own.probe.safetensors', 'photos');
    expect(measured.stderr).toContain('has changed since the probe was trained on it');

    await rm(at('small.onnx'));
    const missing = await explain();
    expect(missing.stderr).toMatch(/reads the features of small\.onnx, which is no longer at /);
    expect(missing.code).toBe(4);

    await writeModel(at('small.onnx'), {});
    await copyFile(at('photos.probe.safetensors'), at('own.probe.safetensors'));
    const mixed = await explain();
    expect(mixed.stderr).toContain('belong to different trainings');
    expect(mixed.code).toBe(4);
  });

  it('says so when the manifest beside a head is not of its training', async () => {
    const manifest = await json<ProbeManifest>('photos.probe.json');
    const explained = async (changed: ProbeManifest, head: string) => {
      await copyFile(at(head), at('tied.probe.safetensors'));
      await writeFile(at('tied.probe.json'), JSON.stringify(changed));
      const measured = await run('probe', 'eval', 'tied.probe.safetensors', 'photos');
      const picture = path.join('photos', 'buildings', '0.jpg');
      const { code, stderr } = await run('explain', picture, '--model', 'tied.probe.safetensors');
      expect(measured.code).toBe(code);
      return code === 0 ? '' : stderr;
    };
    const own = 'photos.probe.safetensors';
    const { headSha256, ...older } = manifest;
    expect(headSha256).toMatch(/^[0-9a-f]{64}$/);
    expect(await explained(older, own)).toBe('');
    const reversed = { ...manifest, classes: manifest.classes.toReversed() };
    expect(await explained(reversed, own)).toContain('the same ones in another order');
    expect(await explained(manifest, 'other.probe.safetensors')).toContain(
      'the manifest was written for another head',
    );
    const more = { ...older, classes: [...manifest.classes, 'more'] };
    expect(await explained(more, own)).toContain('classes, the manifest names');
  });

  it('deletes a probe with its manifest and reports', async () => {
    const { code, stdout } = await run('probe', 'rm', 'own.probe.safetensors');
    expect(code).toBe(0);
    expect(stdout).toContain('Deleted own.probe.json');
    expect((await readdir(folder)).filter((name) => name.startsWith('own.'))).toEqual([]);
    expect((await run('probe', 'rm', 'own')).stderr).toContain('There is no probe at own.');
  });
});

async function filesBelow(root: string): Promise<string[]> {
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name));
}
