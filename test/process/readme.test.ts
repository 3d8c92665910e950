/** What docs/models.md says of your own models, word by word; and what the bundled photographs promise. */
import { exec, execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from './bundle';

const repository = path.resolve(import.meta.dirname, '../..');
const paper = readFileSync(path.join(repository, 'docs/models.md'), 'utf8');
const samples = path.join(repository, 'media/samples');
const out = mkdtempSync(path.join(tmpdir(), 'vit-readme-'));
const env = { ...process.env, XDG_CACHE_HOME: out };
let cli: Awaited<ReturnType<typeof bundle>>;

beforeAll(async () => {
  cli = await bundle('cli');
});
afterAll(async () => {
  rmSync(out, { recursive: true });
  await cli.remove();
});

/** The shell lines of the first code block. */
function firstCommands(): string[] {
  const block = /```sh\n([\s\S]*?)```/.exec(paper)?.[1];
  if (block === undefined) throw new Error('docs/models.md has no commands.');
  return block.trim().split('\n');
}

describe('“Your own model”', () => {
  it('works as written', async () => {
    const [inspect, explain, ...more] = firstCommands();
    expect(more).toEqual([]);
    const run = async (line = '') => {
      // The command line as it is bundled from these sources, at the place of the built one.
      expect(line).toMatch(/^node dist\/cli\.js /);
      const command = line.replace('dist/cli.js', JSON.stringify(cli.file));
      return (await promisify(exec)(command, { cwd: repository, env })).stdout;
    };
    expect(await run(inspect)).toMatch(/12 × 12/);
    expect(await run(explain)).toMatch(/%\s+dog/);
  });
});

describe('the starter model on the bundled photographs', () => {
  const expected = JSON.parse(readFileSync(path.join(samples, 'expected.json'), 'utf8')) as Record<
    string,
    { readonly top1: string }
  >;

  it('gives the class that is promised for each', () => {
    const photographs = readdirSync(samples).filter((name) => name.endsWith('.jpg'));
    expect(Object.keys(expected).sort()).toEqual(photographs.sort());
    execFileSync(
      process.execPath,
      [cli.file, 'explain', ...photographs, '--method', 'attention', '--json', '--out', out],
      { cwd: samples, env, stdio: 'pipe' },
    );
    for (const name of photographs) {
      const { topK } = JSON.parse(
        readFileSync(path.join(out, `${path.parse(name).name}.json`), 'utf8'),
      ) as { topK: { label: string }[] };
      expect(topK[0]?.label, name).toBe(expected[name]?.top1);
    }
  });

  it('tells the dog from the cat on the photograph of both', () => {
    execFileSync(
      process.execPath,
      [
        cli.file,
        'explain',
        'dog-and-cat.jpg',
        '--class',
        'dog',
        '--class',
        'cat',
        '--json',
        '--out',
        out,
      ],
      { cwd: samples, env, stdio: 'pipe' },
    );
    const { grid, explanations } = JSON.parse(
      readFileSync(path.join(out, 'dog-and-cat.json'), 'utf8'),
    ) as { grid: [number, number]; explanations: { label: string; heatmap: number[] }[] };
    const [dog = NaN, cat = NaN] = explanations.map(({ label, heatmap }) => {
      const speaksFor = heatmap.map((value) => Math.max(0, value));
      const left = speaksFor.filter((_, patch) => patch % grid[1] < grid[1] / 2);
      const share = sum(left) / sum(speaksFor);
      console.log(`${label}: ${(100 * share).toFixed(0)} % of the evidence in the dog's half`);
      return share;
    });
    // A small model: its maps tell the two apart, but do not separate them cleanly.
    expect(dog).toBeGreaterThan(0.55);
    expect(dog - cat).toBeGreaterThan(0.4);
  });
});

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
