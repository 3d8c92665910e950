/** Tar archives of samples through the command line. */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJsonlReport } from '../read-report';
import { archive, member } from '../fixtures/tar';
import { bundle } from './bundle';
import { makeScene, type Scene } from './scene';

const repository = path.resolve(import.meta.dirname, '../..');
/** Photographs of `media/samples`, with the starter's class for each. */
const photographs = [
  ['cat', 'cat', 1],
  ['dog', 'dog', 0],
  ['pizza', 'pizza', 17],
  ['building', 'building', 14],
] as const;

let scene: Scene;
let cli: Awaited<ReturnType<typeof bundle>>;

beforeAll(async () => {
  [scene, cli] = await Promise.all([makeScene(), bundle('cli')]);
  const members: Buffer[] = [];
  for (const [name, label, index] of photographs) {
    const bytes = await readFile(path.join(repository, `media/samples/${name}.jpg`));
    await mkdir(at(`folder/${label}`), { recursive: true });
    await writeFile(at(`folder/${label}/${name}.jpg`), bytes);
    members.push(member(`${name}.jpg`, bytes), member(`${name}.cls`, String(index)));
  }
  await mkdir(at('data'));
  await writeFile(at('data/train-0000.tar'), archive(...members.slice(0, 4)));
  await writeFile(at('data/train-0001.tar'), archive(...members.slice(4)));
});
afterAll(async () => {
  await Promise.all([scene.remove(), cli.remove()]);
});

const at = (name: string) => path.join(scene.folder, name);

function run(...args: string[]) {
  return spawnSync(process.execPath, [cli.file, ...args], {
    cwd: scene.folder,
    env: { ...process.env, XDG_CACHE_HOME: at('cache') },
    encoding: 'utf8',
  });
}

describe('tar archives', () => {
  it('give what the same pictures give in a folder', async () => {
    const pattern = 'data/train-{0000..0001}.tar';
    const { status, stdout } = run('batch', pattern, '--jsonl', 'tars.jsonl', '--report', 'a.html');
    expect(status).toBe(0);
    expect(stdout).toMatch(/samples +4\naccuracy +[\d.]+ % of 4/);
    expect(run('batch', 'folder', '--jsonl', 'folder.jsonl').status).toBe(0);
    const tars = await readJsonlReport(at('tars.jsonl'));
    const folder = await readJsonlReport(at('folder.jsonl'));
    expect(tars.results.map(({ name }) => name)).toEqual([
      'train-0000.tar/cat.jpg',
      'train-0000.tar/dog.jpg',
      'train-0001.tar/building.jpg',
      'train-0001.tar/pizza.jpg',
    ]);
    expect(tars.header.labelReading).toBe('numbers');
    for (const result of tars.results) {
      const base = path.basename(result.name);
      const same = folder.results.find(({ name }) => path.basename(name) === base);
      expect({ ...result, name: '', label: '' }).toEqual({ ...same, name: '', label: '' });
    }
    // Small pictures of the surest mistakes are read from the archives again.
    const mistakes = tars.results.filter((one) => one.ok && one.truthRank !== 0).length;
    const pictures = (await readFile(at('a.html'), 'utf8')).split('data:image/jpeg').length - 1;
    expect(pictures).toBe(mistakes);
  });

  it('are gone on with, and one that is cut off is named', async () => {
    const whole = await readFile(at('data/train-0001.tar'));
    await writeFile(at('data/train-0001.tar'), whole.subarray(0, 3000));
    const args = ['batch', 'data', '--jsonl', 'resumed.jsonl'];
    const cut = run(...args);
    expect(cut.status).toBe(0);
    expect(cut.stderr).toMatch(/train-0001\.tar: It ends in the middle of pizza\.jpg/);
    expect((await readJsonlReport(at('resumed.jsonl'))).results).toHaveLength(2);
    await writeFile(at('data/train-0001.tar'), whole);
    const { status, stderr } = run(...args, '--resume');
    expect(stderr).toMatch(/another run: the number of samples differs/);
    expect(status).toBe(3);
    expect(run(...args).status).toBe(0);
    const lines = (await readFile(at('resumed.jsonl'), 'utf8')).split('\n');
    await writeFile(at('resumed.jsonl'), `${lines.slice(0, 3).join('\n')}\n`);
    expect(run(...args, '--resume').status).toBe(0);
    expect((await readFile(at('resumed.jsonl'), 'utf8')).split('\n')).toEqual(lines);
  });

  it('are not written over', () => {
    const { status, stderr } = run('batch', 'data', '--csv', 'data/train-0001.tar');
    expect(stderr).toMatch(/--csv and what is to be read are the same file, data\/train-0001\.tar/);
    expect(status).toBe(2);
  });

  it('are measured by evaluate', () => {
    const methods = ['--methods', 'attention_rollout,attention'];
    const { status, stdout } = run(
      'evaluate',
      'data',
      ...methods,
      '--pictures',
      '2',
      '--steps',
      '4',
    );
    expect(status).toBe(0);
    expect(stdout).toMatch(/attention_rollout/);
  });

  it('are no picture, but each of their pictures is one', async () => {
    const { status, stderr } = run('explain', 'data/train-0000.tar');
    expect(stderr).toMatch(
      /is an archive of pictures and not a picture\.\s+Explain all of them by vit-explain batch data\/train-0000\.tar, or one of them/,
    );
    expect(status).toBe(3);
    expect(run('explain', 'data/train-0000.tar/cat.jpg', '--json').status).toBe(0);
    const { topK } = JSON.parse(await readFile(at('cat.json'), 'utf8')) as {
      topK: readonly { index: number }[];
    };
    expect(topK[0]?.index).toBe(1);
    expect(run('explain', 'data/train-0000.tar/gone.jpg').stderr).toMatch(/does not exist/);
  });

  it('are named in manifests by the path through them', async () => {
    await writeFile(at('list.csv'), 'path,label\ndata/train-0000.tar/dog.jpg,dog\n');
    const { status, stdout } = run('batch', 'list.csv');
    expect(status).toBe(0);
    expect(stdout).toMatch(/accuracy +100\.00 % of 1/);
  });
});
