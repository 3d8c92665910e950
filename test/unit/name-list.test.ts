/** Names in little memory. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { NameList, NameTable } from '../../src/dataset/name-list';

const names = fc.array(fc.string({ unit: 'grapheme', maxLength: 30 }), { maxLength: 200 });

describe('a list of names', () => {
  it('gives each of them back', () => {
    fc.assert(
      fc.property(names, (all) => {
        const list = new NameList();
        for (const name of all) list.push(name);
        expect(Array.from({ length: list.size }, (_, at) => list.at(at))).toEqual(all);
      }),
    );
  });

  it('holds names that are longer than its portions, and many of them', () => {
    const list = new NameList();
    const long = ['a'.repeat(3_000_000), 'b'.repeat(900_000), 'c', 'd'.repeat(900_000)];
    for (const name of long) list.push(name);
    for (let number = 0; number < 100_000; number++) list.push(`picture-${number}.jpg`);
    expect(long.map((_, at) => list.at(at))).toEqual(long);
    expect(list.at(4)).toBe('picture-0.jpg');
    expect(list.at(100_003)).toBe('picture-99999.jpg');
  });
});

describe('a table of names', () => {
  it('has each of them once, in the order in which they came', () => {
    fc.assert(
      fc.property(names, (all) => {
        const table = new NameTable();
        const added = all.filter((name) => table.add(name));
        expect(added).toEqual([...new Set(all)]);
        for (const [at, name] of added.entries()) expect(table.indexOf(name)).toBe(at);
        expect(table.indexOf('a name of nothing')).toBe(-1);
      }),
    );
  });

  it('finds each of many', () => {
    const table = new NameTable();
    const nameOf = (number: number) => `class_${number % 100}/picture-${number}.jpg`;
    for (let number = 0; number < 200_000; number++) expect(table.add(nameOf(number))).toBe(true);
    for (let number = 0; number < 200_000; number += 997) {
      expect(table.indexOf(nameOf(number))).toBe(number);
      expect(table.add(nameOf(number))).toBe(false);
    }
    expect(table.size).toBe(200_000);
  });
});
