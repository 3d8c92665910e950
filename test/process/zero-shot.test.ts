/** Phrases on the command line. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeNpy } from '../../src/shared/npy';
import type { ExplainResult } from '../../src/shared/worker-protocol';
import { clipFiles, clipPicture, clipReference } from '../fixtures/clip/reference';
import { bundle } from './bundle';
import { makeScene, type Scene } from './scene';

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

async function explain(...args: string[]) {
  const env = {
    ...process.env,
    XDG_CACHE_HOME: path.join(scene.folder, 'cache'),
    XDG_DATA_HOME: path.join(scene.folder, 'data'),
  };
  const run = promisify(execFile)(
    process.execPath,
    [cli.file, 'explain', picture, '--tensor', '--out', scene.folder, ...args],
    { env, cwd: scene.folder },
  );
  try {
    return { code: 0, ...(await run) };
  } catch (error) {
    return error as { code: number; stdout: string; stderr: string };
  }
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
