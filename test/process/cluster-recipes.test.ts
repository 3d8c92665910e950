/** What docs/cluster.md offers works as far as it can be tried without a cluster. */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { load } from 'js-yaml';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { exitCodes } from '../../src/cli/exit-code';
import { bundle } from './bundle';
import { gradientPicture, makeScene, type Scene } from './scene';

const repository = path.resolve(import.meta.dirname, '../..');
const recipes = path.join(repository, 'docs/cluster');
const read = (...names: string[]) => readFileSync(path.join(recipes, ...names), 'utf8');

let scene: Scene;
let cli: Awaited<ReturnType<typeof bundle>>;

const at = (...names: string[]) => path.join(scene.folder, ...names);

/** As a shell would run it, with `vit-explain` on its path. */
function shell(command: string, environment: Readonly<Record<string, string>> = {}) {
  const { status, stderr } = spawnSync('bash', ['-c', command], {
    cwd: scene.folder,
    env: {
      ...process.env,
      PATH: `${at('bin')}:${process.env.PATH ?? ''}`,
      XDG_CACHE_HOME: at('cache'),
      ...environment,
    },
    encoding: 'utf8',
  });
  return { status, stderr };
}

beforeAll(async () => {
  [scene, cli] = await Promise.all([makeScene(), bundle('cli')]);
  for (const folder of ['bin', 'data', 'data/photos', 'results']) mkdirSync(at(folder));
  writeFileSync(
    at('bin/vit-explain'),
    `#!/bin/sh\nexec '${process.execPath}' '${cli.file}' "$@"\n`,
    {
      mode: 0o755,
    },
  );
  const { preprocessing, labels } = scene.small;
  for (const [from, to] of [['small.onnx', 'model.onnx']] as const) {
    cpSync(at(from), at('data', to));
    writeFileSync(at('data/model.vit.json'), JSON.stringify({ format: 1, preprocessing, labels }));
  }
  for (let number = 0; number < 8; number++) {
    await gradientPicture(20 + number, 30)
      .png()
      .toFile(at(`data/photos/${number}.png`));
  }
  for (const name of ['photos', 'model.onnx', 'model.vit.json'])
    symlinkSync(at('data', name), at(name));
});
afterAll(async () => {
  await Promise.all([scene.remove(), cli.remove()]);
});

/** The tasks of `#SBATCH --array=1-N`. */
const tasks = Number(/^#SBATCH --array=1-(\d+)$/m.exec(read('batch.sbatch'))?.[1]);

function slurmTask(id: number) {
  return {
    ...{ SLURM_ARRAY_TASK_ID: String(id), SLURM_ARRAY_TASK_MIN: '1', SLURM_ARRAY_TASK_STEP: '1' },
    ...{ SLURM_ARRAY_TASK_MAX: String(tasks), SLURM_ARRAY_TASK_COUNT: String(tasks) },
    ...{ SLURM_CPUS_PER_TASK: '1', PICTURES: 'photos', MODEL: 'model.onnx' },
  };
}

describe('the page', () => {
  const page = readFileSync(path.join(recipes, '../cluster.md'), 'utf8');

  it('names files that are there', () => {
    const links = [...page.matchAll(/\]\(([^)#]+)/g)].map(([, link = '']) => link);
    const named = [...(page.match(/\b(?:docs|test)\/[\w./-]*\w/g) ?? [])];
    expect(links.length + named.length).toBeGreaterThan(5);
    expect(links.filter((link) => !existsSync(path.join(recipes, '..', link)))).toEqual([]);
    expect(named.filter((file) => !existsSync(path.join(repository, file)))).toEqual([]);
  });

  it('has command lines that do what they say, one after another', () => {
    const blocks = [...page.matchAll(/```sh\n([^]*?)```/g)].map(([, block = '']) => block);
    const lines = blocks.flatMap((block) => block.split('\n'));
    const own = lines.filter((line) => line.startsWith('vit-explain '));
    const wrapped = lines.flatMap((line) => /--wrap '(.*)'$/.exec(line)?.[1] ?? []);
    expect(own).toHaveLength(3);
    expect(wrapped).toHaveLength(1);
    const [inEachTask = '', ...after] = own;
    for (let task = 1; task <= tasks; task++)
      expect(shell(inEachTask, slurmTask(task))).toMatchObject({ status: 0 });
    for (const line of [...after, ...wrapped]) expect(shell(line)).toMatchObject({ status: 0 });
    for (const name of ['results.jsonl', 'report.html']) expect(existsSync(at(name))).toBe(true);
  });

  it('has inline command lines whose options there are', () => {
    const inline = [...page.matchAll(/`(?:time )?(vit-explain [^`]+)`/g)].map(
      ([, line = '']) => line,
    );
    const whole = inline.filter((line) => line.split(' ').length > 2);
    expect(whole.length).toBeGreaterThan(2);
    for (const line of whole) {
      const { status, stderr } = shell(line.replace('FOLDER', 'shards/'));
      expect(status, `${line}: ${stderr}`).not.toBe(exitCodes.usage);
    }
  });
});

describe('the array of Slurm', () => {
  it('says beside --shard auto how it was submitted, and is a script that runs', () => {
    const script = read('batch.sbatch');
    expect(script).toContain(`--shards ${tasks} `);
    for (let task = 1; task <= tasks; task++) {
      const { status, stderr } = shell(`bash '${recipes}/batch.sbatch'`, slurmTask(task));
      expect(status, stderr).toBe(0);
    }
    // A task that is submitted again, alone.
    const alone = {
      SLURM_ARRAY_TASK_MIN: '3',
      SLURM_ARRAY_TASK_MAX: '3',
      SLURM_ARRAY_TASK_COUNT: '1',
    };
    const again = shell(`bash '${recipes}/batch.sbatch'`, { ...slurmTask(3), ...alone });
    expect(again.status, again.stderr).toBe(0);
    expect(shell('vit-explain shards shards')).toMatchObject({ status: 0 });
  });
});

describe('the Job of Kubernetes', () => {
  const volumeMount = v.strictObject({
    name: v.string(),
    mountPath: v.string(),
    readOnly: v.exactOptional(v.boolean()),
  });
  const volume = v.strictObject({
    name: v.string(),
    persistentVolumeClaim: v.exactOptional(
      v.strictObject({ claimName: v.string(), readOnly: v.exactOptional(v.boolean()) }),
    ),
    emptyDir: v.exactOptional(v.strictObject({ sizeLimit: v.string() })),
  });
  const resources = v.strictObject({
    cpu: v.exactOptional(v.pipe(v.string(), v.regex(/^\d+$/))),
    memory: v.pipe(v.string(), v.regex(/^\d+Gi$/)),
  });
  const container = v.strictObject({
    name: v.string(),
    image: v.string(),
    args: v.array(v.string()),
    resources: v.strictObject({ requests: resources, limits: resources }),
    volumeMounts: v.array(volumeMount),
  });
  /** The fields of batch/v1 that are used here, by the names that the API has, and no others. */
  const schema = v.strictObject({
    apiVersion: v.literal('batch/v1'),
    kind: v.literal('Job'),
    metadata: v.strictObject({ name: v.pipe(v.string(), v.regex(/^[a-z\d-]{1,63}$/)) }),
    spec: v.strictObject({
      completionMode: v.literal('Indexed'),
      completions: v.number(),
      parallelism: v.number(),
      backoffLimitPerIndex: v.number(),
      podReplacementPolicy: v.literal('Failed'),
      podFailurePolicy: v.strictObject({
        rules: v.strictTuple([
          v.strictObject({
            action: v.literal('Ignore'),
            onPodConditions: v.array(v.strictObject({ type: v.literal('DisruptionTarget') })),
          }),
          v.strictObject({
            action: v.literal('FailIndex'),
            onExitCodes: v.strictObject({
              containerName: v.string(),
              operator: v.literal('In'),
              values: v.array(v.number()),
            }),
          }),
        ]),
      }),
      template: v.strictObject({
        spec: v.strictObject({
          // With a limit for each index, pods are made anew, and not containers.
          restartPolicy: v.literal('Never'),
          securityContext: v.strictObject({
            runAsNonRoot: v.literal(true),
            runAsUser: v.number(),
            fsGroup: v.number(),
          }),
          containers: v.strictTuple([container]),
          volumes: v.array(volume),
        }),
      }),
    }),
  });
  const { spec } = v.parse(schema, load(read('job.yaml')));
  const pod = spec.template.spec;
  const [main] = pod.containers;

  it('fits together: volumes, exit codes, threads, and the number of shards', () => {
    expect(main.volumeMounts.map(({ name }) => name)).toEqual(pod.volumes.map(({ name }) => name));
    const [, { onExitCodes }] = spec.podFailurePolicy.rules;
    expect(onExitCodes.containerName).toBe(main.name);
    expect(onExitCodes.values).toEqual([exitCodes.usage, exitCodes.input, exitCodes.model]);
    expect(main.args).toContain(`--shards=${spec.completions}`);
    expect(main.args).toContain(`--threads=${main.resources.requests.cpu ?? ''}`);
    // The image's own user, and where its cache is.
    expect(read('Containerfile')).toMatch(/^USER node$/m);
    const cache = /XDG_CACHE_HOME=(\S+)/.exec(read('Containerfile'))?.[1];
    expect(main.volumeMounts.map(({ mountPath }) => mountPath)).toContain(cache);
  });

  it('runs every shard by the command line that it has', () => {
    const mounted = (arg: string) =>
      main.volumeMounts.reduce((text, { mountPath }) => {
        const place = at(mountPath.slice(1));
        return text.replace(new RegExp(`(^|=)${mountPath}/`), `$1${place}/`);
      }, arg);
    const args = main.args.map(mounted);
    for (let index = 0; index < spec.completions; index++) {
      const { status, stderr } = spawnSync(process.execPath, [cli.file, ...args], {
        cwd: scene.folder,
        env: {
          ...process.env,
          XDG_CACHE_HOME: at('cache'),
          JOB_COMPLETION_INDEX: String(index),
        },
        encoding: 'utf8',
      });
      expect(status, stderr).toBe(0);
    }
    expect(shell('vit-explain shards results/shards')).toMatchObject({ status: 0 });
  });
});

describe('the Containerfile', () => {
  interface Step {
    readonly instruction: string;
    readonly rest: string;
  }
  const steps = read('Containerfile')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line): Step => {
      const [instruction = '', ...rest] = line.split(' ');
      return { instruction, rest: rest.join(' ') };
    });
  const second = steps.findLastIndex(({ instruction }) => instruction === 'FROM');
  const stages = [steps.slice(0, second), steps.slice(second)];

  /** Does what the steps of a stage do below a folder; what needs a network or root is told apart by name. */
  function make(stage: readonly Step[], folder: string, built: string): void {
    let work = folder;
    for (const { instruction, rest } of stage) {
      const words = rest.split(' ');
      if (instruction === 'WORKDIR') {
        work = path.join(folder, rest);
        mkdirSync(work, { recursive: true });
      } else if (instruction === 'COPY') {
        const from = words[0] === '--from=build' ? built : repository;
        const names = words.filter((word) => !word.startsWith('--'));
        const target = path.join(work, names.pop() ?? '');
        for (const name of names) {
          const isOne = rest.endsWith('./');
          cpSync(path.join(from, name), isOne ? path.join(target, path.basename(name)) : target, {
            recursive: true,
            verbatimSymlinks: true,
          });
        }
      } else if (rest === 'npm ci') {
        symlinkSync(path.join(repository, 'node_modules'), path.join(work, 'node_modules'));
      } else if (rest === 'npm prune --omit=dev') {
        const { stdout } = spawnSync('npm', ['ls', '--omit=dev', '--all', '--parseable'], {
          cwd: repository,
          encoding: 'utf8',
        });
        const modules = path.join(work, 'node_modules');
        spawnSync('rm', [modules]);
        const packages = stdout.trim().split('\n').slice(1);
        for (const place of packages) {
          const name = path.relative(path.join(repository, 'node_modules'), place);
          // What lies within another one comes along with it.
          if (name.includes('node_modules')) continue;
          const link = path.join(modules, name);
          mkdirSync(path.dirname(link), { recursive: true });
          symlinkSync(place, link);
        }
      } else if (instruction === 'RUN' && rest.startsWith('node ')) {
        const { status, stderr } = spawnSync('bash', ['-c', rest], { cwd: work, encoding: 'utf8' });
        expect(status, stderr).toBe(0);
      }
    }
  }

  it('has no step that is not looked at here', () => {
    const looked = ['FROM', 'WORKDIR', 'COPY', 'RUN', 'ENV', 'USER', 'ENTRYPOINT'];
    expect(
      steps.map(({ instruction }) => instruction).filter((one) => !looked.includes(one)),
    ).toEqual([]);
    const runs = steps.filter(({ instruction }) => instruction === 'RUN').map(({ rest }) => rest);
    expect(runs.map((rest) => rest.split(' ')[0])).toEqual(['npm', 'node', 'npm', 'rm', 'mkdir']);
    // What is removed are binaries that there are, of other systems.
    for (const place of runs[3]?.split(' ').slice(2) ?? [])
      expect(existsSync(path.join(repository, place))).toBe(true);
    const { engines } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
      readonly engines: { readonly node: string };
    };
    const image = /node:(\d+)/.exec(steps[0]?.rest ?? '')?.[1];
    expect(Number(image)).toBeGreaterThanOrEqual(Number(/\d+/.exec(engines.node)?.[0]));
  });

  it('copies all that the command line needs', () => {
    const [first = [], last = []] = stages;
    make(first, at('build'), '');
    make(last, at('image'), at('build'));
    const entry = JSON.parse(
      steps.find(({ instruction }) => instruction === 'ENTRYPOINT')?.rest ?? '[]',
    ) as readonly string[];
    const program = at('image', entry[1] ?? '');
    // Packages are looked for among those of the image only.
    const explained = spawnSync(
      process.execPath,
      [program, 'batch', path.join(repository, 'media/samples'), '--jsonl', at('in-image.jsonl')],
      {
        cwd: scene.folder,
        env: {
          ...process.env,
          XDG_CACHE_HOME: at('cache of image'),
          NODE_OPTIONS: '--preserve-symlinks --preserve-symlinks-main',
        },
        encoding: 'utf8',
      },
    );
    expect(explained.status, explained.stderr).toBe(0);
    expect(explained.stdout).toMatch(/not read +0/);
  });
});
