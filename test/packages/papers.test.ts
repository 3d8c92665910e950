/** What each platform's package says of what others made, and whether its README can be shown. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { beforeAll, describe, expect, it } from 'vitest';
import { addPapers, sbomFile } from '../../scripts/package/papers.mjs';
import { packageFile, targets } from '../../scripts/package/targets.mjs';
import { spdxDocument } from '../spdx-document';
import { extensionMembers, type Member } from './vsix';

const repository = path.resolve(import.meta.dirname, '../..');

describe.each(Object.keys(targets))('the package for %s', (target) => {
  const file = packageFile(repository, target);
  let members: readonly Member[] = [];
  const text = (name: string): string =>
    members
      .find((member) => member.name === name)
      ?.bytes()
      .toString('utf8') ?? '';
  beforeAll(() => {
    if (!existsSync(file))
      throw new Error(`There is no ${path.basename(file)}: npm run package -- --all`);
    members = extensionMembers(file);
  });

  it('names every package in it, with a licence, in its notices and its bill of materials', () => {
    const within = new Set(
      members.flatMap(({ name }) => /^node_modules\/((?:@[^/]+\/)?[^/]+)\//.exec(name)?.[1] ?? []),
    );
    expect(within.size).toBeGreaterThan(5);
    const [list = ''] = text('THIRD_PARTY_NOTICES.txt').split('\n====');
    const listed = [...list.matchAll(/^- (\S+) [\da-f][\w.]*: \S/gm)];
    const names = listed.map(([, name]) => name);
    expect([...within].filter((name) => !names.includes(name))).toEqual([]);
    // Bundled ones, and what libvips is built from.
    expect(names).toEqual(expect.arrayContaining(['preact', 'valibot', 'glib', 'libheif']));

    const document = v.parse(spdxDocument, JSON.parse(readFileSync(sbomFile(file), 'utf8')));
    const [root, ...parts] = document.packages;
    expect(root?.checksums?.[0]?.checksumValue).toBe(
      createHash('sha256').update(readFileSync(file)).digest('hex'),
    );
    expect(parts.map(({ name }) => name)).toEqual(expect.arrayContaining(names));
  });

  it('says which licence texts its notices lack', () => {
    const staged = path.join(repository, '.cache/package', target);
    const lacking = addPapers(repository, staged, target);
    const names = lacking.map((sentence) => /(\w+\.dll)/.exec(sentence)?.[1]);
    expect(names).toEqual(target.startsWith('win32') ? ['DirectML.dll', 'dxil.dll'] : []);
    for (const sentence of lacking) expect(text('THIRD_PARTY_NOTICES.txt')).toContain(sentence);
  });

  it('has pictures in its README that an editor draws', () => {
    const pictures = [...text('readme.md').matchAll(/!\[[^\]]*\]\(([^)]{30})/g)];
    expect(pictures).toHaveLength(2);
    for (const [, address] of pictures)
      expect(address).toMatch(/^(https:|data:image\/png;base64,)/);
  });
});
