/** `vit-explain evaluate` on a small model: reports, a run that was killed, methods added later, shards. */
import { spawn } from 'node:child_process';
import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readEvaluation } from '../../src/dataset/evaluation/evaluation-file';
import { bundle } from './bundle';
import { makeScene, type Scene } from './scene';

const samples = path.resolve(import.meta.dirname, '../../media/samples');
/** Photographs by the folder they are put in, which names a class of the model. */
const photographs: Readonly<Record<string, readonly string[]>> = {
  'label 0': ['dog.jpg', 'cat.jpg', 'pizza.jpg'],
  'label 1': ['building.jpg', 'person.jpg'],
};
const methods = 'gae,attention_rollout,libra_fullgrad';

let scene: Scene;
let cli: Awaited<ReturnType<typeof bundle>>;

beforeAll(async () => {
  [scene, cli] = await Promise.all([makeScene(), bundle('cli')]);
  for (const [label, names] of Object.entries(photographs)) {
    await mkdir(at(`photographs/${label}`), { recursive: true });
    for (const name of names)
      await copyFile(path.join(samples, name), at(`photographs/${label}/${name}`));
  }
  await writeFile(at('photographs/label 1/broken.jpg'), 'This is no picture.\n');
  const { preprocessing, labels } = scene.small;
  await writeFile(at('small.vit.json'), JSON.stringify({ format: 1, preprocessing, labels }));
  await evaluated('--jsonl', 'all.jsonl', '--csv', 'all.csv', '--json', 'all.json');
});
afterAll(async () => {
  await Promise.all([scene.remove(), cli.remove()]);
});

const at = (name: string) => path.join(scene.folder, name);
const text = (name: string) => readFile(at(name), 'utf8');

function start(...args: string[]) {
  const child = spawn(process.execPath, [cli.file, ...args], {
    cwd: scene.folder,
    env: { ...process.env, XDG_CACHE_HOME: at('cache') },
  });
  let output = '';
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  const ended = new Promise<{ code: number | null; output: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, output, stderr }));
  });
  return { child, ended };
}

const run = (...args: string[]) => start(...args).ended;

const evaluated = (...args: string[]) =>
  run('evaluate', 'photographs', '-m', 'small.onnx', '--methods', methods, ...args);

describe('vit-explain evaluate', () => {
  it('measures every method on every picture, and passes over what cannot be read', async () => {
    const { header, records } = await readEvaluation(at('all.jsonl'));
    expect(header.samples).toBe(6);
    expect([...records.keys()]).toEqual([...records.keys()].sort());
    const found = [...records.values()].filter((record) => record.ok);
    expect(found).toHaveLength(5);
    for (const { maps, index, shares } of found) {
      expect(Object.keys(maps)).toEqual(methods.split(',').sort());
      expect(index).toBeLessThan(header.classes.length);
      for (const { mostFirst, leastFirst, figures } of Object.values(maps)) {
        expect(mostFirst.probability).toHaveLength(shares.length);
        // Nothing away, and everything away: the order makes no difference.
        expect(mostFirst.probability[0]).toBe(leastFirst.probability[0]);
        expect(mostFirst.probability.at(-1)).toBe(leastFirst.probability.at(-1));
        expect(figures.abc).toBeCloseTo(figures.insertion - figures.deletion, 4);
      }
    }
    expect(records.get('label 1/broken.jpg')).toMatchObject({ ok: false });
    expect((await text('all.csv')).trim().split('\r\n')).toHaveLength(1 + 5 * 5 + 1);
  });

  it('makes all reports of what is there without measuring anything anew', async () => {
    const { code, output, stderr } = await evaluated(
      ...['--resume', '--jsonl', 'all.jsonl', '--html', 'all.html', '--markdown', 'all.md'],
    );
    expect(code).toBe(0);
    expect(stderr).toMatch(/broken\.jpg: .*could not be read/);
    expect(output).toMatch(/^Method +ABC .*Cost\n/);
    expect(output).toMatch(/(Use \w+ for this model|No method (surely )?says more)/);
    const page = await text('all.html');
    expect(page).toContain('data:image/jpeg;base64,');
    expect(page.match(/<svg class="faith"/g)).toHaveLength(3);
    expect(await text('all.md')).toMatch(/\| `libra_fullgrad` \|/);
  });

  it('gives the same bytes after a run that was killed', async () => {
    const { child, ended } = start(
      ...['evaluate', 'photographs', '-m', 'small.onnx', '--methods', methods],
      ...['--jsonl', 'killed.jsonl'],
    );
    const lines = async () => (await text('killed.jsonl').catch(() => '')).split('\n').length;
    while ((await lines()) < 3 && child.exitCode === null)
      await new Promise((resolve) => setTimeout(resolve, 5));
    child.kill('SIGKILL');
    await ended;
    await evaluated('--resume', '--jsonl', 'killed.jsonl');
    expect(await text('killed.jsonl')).toBe(await text('all.jsonl'));
  });

  it('takes over the whole lines of a file that ends in the middle of one', async () => {
    const whole = await text('all.jsonl');
    const [header = '', first = '', second = ''] = whole.split('\n');
    await writeFile(at('torn.jsonl'), `${header}\n${first}\n${second.slice(0, 80)}`);
    const { code } = await evaluated('--resume', '--jsonl', 'torn.jsonl');
    expect(code).toBe(0);
    expect(await text('torn.jsonl')).toBe(whole);
  });

  it('measures a method that is added later by itself', async () => {
    const only = (ids: string) =>
      run(
        ...['evaluate', 'photographs', '-m', 'small.onnx', '--methods', ids, '--resume'],
        ...['--jsonl', 'later.jsonl'],
      );
    expect((await only('gae,libra_fullgrad')).code).toBe(0);
    const before = await readEvaluation(at('later.jsonl'));
    expect((await only('attention_rollout')).code).toBe(0);
    const { records } = await readEvaluation(at('later.jsonl'));
    for (const record of records.values()) {
      const earlier = before.records.get(record.name);
      if (!record.ok || !earlier?.ok) continue;
      expect(Object.keys(record.maps)).toEqual(methods.split(',').sort());
      expect(record.maps.gae).toEqual(earlier.maps.gae);
    }
  });

  it('joins shards to the bytes of a single run', async () => {
    for (const part of ['1', '2'])
      await evaluated('--shard', `${part}/2`, '--jsonl', `part-${part}.jsonl`);
    const { code, output } = await run(
      ...['merge', 'part-2.jsonl', 'part-1.jsonl', '--jsonl', 'joined.jsonl'],
      ...['--csv', 'joined.csv', '--json', 'joined.json', '--html', 'joined.html'],
      ...['--images', 'photographs'],
    );
    expect(code).toBe(0);
    expect(output).not.toContain('Cost');
    expect(await text('joined.jsonl')).toBe(await text('all.jsonl'));
    expect(await text('joined.csv')).toBe(await text('all.csv'));
    const { costs, ...single } = JSON.parse(await text('all.json')) as Record<string, unknown>;
    expect(Object.keys(costs ?? {})).toEqual(methods.split(',').sort());
    expect(JSON.parse(await text('joined.json'))).toEqual(single);
  });

  it('refuses what belongs to another run, what does not apply, and half-known arguments', async () => {
    const other = await evaluated('--steps', '4', '--resume', '--jsonl', 'all.jsonl');
    expect(other.code).toBe(3);
    expect(other.stderr).toContain('belongs to another run: how it is measured differs');
    const unknown = await run('evaluate', 'photographs', '-m', 'small.onnx', '--methods', 'gai');
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toContain('--methods takes');
    expect((await evaluated('--resume')).code).toBe(2);
    expect((await run('merge', 'all.jsonl', '--annotations', 'x')).code).toBe(2);
    expect(await text('all.jsonl')).toContain('"steps":10');
  });

  it('draws pictures evenly, and measures the class of the label where it is asked to', async () => {
    const { code, stderr } = await evaluated(
      ...['--pictures', '2', '--class', 'label', '--jsonl', 'drawn.jsonl'],
    );
    expect(code).toBe(0);
    expect(stderr).toContain('2 of 6 pictures are measured');
    const { records } = await readEvaluation(at('drawn.jsonl'));
    expect([...records.values()].map(({ label }) => label)).toEqual(['label 0', 'label 1']);
    for (const record of records.values())
      if (record.ok) expect(`label ${record.index}`).toBe(record.label);
  });
});
