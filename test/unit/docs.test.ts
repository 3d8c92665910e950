/** What the papers for contributors name is there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { selfContained } from '../../scripts/release/self-contained.mjs';
import { methods } from '../../src/engine/methods/catalogue';
import rooms from '../../src/rooms.json';

const repository = path.resolve(import.meta.dirname, '../..');
const read = (file: string): string => readFileSync(path.join(repository, file), 'utf8');
const papers = ['docs/architecture.md', 'docs/releasing.md', 'CONTRIBUTING.md'];

it.each(papers)('%s names files that are there', (paper) => {
  const least = paper === 'docs/releasing.md' ? 2 : 10;
  const named = read(paper).match(/\b(?:src|test|docs|scripts)\/[\w./-]*\w/g) ?? [];
  expect(named.length).toBeGreaterThan(least);
  expect(named.filter((file) => !existsSync(path.join(repository, file)))).toEqual([]);
});

it.each(papers)('%s names scripts that are there', (paper) => {
  const { scripts } = JSON.parse(read('package.json')) as { readonly scripts: object };
  const named = [...read(paper).matchAll(/`npm run ([\w:]+)/g)].map(([, name = '']) => name);
  expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

const pages = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md', 'models/README.md'],
  ...['scripts/licences/README.md', 'media/samples/README.md'],
  ...readdirSync(path.join(repository, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

it.each(pages)('%s links to what is there', (page) => {
  const links = [...read(page).matchAll(/\]\((?!\w+:)([^)\s]*)\)/g)].map(([, link = '']) => link);
  const dead = links.filter((link) => {
    const [file = '', anchor] = link.split('#');
    const target = file === '' ? page : path.join(path.dirname(page), file);
    if (!existsSync(path.join(repository, target))) return true;
    return anchor !== undefined && !anchorsOf(read(target)).includes(anchor);
  });
  expect(dead).toEqual([]);
});

/** Of headings, as GitHub makes them. */
function anchorsOf(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\s_-]/gu, '')
      .replace(/\s/g, '-'),
  );
}

it('the README is for users first, and short', () => {
  const readme = read('README.md');
  expect(readme.split('\n').length).toBeLessThanOrEqual(120);
  expect(readme.match(/!\[/g)).toHaveLength(2);
  const headings = [...readme.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading);
  expect(headings.at(0)).toBe('The first minute');
  expect(headings.at(-1)).toBe('For developers');
});

it('the pictures of the README are inside the README of a package', () => {
  const packed = selfContained(read('README.md'), repository);
  const pictures = [...packed.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, address]) => address);
  expect(pictures).toHaveLength(2);
  for (const address of pictures) {
    const bytes = Buffer.from(address?.replace('data:image/png;base64,', '') ?? '', 'base64');
    expect(bytes.subarray(1, 4).toString()).toBe('PNG');
  }
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

it('the table of methods is that of the catalogue', () => {
  const rows = read('docs/methods.md')
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
