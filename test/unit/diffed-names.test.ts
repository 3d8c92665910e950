import { expect, it } from 'vitest';
import { diffedNames } from '../../src/shared/diffed-names';

it.each([
  ['cat.png (Working Tree)', undefined, 'cat.png'],
  ['cat (1).png (Index)', undefined, 'cat (1).png'],
  ['cat.png (1f2e3d4) ↔ cat.png (5a6b7c8)', ['cat.png', '1f2e3d4'], 'cat.png'],
  ['a.png ↔ b.png', ['a.png', undefined], 'b.png'],
  ['cat (1).png ↔ cat (2).png', ['cat (1).png', undefined], 'cat (2).png'],
])('%s', (title, before, now) => {
  const names = diffedNames(title);
  expect(names?.before && [names.before.name, names.before.version]).toEqual(before);
  expect(names?.now.name).toBe(now);
});

it.each(['cat.png', 'cat (1).png', 'Settings', 'a ↔ b ↔ c'])('%s is none', (title) => {
  expect(diffedNames(title)).toBeUndefined();
});
