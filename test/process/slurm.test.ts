/**
 * A dataset by an array of tasks of a real Slurm, with the recipe of docs/cluster: one task is killed and
 * submitted again as `vit-explain shards` says, and all join to the bytes of a single run.
 * What was done is told in `test-results/slurm.log`.
 */
import { spawnSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Slurm, until } from '../slurm/slurm';
import { slurmLacks } from '../slurm/slurm-lacks';
import { bundle } from './bundle';
import { gradientPicture, makeScene, type Scene } from './scene';

const repository = path.resolve(import.meta.dirname, '../..');
const recipe = path.join(repository, 'docs/cluster/batch.sbatch');
const log = path.join(repository, 'test-results/slurm.log');
const pictures = 800;

const lacks = slurmLacks();
const wanted = process.env.npm_lifecycle_event === 'test:slurm';

if (lacks === undefined) {
  describe('an array of four tasks of Slurm', arrayOfTasks);
} else {
  describe.skipIf(!wanted)('an array of four tasks of Slurm', () => {
    it(`left out: ${lacks}`, () => expect.fail(lacks));
  });
}

function arrayOfTasks(): void {
  let scene: Scene;
  let cli: Awaited<ReturnType<typeof bundle>>;
  let slurm: Slurm;
  let daemons = '';

  const at = (name: string) => path.join(scene.folder, name);
  /** Of a task that is killed in the middle of one, the lines that are whole. */
  const linesOf = (index: number) => {
    const file = at(`shards/shard-${index}-of-4.jsonl`);
    return existsSync(file) ? readFileSync(file, 'utf8').split('\n').slice(0, -1) : [];
  };

  function vitExplain(...args: string[]) {
    const found = spawnSync(at('bin/vit-explain'), args, { cwd: scene.folder, encoding: 'utf8' });
    slurm.note(`$ vit-explain ${args.join(' ')}\n${found.stdout}${found.stderr}`);
    return found;
  }

  /** @returns the job's number */
  function submit(command: string): string {
    const [, ...args] = command.split(' ');
    const printed = slurm.run('sbatch', ['--parsable', ...args, recipe], {
      folder: scene.folder,
      PATH: `${at('bin')}:${process.env.PATH ?? ''}`,
      PICTURES: 'photos',
      MODEL: 'small.onnx',
    });
    return printed.trim();
  }

  beforeAll(async () => {
    [scene, cli] = await Promise.all([makeScene(), bundle('cli')]);
    // The path of a socket has to be short, and its folder open to all.
    daemons = await mkdtemp('/tmp/slurm-');
    chmodSync(daemons, 0o755);
    slurm = await Slurm.start(daemons, log);
    const { preprocessing, labels } = scene.small;
    writeFileSync(at('small.vit.json'), JSON.stringify({ format: 1, preprocessing, labels }));
    mkdirSync(at('photos'));
    const picture = await gradientPicture(160, 120).png().toBuffer();
    for (let number = 0; number < pictures; number++) {
      // What follows the end of a PNG is not read, but makes every file another one.
      const bytes = Buffer.concat([picture, Buffer.from(String(number))]);
      writeFileSync(at(`photos/${String(number).padStart(4, '0')}.png`), bytes);
    }
    mkdirSync(at('bin'));
    const program = `#!/bin/sh\nexport XDG_CACHE_HOME="\${CACHE:-${at('cache')}}"\nexec '${process.execPath}' '${cli.file}' "$@"\n`;
    writeFileSync(at('bin/vit-explain'), program, { mode: 0o755 });
  });
  afterAll(async () => {
    await slurm.stop();
    await Promise.all([scene.remove(), cli.remove(), rm(daemons, { recursive: true })]);
  });

  it('leaves all shards but that of a task that was killed', async () => {
    const job = submit('sbatch');
    await until(() => linesOf(3).length > 20);
    slurm.run('scancel', ['--signal=KILL', `${job}_3`]);
    await slurm.ended(job);
    const lines = linesOf(3);
    expect(lines.length).toBeGreaterThan(20);
    expect(lines.at(-1)).not.toContain('complete');
    const { status, stdout } = vitExplain('shards', 'shards');
    expect(stdout).toMatch(/photos: 3 of 4 shards whole, 1 unfinished\./);
    expect(stdout).toMatch(/with --shards 1-4 .*\n {2}sbatch --array=3\n/);
    expect(status).toBe(6);
    expect(vitExplain('merge', ...shardFiles(), '--jsonl', 'early.jsonl').status).toBe(3);
  });

  it('is whole after what is printed was submitted, and joins to the bytes of a single run', async () => {
    const before = linesOf(3);
    const { stdout } = vitExplain('shards', 'shards', '--json');
    const { again } = JSON.parse(stdout) as { again: { commands: readonly string[] } };
    await slurm.ended(submit(again.commands.join()));
    expect(linesOf(3).slice(0, before.length)).toEqual(before);
    expect(vitExplain('shards', 'shards').status).toBe(0);
    expect(vitExplain('merge', ...shardFiles(), '--jsonl', 'joined.jsonl').status).toBe(0);
    // With a cache of its own: all is computed anew.
    process.env.CACHE = at('another cache');
    const single = vitExplain('batch', 'photos', '-m', 'small.onnx', '--jsonl', 'single.jsonl');
    delete process.env.CACHE;
    expect(single.status).toBe(0);
    const joined = readFileSync(at('joined.jsonl'));
    expect(joined.equals(readFileSync(at('single.jsonl')))).toBe(true);
    slurm.note(`joined.jsonl is byte for byte single.jsonl: ${joined.length} bytes`);
  });

  const shardFiles = () => [1, 2, 3, 4].map((index) => `shards/shard-${index}-of-4.jsonl`);
}
