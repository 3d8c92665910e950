/** A whole folder on the command line: reports, broken files, resuming, shards, memory. */
import { spawn, spawnSync } from 'node:child_process';
import {
  appendFile,
  copyFile,
  cp,
  mkdir,
  readFile,
  rm,
  stat,
  symlink,
  writeFile,
} from 'node:fs/promises';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { relativeError } from '../golden-figures';
import { readJsonlReport } from '../read-report';
import { bundle } from './bundle';
import { gradientPicture, makeScene, type Scene } from './scene';

const repository = path.resolve(import.meta.dirname, '../..');
const samples = path.join(repository, 'media/samples');
/** Photographs by the class folder they are put in, some of them a wrong one; the classes are the starter's. */
const photographs: Readonly<Record<string, readonly string[]>> = {
  dog: ['dog.jpg', 'another-dog.jpg', 'dog-and-cat.jpg'],
  cat: ['cat.jpg', 'person.jpg', 'pizza.jpg'],
  boat: ['building.jpg'],
};

let scene: Scene;
let cli: Awaited<ReturnType<typeof bundle>>;
let dataset = '';

beforeAll(async () => {
  [scene, cli] = await Promise.all([makeScene(), bundle('cli')]);
  dataset = path.join(scene.folder, 'photographs');
  for (const [label, names] of Object.entries(photographs)) {
    await mkdir(path.join(dataset, label), { recursive: true });
    for (const name of names)
      await copyFile(path.join(samples, name), path.join(dataset, label, name));
  }
  await writeFile(path.join(dataset, 'dog', 'broken.jpg'), 'This is no picture.\n');
});
afterAll(async () => {
  await Promise.all([scene.remove(), cli.remove()]);
});

/** For each file that is written; past it the file system takes what still fits, then refuses. */
function withFileLimit(kilobytes: number, ...args: string[]) {
  const limited = [
    '-c',
    `ulimit -f ${kilobytes}; exec "$@"`,
    'limited',
    process.execPath,
    cli.file,
  ];
  return spawnSync('bash', [...limited, ...args], {
    cwd: scene.folder,
    env: { ...process.env, XDG_CACHE_HOME: path.join(scene.folder, 'cache') },
    encoding: 'utf8',
  });
}

interface Started {
  readonly ended: Promise<{ code: number | null; stdout: string; stderr: string }>;
  readonly kill: () => void;
  readonly processId: number;
}

function start(args: readonly string[], cache = 'cache', folder = '.'): Started {
  const child = spawn(process.execPath, [cli.file, ...args], {
    cwd: path.join(scene.folder, folder),
    env: { ...process.env, XDG_CACHE_HOME: path.join(scene.folder, cache) },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  return {
    ended: new Promise((resolve) => {
      child.on('close', (code) => resolve({ code, stdout, stderr }));
    }),
    kill: () => child.kill('SIGKILL'),
    processId: child.pid ?? 0,
  };
}

const run = (...args: string[]) => start(args).ended;
const at = (name: string) => path.join(scene.folder, name);
const text = (name: string) => readFile(at(name), 'utf8');

describe('vit-explain batch', () => {
  it('reports on a folder, and passes over what cannot be read', async () => {
    const { code, stdout, stderr } = await run(
      ...['batch', 'photographs', '--jsonl', 'all.jsonl', '--csv', 'all.csv'],
      ...['--report', 'all.html'],
    );
    expect(stderr).toMatch(/dog\/broken\.jpg: .*could not be read/);
    expect(code).toBe(0);
    expect(stdout).toMatch(/samples +8\naccuracy +[\d.]+ % of 7/);
    const { header, results } = await readJsonlReport(at('all.jsonl'));
    expect(header.classes[0]).toBe('dog');
    expect(results.map(({ name }) => name)).toEqual([...results].map(({ name }) => name).sort());
    const dog = results.find(({ name }) => name === 'dog/dog.jpg');
    expect(dog).toMatchObject({ ok: true, truth: 0, label: 'dog', map: { rows: 12, columns: 12 } });
    const html = await text('all.html');
    expect(html).toContain('data:image/jpeg;base64,');
    expect(html).toContain('Confusion matrix');
    expect((await text('all.csv')).trim().split('\r\n')).toHaveLength(9);
  });

  it.each(['libra_fullgrad', 'gae', 'transformer_attribution', 'legrad', 'attention_rollout'])(
    'says of each picture what explain says of it: %s',
    async (method) => {
      await run('explain', at('photographs/cat/cat.jpg'), '--method', method, '--json');
      const single = JSON.parse(await text('cat.json')) as {
        topK: { index: number; probability: number }[];
        explanations: { heatmap: number[] }[];
      };
      await run('batch', 'photographs/cat', '--method', method, '--jsonl', `${method}.jsonl`);
      const { results } = await readJsonlReport(at(`${method}.jsonl`));
      const cat = results.find(({ name }) => name === 'cat.jpg');
      if (cat?.ok !== true) throw new Error('the cat was not explained');
      expect(cat.top[0]?.index).toBe(single.topK[0]?.index);
      expect(cat.top[0]?.probability).toBeCloseTo(single.topK[0]?.probability ?? 0, 6);
      const heatmap = single.explanations[0]?.heatmap ?? [];
      expect(heatmap).toHaveLength(144);
      const bytes = Uint8Array.from(Buffer.from(cat.map.values, 'base64'));
      expect(relativeError(new Float32Array(bytes.buffer), heatmap)).toBeLessThan(1e-5);
    },
  );

  it('gives the same bytes from shards, computed anew, as from one run', async () => {
    for (const part of ['1/2', '2/2']) {
      const { ended } = start(
        ['batch', 'photographs', '--shard', part, '--jsonl', `shard-${part[0] ?? ''}.jsonl`],
        `cache of shard ${part[0] ?? ''}`,
      );
      expect((await ended).code).toBe(0);
    }
    const { code } = await run(
      ...['merge', 'shard-2.jsonl', 'shard-1.jsonl', '--jsonl', 'merged.jsonl'],
      ...['--report', 'merged.html', '--csv', 'merged.csv', '--images', 'photographs'],
    );
    expect(code).toBe(0);
    expect(await text('merged.jsonl')).toBe(await text('all.jsonl'));
    expect(await text('merged.csv')).toBe(await text('all.csv'));
    expect(await text('merged.html')).toBe(await text('all.html'));
  });

  it('tells the answers among the classes of the dataset or of a list, in shards too', async () => {
    const among = ['batch', 'photographs', '--among', 'dataset'];
    const whole = await run(...among, '--jsonl', 'among.jsonl', '--csv', 'among.csv');
    expect(whole.code).toBe(0);
    expect(whole.stdout).toMatch(
      /\naccuracy .* of 7 .*\namong +the dataset’s 3 classes\n {2}accuracy +[\d.]+ % of 7 with/s,
    );
    const { header, results } = await readJsonlReport(at('among.jsonl'));
    expect(header.among).toEqual({ of: 'dataset', classes: [0, 1, 12] });
    for (const result of results.filter(({ ok }) => ok)) {
      if (!result.ok) throw new Error('only these are left');
      const { top, truthRank, loss = 0 } = result.among ?? { top: [] };
      expect(top).toHaveLength(3);
      expect(top.reduce((sum, { probability }) => sum + probability, 0)).toBeCloseTo(1, 9);
      const own = top.find(({ index }) => index === result.truth);
      expect(Math.exp(-loss)).toBeCloseTo(own?.probability ?? -1, 5);
      expect(top[truthRank ?? -1]).toBe(own);
      // The shares of two classes are to each other as their probabilities.
      const known = top.flatMap(({ index, probability }) => {
        const all = result.top.find((one) => one.index === index)?.probability;
        return all === undefined ? [] : [all / probability];
      });
      for (const ratio of known) expect(ratio).toBeCloseTo(known[0] ?? -1, 5);
    }
    for (const part of ['1', '2'])
      await run(...among, '--shard', `${part}/2`, '--jsonl', `among-${part}.jsonl`);
    await run('merge', 'among-1.jsonl', 'among-2.jsonl', '--jsonl', 'joined.jsonl');
    expect(await text('joined.jsonl')).toBe(await text('among.jsonl'));
    const two = ['--among', 'dog, cat', '--jsonl', 'among-two.jsonl'];
    await run('batch', 'photographs', '--shard', '2/2', ...two);
    const others = await run('merge', 'among-1.jsonl', 'among-two.jsonl');
    expect(others.stderr).toMatch(/the list of classes that answers are taken among differs/);

    const list = await run('batch', 'photographs/cat/cat.jpg', '--among', 'dog, cat');
    expect(list.stdout).toMatch(/\namong +2 listed classes: no label stands for one of them\n/);
    const unknown = await run('batch', 'photographs', '--among', 'cat,mule,o', '--csv', 'no.csv');
    expect(unknown.code).not.toBe(0);
    expect(unknown.stderr).toMatch(/no class named “mule”\. “o” fits several classes/);
    const alone = await run('batch', 'photographs/cat', '--among', 'dataset');
    expect(alone.stderr).toMatch(/among two classes or more/);
  });

  it('takes labels from a mapping, and how much lies outside from boxes and masks', async () => {
    await mkdir(at('annotated/hound'), { recursive: true });
    await copyFile(path.join(samples, 'dog.jpg'), at('annotated/hound/a.jpg'));
    await copyFile(path.join(samples, 'dog.jpg'), at('annotated/hound/b.jpg'));
    await copyFile(path.join(samples, 'dog.jpg'), at('annotated/hound/c.jpg'));
    await writeFile(at('annotated/vit-labels.json'), '{"hound": "dog"}');
    const { width, height } = await sharp(at('annotated/hound/a.jpg')).autoOrient().metadata();
    await mkdir(at('marks'));
    // The whole picture in a box, nothing in a mask, and no annotation at all.
    const box = `<xmin>1</xmin><ymin>1</ymin><xmax>${width}</xmax><ymax>${height}</ymax>`;
    await writeFile(
      at('marks/a.xml'),
      `<annotation><object><bndbox>${box}</bndbox></object></annotation>`,
    );
    await sharp({ create: { width, height, channels: 3, background: 'black' } })
      .png()
      .toFile(at('marks/b.png'));
    const { code } = await run(
      'batch',
      'annotated',
      '--annotations',
      'marks',
      '--jsonl',
      'o.jsonl',
    );
    expect(code).toBe(0);
    const { results } = await readJsonlReport(at('o.jsonl'));
    const outside = results.map((result) => (result.ok ? result.shares.outside : 'broken'));
    expect(outside[0]).toBeCloseTo(0, 6);
    expect(outside.slice(1)).toEqual([1, undefined]);
    expect(results[0]).toMatchObject({ label: 'hound', truth: 0 });
  });

  it('passes over what a mapping beside the dataset says of another model, but not of a named one', async () => {
    await mkdir(at('two models/hound'), { recursive: true });
    await copyFile(path.join(samples, 'dog.jpg'), at('two models/hound/a.jpg'));
    const mapping = 'two models/vit-labels.json';
    await writeFile(at(mapping), '{"hound": "dog", "wolf": "timber wolf"}');
    const beside = await run('batch', 'two models');
    expect(beside.stdout).toMatch(/of 1 with a known class/);
    expect(beside.code).toBe(0);
    const named = await run('batch', 'two models', '--labels', mapping);
    expect(named.stderr).toMatch(/no class “timber wolf”, which it names for “wolf”/);
    expect(named.code).toBe(3);
  });

  it('reads masks of 16 bits, which number objects from 1, and lists a mask that is none', async () => {
    await mkdir(at('masked'));
    await mkdir(at('masks'));
    for (const name of ['a', 'b'])
      await copyFile(path.join(samples, 'dog.jpg'), at(`masked/${name}.jpg`));
    const numbered = new Uint16Array(64 * 64).fill(7);
    await sharp(numbered, { raw: { width: 64, height: 64, channels: 1 } })
      .toColourspace('grey16')
      .png()
      .toFile(at('masks/a.png'));
    expect((await sharp(at('masks/a.png')).metadata()).depth).toBe('ushort');
    await writeFile(at('masks/b.png'), 'This is no picture.');
    const args = ['batch', 'masked', '--annotations', 'masks', '--jsonl', 'masked.jsonl'];
    const { code, stderr } = await run(...args);
    expect(code).toBe(0);
    expect(stderr).toMatch(/b\.jpg: The mask b\.png could not be read/);
    const { results } = await readJsonlReport(at('masked.jsonl'));
    const [first] = results;
    expect(first?.ok === true && first.shares.outside).toBeCloseTo(0, 6);
    expect(results[1]).toMatchObject({ ok: false, name: 'b.jpg' });
  });

  it('reads masks that are drawings in a process that can be ended', async () => {
    await mkdir(at('drawn'));
    await mkdir(at('drawings'));
    for (const name of ['endless', 'half'])
      await copyFile(path.join(samples, 'dog.jpg'), at(`drawn/${name}.jpg`));
    const { width, height } = await sharp(at('drawn/half.jpg')).metadata();
    const write = (name: string, scale: number, content: string) =>
      writeFile(
        at(`drawings/${name}.png`),
        `<svg xmlns="http://www.w3.org/2000/svg" width="${width * scale}" height="${height * scale}">${content}</svg>`,
      );
    const blurs =
      '<feGaussianBlur stdDeviation="1000"/><feTurbulence numOctaves="99" baseFrequency="0.9"/>';
    const filter = `<filter id="f" x="-100" y="-100" width="300" height="300">${blurs}</filter>`;
    const circles = '<circle r="4000" cx="2500" cy="2500" filter="url(#f)"/>'.repeat(20);
    await write('endless', 4, filter + circles);
    await write('half', 1, '<rect width="50%" height="100%" fill="#fff"/>');
    const args = ['batch', 'drawn', '--annotations', 'drawings', '--jsonl', 'drawn.jsonl'];
    const { code, stderr } = await run(...args);
    expect(code).toBe(0);
    expect(stderr).toMatch(/endless\.jpg: The mask endless\.png .*takes longer than 8 seconds/);
    const { results } = await readJsonlReport(at('drawn.jsonl'));
    const outside = results.flatMap((result) => (result.ok ? [result.shares.outside ?? NaN] : []));
    expect(outside).toHaveLength(1);
    expect(outside[0]).toBeGreaterThan(0.1);
    expect(outside[0]).toBeLessThan(0.9);
  });

  it('says that annotations know none of the pictures', async () => {
    await mkdir(at('no marks'));
    const { code, stderr } = await run('batch', 'photographs/boat', '--annotations', 'no marks');
    expect(stderr).toMatch(/annotations know none of the pictures/);
    expect(code).toBe(0);
  });

  it.skipIf(process.platform === 'win32')(
    'writes its reports also where only the beginning of the summary is read',
    async () => {
      const args = ['batch', 'photographs', '--report', 'unread.html', '--csv', 'unread.csv'];
      const piped = (command: string, ...more: string[]) =>
        spawnSync('bash', ['-c', command, process.execPath, cli.file, ...args, ...more], {
          cwd: scene.folder,
          env: { ...process.env, XDG_CACHE_HOME: at('cache') },
          encoding: 'utf8',
        }).stdout;
      expect(piped('"$0" "$@" | head -n 1')).toBe('samples   8\n');
      expect(await text('unread.html')).toBe(await text('all.html'));
      expect(await text('unread.csv')).toBe(await text('all.csv'));
      // Nor does it matter that nobody reads how the work goes on.
      expect(piped('"$0" "$@" 2>&1 | head -n 1', '--jsonl', 'unread.jsonl')).toMatch(
        /^Starter ViT: /,
      );
      expect(await text('unread.jsonl')).toBe(await text('all.jsonl'));
    },
  );

  it('looks before the work whether the reports can be written, and over what', async () => {
    await writeFile(at('precious.csv'), 'path,label\nphotographs/dog/dog.jpg,dog\n');
    for (const [args, message, expected] of [
      [['precious.csv', '--jsonl', './precious.csv'], /what is to be read are the same file/, 2],
      [
        ['photographs', '--jsonl', 'x.out', '--csv', './x.out'],
        /--csv and --jsonl are the same/,
        2,
      ],
      [['photographs', '--report', 'no/folder/x.html'], /x\.html” could not be written/, 5],
      [['photographs', '--csv', 'photographs/dog'], /it is a folder/, 5],
    ] as const) {
      const { code, stderr } = await run('batch', ...args);
      expect(stderr).toMatch(message);
      expect(stderr).not.toMatch(/Loading/);
      expect(code).toBe(expected);
    }
    expect(await text('precious.csv')).toMatch(/^path,label\n/);
    await mkdir(at('own'));
    await copyFile(path.join(samples, 'dog.jpg'), at('own/dog.jpg'));
    const targets = ['own/dog.jpg'];
    if (process.platform !== 'win32') {
      await symlink(at('own/dog.jpg'), at('linked.jpg'));
      await symlink(at('own'), at('linked'));
      targets.push('linked.jpg', 'linked/dog.jpg');
    }
    for (const target of targets) {
      for (const flag of ['--jsonl', '--csv', '--report']) {
        const { code, stderr } = await run('batch', 'own', flag, target);
        expect(stderr).toMatch(`${flag} and what is to be read are the same file, ${target}`);
        expect(code).toBe(2);
      }
    }
    expect(await readFile(at('own/dog.jpg'))).toEqual(
      await readFile(path.join(samples, 'dog.jpg')),
    );
    const missing = await run('merge', 'nothing.jsonl');
    expect(missing.stderr).toMatch(/there is no such file/);
    expect(missing.code).toBe(3);
  });

  it.skipIf(process.platform === 'win32')(
    'says so when the disk takes part of a line',
    async () => {
      const whole = await text('all.jsonl');
      const last = Buffer.byteLength(whole.trimEnd().split('\n').at(-1) ?? '');
      expect(last).toBeGreaterThan(1024);
      const kilobytes = Math.floor((Buffer.byteLength(whole) - 1) / 1024);
      const args = ['batch', 'photographs', '--jsonl', 'short.jsonl'];
      const { status, stderr } = withFileLimit(kilobytes, ...args);
      expect(stderr).toMatch(/short\.jsonl” could not be written: EFBIG/);
      expect(status).toBe(5);
      expect(Buffer.byteLength(await text('short.jsonl'))).toBe(1024 * kilobytes);
      expect((await run(...args, '--resume')).code).toBe(0);
      expect(await text('short.jsonl')).toBe(whole);
    },
  );

  it.skipIf(process.platform === 'win32')('goes on where its cache cannot grow', async () => {
    const args = ['batch', 'photographs', '--method', 'attention'];
    const limited = withFileLimit(3, ...args);
    expect(limited.stderr).toMatch(/Not all results are kept .*EFBIG/);
    expect(limited.status).toBe(0);
    const unlimited = await run(...args, '--jsonl', 'regrown.jsonl');
    expect(unlimited.stdout).toBe(limited.stdout);
    const { ended } = start([...args, '--jsonl', 'fresh.jsonl'], 'a cache that could grow');
    expect((await ended).code).toBe(0);
    expect(await text('regrown.jsonl')).toBe(await text('fresh.jsonl'));
  });

  it('may keep its reports among the pictures, and goes on and is joined there', async () => {
    await cp(at('photographs'), at('inside'), { recursive: true });
    const report = (name: string) => ['batch', 'inside', '--jsonl', `inside/${name}.jsonl`];
    expect((await run(...report('whole'))).code).toBe(0);
    const whole = await text('inside/whole.jsonl');
    await writeFile(at('inside/whole.jsonl'), whole.split('\n').slice(0, 3).join('\n') + '\n');
    expect(await run(...report('whole'), '--resume')).toMatchObject({ code: 0 });
    expect(await text('inside/whole.jsonl')).toBe(whole);
    await rm(at('inside/whole.jsonl'));
    for (const part of ['1', '2'])
      expect((await run(...report(part), '--shard', `${part}/2`)).code).toBe(0);
    const shards = ['inside/2.jsonl', 'inside/1.jsonl'];
    expect(await run('merge', ...shards, '--jsonl', 'inside.jsonl')).toMatchObject({ code: 0 });
    expect(await text('inside.jsonl')).toBe(whole);
  });

  it('does not go on where a label was set right since', async () => {
    await copyFile(path.join(samples, 'dog.jpg'), at('relabelled.jpg'));
    const manifest = (label: string) =>
      writeFile(at('relabelled.csv'), `path,label\nrelabelled.jpg,${label}\n`);
    await manifest('cat');
    const args = ['batch', 'relabelled.csv', '--jsonl', 'relabelled.jsonl'];
    expect((await run(...args)).code).toBe(0);
    await manifest('dog');
    const { code, stderr } = await run(...args, '--resume');
    expect(stderr).toMatch(/another run: the class that a label means differs/);
    expect(code).toBe(3);
  });

  it('answers anew, when it goes on, what was replaced, repaired or lost since', async () => {
    await cp(at('photographs'), at('replaced'), { recursive: true });
    const args = ['batch', 'replaced', '--jsonl', 'replaced.jsonl'];
    expect((await run(...args)).code).toBe(0);
    await copyFile(path.join(samples, 'pizza.jpg'), at('replaced/cat/cat.jpg'));
    await copyFile(path.join(samples, 'dog.jpg'), at('replaced/dog/broken.jpg'));
    await writeFile(at('replaced/dog/dog.jpg'), 'no picture any more');
    const { code, stderr } = await run(...args, '--resume');
    expect(stderr).toMatch(/3 pictures that replaced\.jsonl speaks of changed since/);
    expect(code).toBe(0);
    const fresh = start(['batch', 'replaced', '--jsonl', 'anew.jsonl'], 'a cache of its own');
    expect((await fresh.ended).code).toBe(0);
    expect(await text('replaced.jsonl')).toBe(await text('anew.jsonl'));
    expect((await readJsonlReport(at('replaced.jsonl'))).results).toHaveLength(8);
  });

  it('tells what is wrong with the command line', async () => {
    for (const [args, message] of [
      [['batch'], /Name the folders, manifests, archives or pictures/],
      [['batch', 'photographs', '--shard', '3/2'], /--shard takes I\/N/],
      [['batch', 'photographs', '--resume'], /--resume needs --jsonl/],
      [['merge'], /Name the JSONL files/],
    ] as const) {
      const { code, stderr } = await run(...args);
      expect(stderr).toMatch(message);
      expect(code).toBe(2);
    }
    const { code, stderr } = await run('batch', 'nowhere');
    expect(stderr).toMatch(/no folder, manifest or archive at nowhere/);
    expect(code).toBe(3);
  });
});

describe('several sources', () => {
  const mixture = ['photos/dog', 'photos/cat', 'photos/list.csv', 'photos/meal.jpg'];
  const passedOver = ['photos/nothing', 'photos/mistyped.jpg'];

  beforeAll(async () => {
    await cp(path.join(dataset, 'dog'), at('photos/dog'), { recursive: true });
    await cp(path.join(dataset, 'cat'), at('photos/cat'), { recursive: true });
    for (const name of ['building.jpg', 'meal.jpg'])
      await copyFile(path.join(samples, name), at(`photos/${name}`));
    await writeFile(at('photos/list.csv'), 'path,label\nbuilding.jpg,villa\ngone.jpg,villa\n');
    await writeFile(at('photos/vit-labels.json'), '{"villa": "building"}');
    await mkdir(at('photos/nothing'));
    await cp(at('photos'), at('elsewhere/photos'), { recursive: true });
    const { code, stderr } = await run(
      ...['batch', ...mixture, ...passedOver, '--jsonl', 'mixed.jsonl'],
      ...['--report', 'mixed.html', '--csv', 'mixed.csv'],
    );
    // Before the first picture is read, not only in the summary.
    expect(stderr).toMatch(/^mistyped\.jpg: There is no picture at mistyped\.jpg\.$.*broken/ms);
    expect(code).toBe(0);
  });

  it('are one dataset: names from the folder that they share, labels of every kind', async () => {
    const { header, results } = await readJsonlReport(at('mixed.jsonl'));
    expect(header.dataset).toBe('photos');
    expect(header.samples).toBe(results.length);
    expect(header.skipped.map(({ name }) => name)).toEqual(['mistyped.jpg', 'nothing']);
    expect(results.map(({ name, label }) => `${name} ${label ?? '–'}`)).toEqual([
      'building.jpg villa',
      'cat/cat.jpg cat',
      'cat/person.jpg cat',
      'cat/pizza.jpg cat',
      'dog/another-dog.jpg dog',
      'dog/broken.jpg dog',
      'dog/dog-and-cat.jpg dog',
      'dog/dog.jpg dog',
      'gone.jpg villa',
      'meal.jpg –',
    ]);
    expect(results.find(({ name }) => name === 'gone.jpg')).toMatchObject({
      ok: false,
      message: '“gone.jpg” could not be read from the disk: there is no such file.',
    });
    const building = header.classes.indexOf('building');
    expect(results[0]).toMatchObject({ ok: true, truth: building });
    expect(await text('mixed.html')).toContain('data:image/jpeg;base64,');
  });

  it('give the same bytes from shards on other machines, in another order', async () => {
    const parts = [
      ['1/2', '.', [...passedOver, ...mixture].reverse()],
      ['2/2', 'elsewhere', ['photos/dog/dog.jpg', ...passedOver, ...mixture]],
    ] as const;
    for (const [part, folder, sources] of parts) {
      const jsonl = at(`mixed-${part[0] ?? ''}.jsonl`);
      const { ended } = start(
        ['batch', ...sources, '--shard', part, '--jsonl', jsonl],
        `cache of mixed ${part[0] ?? ''}`,
        folder,
      );
      expect((await ended).code).toBe(0);
    }
    const { code } = await run(
      ...['merge', 'mixed-2.jsonl', 'mixed-1.jsonl', '--jsonl', 'mixed-merged.jsonl'],
      ...['--report', 'mixed-merged.html', '--csv', 'mixed-merged.csv', '--images', 'photos'],
    );
    expect(code).toBe(0);
    for (const kind of ['jsonl', 'csv', 'html'])
      expect(await text(`mixed-merged.${kind}`)).toBe(await text(`mixed.${kind}`));
  });

  it('are gone on with, whatever their order; others are another run', async () => {
    const [header = '', first = '', second = ''] = (await text('mixed.jsonl')).split('\n');
    await writeFile(at('mixed-resumed.jsonl'), `${header}\n${first}\n${second.slice(0, 30)}`);
    const resumed = ['--jsonl', 'mixed-resumed.jsonl', '--resume'];
    const others = await run('batch', ...mixture, 'photographs/boat', ...resumed);
    expect(others.stderr).toMatch(/belongs to another run/);
    expect(others.code).toBe(3);
    expect((await run('batch', ...passedOver, ...mixture, ...resumed)).code).toBe(0);
    expect(await text('mixed-resumed.jsonl')).toBe(await text('mixed.jsonl'));
  });

  it('may be a single picture, and one that is not there is said at once', async () => {
    const twice = ['photos/dog/dog.jpg', './photos/dog/dog.jpg'];
    expect((await run('batch', ...twice, '--jsonl', 'single.jsonl')).code).toBe(0);
    const { header, results } = await readJsonlReport(at('single.jsonl'));
    expect(header).toMatchObject({ dataset: 'dog.jpg', samples: 1 });
    expect(results).toMatchObject([{ ok: true, name: 'dog.jpg' }]);
    const { code, stderr } = await run('batch', 'mistyped.jpg');
    expect(stderr).toMatch(/no picture at mistyped\.jpg/);
    expect(code).toBe(3);
  });

  it('have their annotations from several places, the first that knows a picture first', async () => {
    const sizeOf = async (name: string) => {
      const { width, height } = await sharp(at(name)).autoOrient().metadata();
      return [width, height] as const;
    };
    const dog = await sizeOf('photos/dog/dog.jpg');
    await mkdir(at('dog-masks'));
    for (const name of ['dog', 'cat']) {
      const [width, height] = await sizeOf(`photos/${name}/${name}.jpg`);
      await sharp({ create: { width, height, channels: 3, background: 'black' } })
        .png()
        .toFile(at(`dog-masks/${name}.png`));
    }
    const boxes = {
      images: [{ id: 1, file_name: 'dog/dog.jpg' }],
      annotations: [{ image_id: 1, bbox: [0, 0, ...dog] }],
    };
    await writeFile(at('boxes.json'), JSON.stringify(boxes));
    const outside = async (...places: readonly string[]) => {
      const annotations = places.flatMap((place) => ['--annotations', place]);
      const { code } = await run('batch', ...mixture, ...annotations, '--jsonl', 'marked.jsonl');
      expect(code).toBe(0);
      const { results } = await readJsonlReport(at('marked.jsonl'));
      const shares = results.flatMap((result) =>
        result.ok && result.shares.outside !== undefined
          ? [[result.name, Math.round(1000 * result.shares.outside)] as const]
          : [],
      );
      return Object.fromEntries(shares);
    };
    expect(await outside('boxes.json', 'dog-masks')).toEqual({
      'cat/cat.jpg': 1000,
      'dog/dog.jpg': 0,
    });
    expect(await outside('dog-masks', 'boxes.json')).toEqual({
      'cat/cat.jpg': 1000,
      'dog/dog.jpg': 1000,
    });
  });
});

describe('a large dataset', () => {
  const count = 2000;

  beforeAll(async () => {
    await mkdir(at('tiny'));
    const picture = await gradientPicture(128, 128).png().toBuffer();
    for (let number = 0; number < count; number++) {
      // What follows the end of a PNG is not read, but makes every file another one.
      const name = `${String(number).padStart(5, '0')}.png`;
      await writeFile(path.join(at('tiny'), name), Buffer.concat([picture, Buffer.from(name)]));
    }
    const { preprocessing, labels } = scene.small;
    const manifest = { format: 1, preprocessing, labels };
    await writeFile(at('small.vit.json'), JSON.stringify(manifest));
  });

  const whole = ['batch', 'tiny', '--model', 'small.onnx', '--threads', '1', '--jsonl'];

  it('is gone on with after SIGKILL, to the same bytes', async () => {
    const killed = start([...whole, 'resumed.jsonl']);
    await untilLines('resumed.jsonl', 300);
    killed.kill();
    await killed.ended;
    const left = (await text('resumed.jsonl')).split('\n').length - 2;
    expect(left).toBeLessThan(count);
    await appendFile(at('resumed.jsonl'), '{"ok":true,"name":"cut o');
    expect((await run(...whole, 'resumed.jsonl', '--resume')).code).toBe(0);
    const { ended } = start([...whole, 'once.jsonl'], 'another cache');
    expect((await ended).code).toBe(0);
    expect(await text('resumed.jsonl')).toBe(await text('once.jsonl'));
  });

  it('goes on only with the very same run', async () => {
    const { code, stderr } = await run(...whole, 'once.jsonl', '--resume', '--method', 'attention');
    expect(stderr).toMatch(/belongs to another run: the method differs/);
    expect(code).toBe(3);
    expect((await text('once.jsonl')).split('\n')).toHaveLength(count + 2);
  });

  it('is a list that is worked on before it is read, to the same bytes whatever way led there', async () => {
    // More than the beginning that is read first; most of the files are missing, which is quickly told.
    const rows = Array.from({ length: 12_000 }, (_, row) => (row * 7919) % 12_000).map((number) =>
      number % 200 === 0
        ? `tiny/${String(number / 200).padStart(5, '0')}.png,word`
        : `gone/${String(number).padStart(5, '0')}.png,word`,
    );
    await writeFile(at('long.csv'), `path,label\n${rows.join('\n')}\n`);
    const args = ['batch', 'long.csv', '--model', 'small.onnx', '--threads', '1', '--jsonl'];
    const killed = start([...args, 'long.jsonl']);
    await untilLines('long.jsonl', 400);
    killed.kill();
    await killed.ended;
    const [header = ''] = (await text('long.jsonl')).split('\n');
    expect(JSON.parse(header)).not.toHaveProperty('samples');
    const unfinished = await run('merge', 'long.jsonl', '--csv', 'long.csv.csv');
    expect(unfinished.stderr).toMatch(/ended before it had listed its dataset.*--resume/s);
    expect((await run(...args, 'long.jsonl', '--resume')).code).toBe(0);
    const { ended } = start([...args, 'long-once.jsonl'], 'a cache for long ones');
    const { code, stdout } = await ended;
    expect(code).toBe(0);
    expect(stdout).toMatch(/samples +12000\n.*not read +11940\n/s);
    expect(await text('long.jsonl')).toBe(await text('long-once.jsonl'));
    const report = await readJsonlReport(at('long.jsonl'));
    expect(report.header).toMatchObject({ samples: 12_000, unmatched: ['word'] });
    const names = report.results.map(({ name }) => name);
    expect(names).toEqual([...names].sort());
    expect(report.results.filter(({ ok }) => ok)).toHaveLength(60);
  });

  it.runIf(process.platform === 'linux')('needs no more memory for more pictures', async () => {
    await rm(at('flat.jsonl'), { force: true });
    const measured = start([...whole, 'flat.jsonl'], 'a third cache');
    const memoryAt = async (lines: number) => {
      await untilLines('flat.jsonl', lines);
      return residentMegabytes(measured.processId);
    };
    const early = await memoryAt(500);
    const late = await memoryAt(1900);
    expect((await measured.ended).code).toBe(0);
    // Results take about 1 kB each; the pictures would take 50 kB each, 69 MB in all.
    expect(late - early).toBeLessThan(30);
  });
});

async function untilLines(name: string, lines: number): Promise<void> {
  for (;;) {
    const exists = await stat(at(name)).then(
      () => true,
      () => false,
    );
    if (exists && (await text(name)).split('\n').length > lines) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

async function residentMegabytes(processId: number): Promise<number> {
  const status = await readFile(`/proc/${processId}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) / 1024;
}
