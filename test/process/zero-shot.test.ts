/** Phrases on the command line. */
import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJsonlReport } from '../read-report';
import { writeNpy } from '../../src/shared/npy';
import type { ExplainResult } from '../../src/shared/protocol/explain';
import { clipFiles, clipPicture, clipReference } from '../fixtures/clip/reference';
import { bundle } from './bundle';
import { gradientPicture, makeScene, type Scene } from './scene';

const { similarities, size } = clipReference;
let scene: Scene;
let cli: Awaited<ReturnType<typeof bundle>>;
let picture = '';

beforeAll(async () => {
  [scene, cli] = await Promise.all([makeScene(), bundle('cli')]);
  picture = path.join(scene.folder, 'picture.npy');
  await writeFile(picture, writeNpy({ shape: [1, 3, size, size], values: clipPicture() }));
});
afterAll(async () => {
  await Promise.all([scene.remove(), cli.remove()]);
});

async function run(...args: string[]) {
  const env = {
    ...process.env,
    XDG_CACHE_HOME: path.join(scene.folder, 'cache'),
    XDG_DATA_HOME: path.join(scene.folder, 'data'),
  };
  try {
    const options = { env, cwd: scene.folder };
    return {
      code: 0,
      ...(await promisify(execFile)(process.execPath, [cli.file, ...args], options)),
    };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
}

function explain(...args: string[]) {
  return run('explain', picture, '--tensor', '--out', scene.folder, ...args);
}

describe('vit-explain explain --text', () => {
  it('lists every phrase with its probability and similarity, the most probable first', async () => {
    const texts = ['--text', 'a tabby cat', '--text', 'a red collar', '--text', ' a  red collar '];
    const { code, stdout } = await explain('--model', clipFiles.folder, ...texts);
    expect(code).toBe(0);
    const [, first, second] = stdout.split('\n');
    expect(first).toMatch(/ \d+\.\d % {2}a red collar \(similarity 0\.045\)$/);
    expect(second).toMatch(/ \d+\.\d % {2}a tabby cat \(similarity -0\.026\)$/);
    expect(stdout).toContain('Evidence for a red collar:');
  });

  it('writes the maps of all phrases, with a contact sheet', async () => {
    const phrases = ['a tabby cat', 'a red collar', 'a dog', 'sitting', 'a photo', 'the cats'];
    const texts = phrases.flatMap((phrase) => ['--text', phrase]);
    const { code } = await explain('--model', clipFiles.vision, ...texts, '--json', '--png');
    expect(code).toBe(0);
    const file = path.join(scene.folder, 'picture.json');
    const { topK, explanations } = JSON.parse(await readFile(file, 'utf8')) as ExplainResult & {
      explanations: { label: string; similarity: number; heatmap: number[] }[];
    };
    expect(topK).toHaveLength(phrases.length);
    expect(explanations.map(({ label }) => label).sort()).toEqual([...phrases].sort());
    const cat = explanations.find(({ label }) => label === 'a tabby cat');
    expect(cat?.similarity).toBeCloseTo(similarities[0] ?? NaN, 4);
    expect(cat?.heatmap).toHaveLength((size / 8) ** 2);
    expect((await readFile(path.join(scene.folder, 'picture.png'))).subarray(1, 4).toString()).toBe(
      'PNG',
    );
  });

  it('gives one phrase no probability', async () => {
    const { code, stdout, stderr } = await explain(
      '--model',
      clipFiles.folder,
      '--text',
      'a tabby cat',
    );
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +a tabby cat \(similarity -0\.026\)$/m);
    expect(stdout).not.toMatch(/\d %/);
    expect(stderr).toContain('needs an alternative');
  });

  it('asks for phrases where none are given', async () => {
    const { code, stderr } = await explain('--model', clipFiles.folder);
    expect(code).toBe(4);
    expect(stderr).toMatch(/compares the picture with phrases\.\n {2}Give at least two/);
  });

  it('says of another model that it cannot read phrases', async () => {
    const { code, stderr } = await explain('--model', scene.small.path, '--text', 'a cat');
    expect(code).toBe(4);
    expect(stderr).toMatch(/cannot compare a picture with phrases/);
  });
});

describe('vit-explain batch --text', () => {
  const phrases = ['a tabby cat', 'a red collar', 'a dog'];
  const at = (...names: string[]) => path.join(scene.folder, ...names);
  const texts = (...some: string[]) => some.flatMap((phrase) => ['--text', phrase]);
  const batch = (...args: string[]) =>
    run('batch', 'dataset', '--model', clipFiles.folder, '--threads', '1', ...args);

  beforeAll(async () => {
    for (const [label, width] of [
      ['red_collar', 64],
      ['A_Dog', 90],
      ['kayak', 50],
    ] as const) {
      await mkdir(at('dataset', label), { recursive: true });
      await gradientPicture(width, 60)
        .png()
        .toFile(at('dataset', label, `${width}.png`));
    }
  });

  it('takes the phrases for the classes, and labels by their words', async () => {
    const { code, stdout, stderr } = await batch(...texts(...phrases), '--jsonl', 'three.jsonl');
    expect(stderr).toContain('No class fits these labels: kayak.');
    expect(code).toBe(0);
    expect(stdout).toMatch(/samples +3\naccuracy +[\d.]+ % of 2 with/);
    const { header, results } = await readJsonlReport(at('three.jsonl'));
    expect(header.classes).toEqual(phrases);
    const truths = results.map((result) => (result.ok ? result.truth : 'broken'));
    expect(truths).toEqual([2, undefined, 1]);
  });

  it('takes a mapping of labels only where one is named', async () => {
    await writeFile(at('dataset', 'vit-labels.json'), '{"kayak": "boat of another model"}');
    await writeFile(at('mapping.json'), '{"kayak": "a tabby cat", "A_Dog": 1}');
    await batch(...texts(...phrases), '--labels', 'mapping.json', '--jsonl', 'mapped.jsonl');
    await rm(at('dataset', 'vit-labels.json'));
    const { results } = await readJsonlReport(at('mapped.jsonl'));
    expect(results.map((result) => (result.ok ? result.truth : 'broken'))).toEqual([1, 0, 1]);
  });

  it('says of each picture what explain says of it', async () => {
    const single = ['--json', '--out', at()];
    const photo = at('dataset', 'kayak', '50.png');
    await run('explain', photo, '--model', clipFiles.folder, ...texts(...phrases), ...single);
    const { topK, explanations } = JSON.parse(await readFile(at('50.json'), 'utf8')) as {
      topK: { index: number; probability: number }[];
      explanations: { heatmap: number[] }[];
    };
    const { results } = await readJsonlReport(at('three.jsonl'));
    const kayak = results.find(({ name }) => name === 'kayak/50.png');
    if (kayak?.ok !== true) throw new Error('the kayak was not explained');
    expect(kayak.top.map(({ index }) => index)).toEqual(topK.map(({ index }) => index));
    kayak.top.forEach(({ probability }, rank) => {
      expect(probability).toBeCloseTo(topK[rank]?.probability ?? NaN, 4);
    });
    const map = new Float32Array(Uint8Array.from(Buffer.from(kayak.map.values, 'base64')).buffer);
    explanations[0]?.heatmap.forEach((value, patch) => {
      expect(map[patch]).toBeCloseTo(value, 5);
    });
  });

  it('keeps results of other phrases apart, and finds those of the same ones again', async () => {
    const turned = phrases.toReversed();
    await batch(...texts(...turned), '--jsonl', 'turned.jsonl');
    const straight = await readJsonlReport(at('three.jsonl'));
    const other = await readJsonlReport(at('turned.jsonl'));
    const answers = ({ header, results }: typeof other) =>
      results.map((result) =>
        result.ok
          ? result.top.map(({ index, probability }) => [header.classes[index], probability])
          : [],
      );
    expect(answers(other)).toEqual(answers(straight));
    const kept = async () => (await readdir(at('cache', 'vit-explainer', 'results'))).length;
    const before = await kept();
    await batch(...texts(...phrases), '--jsonl', 'again.jsonl');
    expect(await readFile(at('again.jsonl'), 'utf8')).toBe(
      await readFile(at('three.jsonl'), 'utf8'),
    );
    expect(await kept()).toBe(before);
  });

  it('goes on with the same phrases only', async () => {
    const other = texts('a tabby cat', 'a red collar', 'sitting');
    const { code, stderr } = await batch(...other, '--jsonl', 'three.jsonl', '--resume');
    expect(code).toBe(3);
    expect(stderr).toMatch(/belongs to another run/);
  });

  it('says what is missing', async () => {
    const none = await batch();
    expect(none.code).toBe(4);
    expect(none.stderr).toMatch(/compares the picture with phrases\.\n {2}Give at least two/);
    const one = await batch(...texts('a dog', ' a  dog'));
    expect(one.code).toBe(2);
    expect(one.stderr).toMatch(/give at least two with --text/);
    const deaf = await run('batch', 'dataset', '--model', scene.small.path, ...texts('a', 'b'));
    expect(deaf.code).toBe(4);
    expect(deaf.stderr).toMatch(/cannot compare a picture with phrases/);
  });
});
