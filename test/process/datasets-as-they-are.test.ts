/** Datasets whose labels and boxes can be read in more than one way, on the command line. */
import { spawnSync } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readJsonlReport } from '../read-report';
import { bundle } from './bundle';
import { gradientPicture, makeScene, writeModel, type Scene } from './scene';

let scene: Scene;
let cli: Awaited<ReturnType<typeof bundle>>;
beforeAll(async () => {
  [scene, cli] = await Promise.all([makeScene(), bundle('cli')]);
  await model('unnamed', undefined);
  await model('named', ['0', '1', '10', '11', '2']);
  await model('animals', ['cat', 'dog', 'fox', 'owl', 'bee']);
});
afterAll(() => Promise.all([scene.remove(), cli.remove()]));

const at = (name: string) => path.join(scene.folder, name);

/** Five classes, and pictures squashed to a size that nothing else decides. */
async function model(name: string, labels: readonly string[] | undefined): Promise<void> {
  await mkdir(at(name));
  const { preprocessing } = await writeModel(at(`${name}/model.onnx`), {
    classes: 5,
    grid: [6, 6],
  });
  await writeFile(
    at(`${name}/model.vit.json`),
    JSON.stringify({ format: 1, preprocessing, labels }),
  );
}

async function folders(name: string, ...labels: readonly string[]): Promise<void> {
  for (const label of labels) {
    await mkdir(at(`${name}/${label}`), { recursive: true });
    await gradientPicture(40, 30)
      .png()
      .toFile(at(`${name}/${label}/a.png`));
  }
}

function run(...args: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [cli.file, ...args], {
    cwd: scene.folder,
    env: { ...process.env, XDG_CACHE_HOME: at('cache') },
    encoding: 'utf8',
  });
  return { code: status, stdout, stderr };
}

/** Runs a batch and reads its report. */
async function batch(source: string, name: string, ...more: readonly string[]) {
  const jsonl = `${source.replaceAll(/\W/g, '-')}.jsonl`;
  const args = ['--model', `${name}/model.onnx`, '--jsonl', jsonl, '--method', 'attention'];
  const { code, stderr } = run('batch', source, ...args, ...more);
  expect(`${code} ${code === 0 ? '' : stderr}`).toBe('0 ');
  const { header, results } = await readJsonlReport(at(jsonl));
  const ok = results.flatMap((result) => (result.ok ? [result] : []));
  const truths = Object.fromEntries(ok.map(({ label, truth }) => [label ?? '', truth]));
  const outside = Object.fromEntries(ok.map(({ name, shares }) => [name, shares.outside]));
  return { header, truths, outside, stderr };
}

describe('folders that are numbers', () => {
  it('are the classes of these names, and no others', async () => {
    await folders('numbers and 3', '0', '1', '2', '3');
    const { truths, header, stderr } = await batch('numbers and 3', 'named');
    expect(truths).toEqual({ '0': 0, '1': 1, '2': 4, '3': undefined });
    expect(header).toMatchObject({ labelReading: 'names', unmatched: ['3'] });
    expect(stderr).toMatch(/Labels are read as names of classes: “2” is class 4, “2”\./);
    expect(stderr).toMatch(/--read-labels or in vit-labels\.json: numbers, “2” is class 2/);
  });

  it('of a model without names are read as it fits, which is said and can be changed', async () => {
    await folders('numbers', '0', '1', '10', '11', '2');
    const first = await batch('numbers', 'unnamed');
    expect(first.truths).toEqual({ '0': 0, '1': 1, '10': 2, '11': 3, '2': 4 });
    expect(first.stderr).toMatch(
      /sorted as text, as torchvision’s ImageFolder does: “2” is class 4/,
    );
    const flagged = await batch('numbers', 'unnamed', '--read-labels', 'number-order');
    expect(flagged.truths).toEqual({ '0': 0, '1': 1, '10': 3, '11': 4, '2': 2 });
    expect(flagged.header.labelReading).toBe('number-order');
    await writeFile(at('numbers/vit-labels.json'), '{"read": "numbers", "labels": {"11": 4}}');
    const kept = await batch('numbers', 'unnamed');
    expect(kept.truths).toEqual({ '0': 0, '1': 1, '10': undefined, '11': 4, '2': 2 });
    const wrong = run('batch', 'numbers', '--read-labels', 'backwards');
    expect(wrong.stderr).toMatch(/--read-labels takes names, numbers, .*not “backwards”/);
    expect(wrong.code).toBe(2);
  });

  it('leave an order aside that was kept for a model of other classes', async () => {
    await folders('few', '0', '1');
    await writeFile(at('few/vit-labels.json'), '{"read": "text-order"}');
    const { truths, stderr } = await batch('few', 'unnamed');
    expect(truths).toEqual({ '0': 0, '1': 1 });
    expect(stderr).toMatch(/says “text-order”, but there are 2 labels for 5 classes/);
  });

  it('are not merged with what read them otherwise', async () => {
    await folders('sharded', '0', '1', '10', '11', '2');
    const shard = (part: string, reading: string) =>
      run(
        ...['batch', 'sharded', '--model', 'unnamed/model.onnx', '--shard', `${part}/2`],
        ...['--jsonl', `part ${part}.jsonl`, '--read-labels', reading],
      );
    expect([shard('1', 'text-order').code, shard('2', 'numbers').code]).toEqual([0, 0]);
    const refused = run('merge', 'part 1.jsonl', 'part 2.jsonl');
    expect(refused.stderr).toMatch(/do not belong together: .* differs/);
    expect(refused.code).toBe(3);
    expect(shard('2', 'text-order').code).toBe(0);
    expect(run('merge', 'part 1.jsonl', 'part 2.jsonl').code).toBe(0);
  });
});

describe('boxes', () => {
  const coco = (size: readonly [number, number], bbox: readonly number[], ...names: string[]) =>
    JSON.stringify({
      images: names.map((file_name, id) => ({ id, file_name, width: size[0], height: size[1] })),
      annotations: names.map((_, image_id) => ({ image_id, bbox })),
    });

  it('lie in the frame that the annotation states: stored, shown, or scaled', async () => {
    await mkdir(at('turned'));
    await gradientPicture(96, 48)
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toFile(at('turned/r.jpg'));
    await writeFile(at('stored.json'), coco([96, 48], [72, 0, 24, 48], 'r.jpg'));
    await writeFile(at('shown.json'), coco([48, 96], [0, 72, 48, 24], 'r.jpg'));
    await writeFile(at('larger.json'), coco([192, 96], [144, 0, 48, 96], 'r.jpg'));
    const share = async (annotations: string) =>
      (await batch('turned', 'animals', '--annotations', annotations)).outside['r.jpg'] ?? NaN;
    const expected = await share('shown.json');
    expect(expected).toBeGreaterThan(0.3);
    expect(expected).toBeLessThan(0.95);
    expect(await share('stored.json')).toBeCloseTo(expected, 6);
    expect(await share('larger.json')).toBeCloseTo(expected, 6);
  });

  it('are in doubt where both frames fit, and that is said in every report', async () => {
    await mkdir(at('upside down'));
    await gradientPicture(48, 48)
      .withMetadata({ orientation: 3 })
      .jpeg()
      .toFile(at('upside down/r.jpg'));
    await writeFile(at('square.json'), coco([48, 48], [0, 0, 24, 48], 'r.jpg'));
    const { stderr } = await batch(
      ...(['upside down', 'animals', '--annotations', 'square.json'] as const),
      ...['--report', 'doubt.html'],
    );
    const doubt = /is in doubt for r\.jpg: stored turned or mirrored, and annotated either way/;
    expect(stderr).toMatch(doubt);
    expect(await readFile(at('doubt.html'), 'utf8')).toMatch(doubt);
  });

  it('that differ make shards of different runs, wherever their files lie', async () => {
    await folders('boxed', 'a', 'b');
    const boxes = (left: number) => coco([40, 30], [left, 0, 10, 10], 'a/a.png', 'b/a.png');
    await writeFile(at('one.json'), boxes(0));
    await mkdir(at('elsewhere'));
    await writeFile(at('elsewhere/same.json'), `${boxes(0)}\n`);
    await writeFile(at('other.json'), boxes(5));
    const shard = (part: string, ...annotations: string[]) =>
      run(
        ...['batch', 'boxed', '--model', 'animals/model.onnx', '--shard', `${part}/2`],
        ...['--jsonl', `boxed ${part}.jsonl`, ...annotations],
      ).code;
    const merged = () => run('merge', 'boxed 1.jsonl', 'boxed 2.jsonl');
    expect(shard('1', '--annotations', 'one.json')).toBe(0);
    for (const others of [['--annotations', 'other.json'], []]) {
      expect(shard('2', ...others)).toBe(0);
      const { code, stderr } = merged();
      expect(stderr).toMatch(/do not belong together: what the annotations say differs/);
      expect(code).toBe(3);
    }
    expect(shard('2', '--annotations', 'elsewhere/same.json')).toBe(0);
    expect(merged().code).toBe(0);
  });
});
