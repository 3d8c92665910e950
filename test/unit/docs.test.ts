/** What the papers for contributors name is there. */
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { methods } from '../../src/engine/methods/catalogue';
import rooms from '../../src/rooms.json';

const repository = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(repository, file), 'utf8');
const papers = ['docs/architecture.md', 'CONTRIBUTING.md'];

it.each(papers)('%s names files that are there', (paper) => {
  const named = read(paper).match(/\b(?:src|test|docs|scripts)\/[\w./-]*\w/g) ?? [];
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((file) => !existsSync(path.join(repository, file)))).toEqual([]);
});

it.each(papers)('%s names scripts that are there', (paper) => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: object };
  const named = [...read(paper).matchAll(/`npm run ([\w:]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

it('the table of rooms is that of src/rooms.json', () => {
  const rows = read('docs/architecture.md')
    .split('\n')
    .map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim())
        .join(' | '),
    );
  for (const [room, { is, imports, packages }] of Object.entries(rooms)) {
    const row = [`\`${room}\``, is, imports.join(', ') || 'nothing', packages.join(', ')];
    expect(rows).toContain(row.join(' | '));
  }
});

it('the table of methods in the README is that of the catalogue', () => {
  const rows = read('README.md')
    .split('\n')
    .flatMap((line) => {
      const [, id, sentence, paper, classSpecific] = line.split('|').map((cell) => cell.trim());
      const [, url] = /\]\((.+)\)$/.exec(paper ?? '') ?? [];
      return id?.startsWith('`') && url ? [[id, sentence, url, classSpecific]] : [];
    });
  const facts = methods.map(({ info: { id, sentence, paper, classSpecific } }) => [
    `\`${id}\``,
    sentence,
    paper.url,
    classSpecific ? 'yes' : 'no',
  ]);
  expect(rows).toEqual(facts);
});

it('methods that were measured to be no better than the centre of the picture say so', () => {
  const table = /^\| Method [^]*?\n\n/m.exec(read('docs/faithfulness.md'))?.[0] ?? '';
  const measured = new Map(
    [...table.matchAll(/^\| `?(\w+)`?(?: \(control\))? +\| +(−?[\d.]+) ± ([\d.]+)/gm)].map(
      ([, id = '', mean = '', error = '']) =>
        [id, { mean: Number(mean.replace('−', '-')), error: Number(error) }] as const,
    ),
  );
  const centre = measured.get('centre') ?? { mean: NaN, error: NaN };
  for (const { info } of methods) {
    const { mean, error } = measured.get(info.id) ?? { mean: NaN, error: NaN };
    const isBetter = mean - centre.mean > 2 * Math.hypot(error, centre.error);
    expect(Number.isFinite(mean), info.id).toBe(true);
    expect(info.caution === undefined, info.id).toBe(isBetter);
  }
});
