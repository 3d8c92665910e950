import { describe, expect, it } from 'vitest';
import { isGlob, nameGlob } from '../../src/extension/code/name-glob';

describe('patterns of names', () => {
  it.each([
    ['*.png', ['a.png', '.png'], ['a.jpg', 'a.png.txt']],
    ['cat?.png', ['cat1.png'], ['cat.png', 'cat12.png']],
    ['[a-c]1.png', ['a1.png', 'c1.png'], ['d1.png']],
    ['[!a-c]1.png', ['d1.png'], ['a1.png']],
    ['cat.{jpg,png}', ['cat.jpg', 'cat.png'], ['cat.gif', 'catxjpg']],
    ['cat (1)+.png', ['cat (1)+.png'], ['cat 1.png']],
    ['{root}', ['{root}'], ['root']],
    ['[1.png', ['[1.png'], ['1.png']],
  ])('%s', (pattern, fitting, others) => {
    for (const name of fitting) expect(name).toMatch(nameGlob(pattern));
    for (const name of others) expect(name).not.toMatch(nameGlob(pattern));
  });

  it.each([
    ['a/*.png', true],
    ['a/b?.png', true],
    ['a/[12].png', true],
    ['a/{b,c}.png', true],
    ['a/b.png', false],
    ['{root}/b.png', false],
    ['a/b[.png', false],
  ])('%s is one: %s', (path, expected) => {
    expect(isGlob(path)).toBe(expected);
  });
});
