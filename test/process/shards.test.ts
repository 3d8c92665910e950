/** A dataset in shards on the command line: their files, what they lack, what is refused, what they join to. */
import { spawn, spawnSync } from 'node:child_process';
import { appendFile, copyFile, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import { shardOfName } from '../../src/dataset/shards/shard-of-name';
import { bundle } from './bundle';
import { gradientPicture, makeScene, writeModel, type Scene } from './scene';

let scene: Scene;
let cli: Awaited<ReturnType<typeof bundle>>;

const at = (name: string) => path.join(scene.folder, name);
const text = (name: string) => readFile(at(name), 'utf8');

function run(args: readonly string[], environment: Readonly<Record<string, string>> = {}) {
  const child = spawn(process.execPath, [cli.file, ...args], {
    cwd: scene.folder,
    env: { ...process.env, XDG_CACHE_HOME: at('cache'), ...environment },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (bytes: Buffer) => (stdout += bytes.toString()));
  child.stderr.on('data', (bytes: Buffer) => (stderr += bytes.toString()));
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

async function works(args: readonly string[], environment?: Readonly<Record<string, string>>) {
  const { code, stdout, stderr } = await run(args, environment);
  expect(code, stderr).toBe(0);
  return stdout;
}

const batch = (...args: string[]) => ['batch', 'photos', '-m', 'small.onnx', ...args];
/** As a task of an array of Slurm, `--array=0-3`. */
const task = (id: number) => ({
  ...{ SLURM_ARRAY_TASK_ID: String(id), SLURM_ARRAY_TASK_MIN: '0', SLURM_ARRAY_TASK_MAX: '3' },
  ...{ SLURM_ARRAY_TASK_STEP: '1', SLURM_ARRAY_TASK_COUNT: '4' },
});

interface Survey {
  readonly whole: boolean;
  readonly shards: readonly { readonly state: string; readonly why?: string }[];
  readonly again: { readonly tasks?: readonly number[]; readonly commands: readonly string[] };
}

async function surveyOf(folder: string) {
  const { code, stdout } = await run(['shards', folder, '--json']);
  const survey = JSON.parse(stdout) as Survey;
  expect(survey.whole).toBe(code === 0);
  return { code, states: survey.shards.map(({ state }) => state), ...survey };
}

beforeAll(async () => {
  [scene, cli] = await Promise.all([makeScene(), bundle('cli')]);
  const { preprocessing, labels } = scene.small;
  await writeFile(at('small.vit.json'), JSON.stringify({ format: 1, preprocessing, labels }));
  for (const label of ['label 0', 'label 1']) {
    await mkdir(at(`photos/${label}`), { recursive: true });
    for (let number = 0; number < 6; number++) {
      await gradientPicture(20 + number, 30)
        .png()
        .toFile(at(`photos/${label}/${number}.png`));
    }
  }
  await writeFile(at('photos/label 1/broken.png'), 'This is no picture.\n');
  await works(batch('--jsonl', 'whole.jsonl'));
  for (const id of [0, 1, 2, 3])
    await works(batch('--shard', 'auto', '--jsonl', 'shards/'), task(id));
});
afterAll(async () => {
  await Promise.all([scene.remove(), cli.remove()]);
});

async function copied(folder: string): Promise<void> {
  await mkdir(at(folder));
  for (const name of await readdir(at('shards')))
    await copyFile(at(`shards/${name}`), at(`${folder}/${name}`));
}

describe('the shards of a batch', () => {
  it('lie under names of their own, say what they are of and that they are whole', async () => {
    const names = [1, 2, 3, 4].map((index) => `shard-${index}-of-4.jsonl`);
    expect(await readdir(at('shards'))).toEqual(names);
    const listings = new Set<string>();
    for (const [place, name] of names.entries()) {
      const lines = (await text(`shards/${name}`)).trimEnd().split('\n');
      const [header, ...others] = lines.map((line) => JSON.parse(line) as Record<string, unknown>);
      const closing = others.pop() as { complete: { samples: number; listing: string } };
      expect(header).toMatchObject({
        samples: 13,
        shard: {
          ...{ index: place + 1, of: 4, program: version },
          array: { scheduler: 'slurm', first: 0, step: 1 },
        },
      });
      for (const sample of others) expect(shardOfName(String(sample.name), 4)).toBe(place + 1);
      expect(closing.complete.samples).toBe(others.length);
      listings.add(closing.complete.listing);
    }
    expect(listings.size).toBe(1);
  });

  it('join to the bytes of a single run', async () => {
    expect(await surveyOf('shards')).toMatchObject({ code: 0, again: { tasks: [], commands: [] } });
    const files = (await readdir(at('shards'))).map((name) => `shards/${name}`);
    await works(['merge', ...files.reverse(), '--jsonl', 'joined.jsonl']);
    expect(await text('joined.jsonl')).toBe(await text('whole.jsonl'));
    expect(await works(['shards', 'shards'])).toMatch(/photos: 4 of 4 shards whole\.\nJoin them/);
  });

  it('are empty where no name falls into them, and whole all the same', async () => {
    const some = ['08', '16', '24', '32', '40'];
    for (const index of some) await works(batch('--shard', `${index}/40`, '--jsonl', 'many/'));
    const empty = some.map((index) => `many/shard-${index}-of-40.jsonl`);
    const counts = await Promise.all(
      empty.map(async (name) => (await text(name)).trimEnd().split('\n').length - 2),
    );
    expect(counts).toContain(0);
    const { states } = await surveyOf('many');
    expect(states.filter((state) => state === 'whole')).toHaveLength(5);
  });

  it('that are missing or unfinished are named, submitted again and gone on with', async () => {
    await copied('holes');
    await rm(at('holes/shard-2-of-4.jsonl'));
    const unfinished = await text('holes/shard-4-of-4.jsonl');
    await writeFile(
      at('holes/shard-4-of-4.jsonl'),
      unfinished.split('\n').slice(0, 2).join('\n') + '\n{"ok":tr',
    );
    const survey = await surveyOf('holes');
    expect(survey).toMatchObject({
      ...{ code: 6, states: ['whole', 'missing', 'whole', 'unfinished'] },
      again: { tasks: [1, 3], commands: ['sbatch --array=1,3'] },
    });
    const { stdout } = await run(['shards', 'holes']);
    expect(stdout).toMatch(/2 of 4 shards whole, 1 unfinished, 1 missing/);
    expect(stdout).toMatch(/with --shards 0-3 beside --shard auto .*\n {2}sbatch --array=1,3\n/);

    const files = (await readdir(at('holes'))).map((name) => `holes/${name}`);
    const refused = await run(['merge', ...files, '--jsonl', 'never.jsonl']);
    expect(refused.code).toBe(3);
    expect(refused.stderr).toMatch(/Shard 2 of 4 is missing\. Shard 4 of 4 is unfinished: holes/);
    await expect(text('never.jsonl')).rejects.toThrow();
    const partial = await run(['merge', ...files, '--partial']);
    expect(partial.code).toBe(0);
    expect(partial.stderr).toMatch(/Shard 2 of 4 is missing\.\nShard 4 of 4 is unfinished/);
    expect(partial.stdout).toMatch(/samples +\d+ of 13/);

    // The list alone does not say of how many: nothing is run by mistake.
    const list = { ...task(1), SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_COUNT: '2' };
    const again = batch('--shard', 'auto', '--jsonl', 'holes/', '--resume');
    expect(await run(again, list)).toMatchObject({ code: 2 });
    for (const id of ['1', '3'])
      await works([...again, '--shards', '0-3'], { ...list, SLURM_ARRAY_TASK_ID: id });
    for (const name of await readdir(at('shards')))
      expect(await text(`holes/${name}`)).toBe(await text(`shards/${name}`));
  });

  it.each(['weights', 'annotations', 'options', 'listing'])(
    'of other %s are told, and refused',
    async (what) => {
      const folder = `other ${what}`;
      await copied(folder);
      const part = ['--shard', '3/4', '--jsonl', folder];
      if (what === 'weights') {
        const other = await writeModel(at('other.onnx'), { seed: 2 });
        const { preprocessing, labels } = other;
        await writeFile(at('other.vit.json'), JSON.stringify({ format: 1, preprocessing, labels }));
        await works(['batch', 'photos', '-m', 'other.onnx', ...part]);
      } else if (what === 'annotations') {
        const boxes = {
          images: [{ id: 1, file_name: 'label 0/0.png' }],
          annotations: [{ image_id: 1, bbox: [0, 0, 5, 5] }],
        };
        await writeFile(at('boxes.json'), JSON.stringify(boxes));
        await works(batch(...part, '--annotations', 'boxes.json'));
      } else if (what === 'options') {
        await works(batch(...part, '--preset', 'base'));
      } else {
        const taken = at('photos/label 0/0.png');
        const bytes = await readFile(taken);
        await rm(taken);
        await writeFile(at('photos/label 0/another.png'), bytes);
        await works(batch(...part));
        await writeFile(taken, bytes);
        await rm(at('photos/label 0/another.png'));
      }
      const survey = await surveyOf(folder);
      expect(survey).toMatchObject({ code: 6, states: ['whole', 'whole', 'other', 'whole'] });
      const words = {
        ...{ weights: 'model', annotations: 'annotations', options: 'options' },
        listing: 'list of samples',
      }[what];
      expect(survey.shards[2]?.why).toContain(words);
      const files = (await readdir(at(folder))).map((name) => `${folder}/${name}`);
      const { code, stderr } = await run(['merge', ...files]);
      expect(code).toBe(3);
      expect(stderr).toMatch(/do not belong together: .* differs/);
      expect(stderr).toContain(words);
      // Nor is it gone on with as if it were its own.
      const resumed = await run(batch('--shard', '3/4', '--jsonl', folder, '--resume'));
      if (what !== 'listing') expect(resumed.stderr).toMatch(/belongs to another run/);
    },
  );

  it('that were changed by hand are refused', async () => {
    await copied('changed');
    const file = 'changed/shard-1-of-4.jsonl';
    const lines = (await text(file)).trimEnd().split('\n');
    const without = [...lines.slice(0, 1), ...lines.slice(2)];
    const others = [2, 3, 4].map((index) => `changed/shard-${index}-of-4.jsonl`);
    await writeFile(at(file), `${without.join('\n')}\n`);
    const shorter = await run(['merge', file, ...others]);
    expect(shorter.stderr).toMatch(/its last line speaks of \d+ samples, and there are \d+/);
    const named = lines.map((line) => line.replace('"name":"label 0/', '"name":"label 9/'));
    await writeFile(at(file), `${named.join('\n')}\n`);
    const renamed = await run(['merge', file, ...others]);
    expect(renamed.stderr).toMatch(/not those of the list that they were made of/);
    await writeFile(at(file), `${lines.join('\n')}\n`);
    await appendFile(at(file), `${lines[1] ?? ''}\n`);
    const longer = await run(['merge', file, ...others]);
    expect(longer.stderr).toMatch(/line \d+ follows the one that closes it/);
    expect([shorter.code, renamed.code, longer.code]).toEqual([3, 3, 3]);
  });

  it('go into no folder of another division, and into no file of another shard', async () => {
    const divided = await run(batch('--shard', '1/2', '--jsonl', 'shards'));
    expect(divided.code).toBe(2);
    expect(divided.stderr).toMatch(/shards holds shard-1-of-4\.jsonl, and this is shard 1 of 2/);
    const file = 'shards/shard-1-of-4.jsonl';
    const other = await run(batch('--shard', '2/4', '--jsonl', file, '--resume'));
    expect(other.stderr).toMatch(/belongs to another run: which shard it is differs/);
    expect(other.code).toBe(3);
  });

  it.runIf(process.platform === 'linux')(
    'go into no pipe, and not where the summary goes',
    async () => {
      const piped = await run(batch('--jsonl', '/dev/stdout'));
      expect(piped.code).toBe(2);
      expect(piped.stderr).toMatch(/--jsonl takes a file, .*\/dev\/stdout is a pipe/);
      expect(piped.stdout).toBe('');
      const whole = batch('--jsonl', '/dev/stdout').join("' '");
      const command = `'${process.execPath}' '${cli.file}' '${whole}' > summary.txt`;
      const redirected = spawnSync('bash', ['-c', command], {
        cwd: scene.folder,
        encoding: 'utf8',
      });
      expect(redirected.status).toBe(2);
      expect(redirected.stderr).toMatch(/--jsonl and stdout, .* are the same file/);
      expect(await text('summary.txt')).toBe('');
    },
  );

  it('are looked for where they are', async () => {
    expect((await run(['shards'])).code).toBe(2);
    expect((await run(['shards', 'shards', 'more'])).code).toBe(2);
    expect(await run(['shards', 'nowhere'])).toMatchObject({ code: 3 });
    const none = await run(['shards', 'photos']);
    expect(none.code).toBe(3);
    expect(none.stderr).toMatch(/There is no shard in photos/);
  });
});

describe('the shards of an evaluation', () => {
  const evaluation = (methods: string, ...args: string[]) => [
    ...['evaluate', 'photos', '-m', 'small.onnx', '--steps', '4', '--methods', methods],
    ...args,
  ];

  it('are numbered by Kubernetes too, and join to the bytes of a single run', async () => {
    await works(evaluation('gae,rollout', '--jsonl', 'measured.jsonl'));
    const auto = ['--shard', 'auto', '--shards', '3', '--jsonl', 'measured/'];
    for (const index of ['0', '1', '2'])
      await works(evaluation('gae,rollout', ...auto), { JOB_COMPLETION_INDEX: index });
    expect(await surveyOf('measured')).toMatchObject({ code: 0 });
    const files = (await readdir(at('measured'))).map((name) => `measured/${name}`);
    await works(['merge', ...files, '--jsonl', 'measured together.jsonl']);
    expect(await text('measured together.jsonl')).toBe(await text('measured.jsonl'));
  });

  it('that lack a method are told, and are whole once it was measured there too', async () => {
    const part = (methods: string, index: string) =>
      evaluation(methods, '--shard', `${index}/2`, '--jsonl', 'later/', '--resume');
    await works(part('gae', '1'));
    await works(part('gae,rollout', '2'));
    const lacking = await surveyOf('later');
    expect(lacking).toMatchObject({ code: 6, states: ['other', 'whole'] });
    expect(lacking.shards[0]?.why).toContain('rollout');
    await works(part('rollout', '1'));
    expect(await surveyOf('later')).toMatchObject({ code: 0 });
  });
});
