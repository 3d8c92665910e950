/** What a setting accepts is what the manifest says of it. */
import { describe, expect, it } from 'vitest';
import type { Setting } from '../../src/extension/settings/setting-kinds';
import { settingsTable } from '../../src/extension/settings/settings-table';

interface Schema {
  readonly type: string;
  readonly enum?: readonly string[];
  readonly minimum?: number;
  readonly maximum?: number;
}

const wrong: Readonly<Record<string, readonly unknown[]>> = {
  integer: [null, '1', 1.5, NaN],
  number: [null, '1', NaN],
  string: [null, 1, ['a']],
  boolean: [null, 0, 'true'],
  array: [null, 'a', {}],
};

describe.each(Object.entries<Setting<unknown>>(settingsTable))('%s', (_, row) => {
  const schema = row.schema as unknown as Schema;

  it('accepts its default', () => {
    expect(row.parse(row.default)).toEqual(row.default);
  });

  it('refuses other types', () => {
    const values = wrong[schema.type];
    expect(values).toBeDefined();
    for (const value of [undefined, ...(values ?? [])])
      expect([value, row.parse(value)]).toEqual([value, undefined]);
  });

  if (schema.minimum !== undefined) {
    it('ends where its range ends', () => {
      const { minimum = NaN, maximum } = schema;
      expect([row.parse(minimum), row.parse(minimum - 1)]).toEqual([minimum, undefined]);
      if (maximum === undefined) return;
      expect([row.parse(maximum), row.parse(maximum + 1)]).toEqual([maximum, undefined]);
    });
  }

  if (schema.enum !== undefined) {
    it('accepts its choices alone', () => {
      const choices = schema.enum ?? [];
      expect(choices.map(row.parse)).toEqual(choices);
      expect(row.parse(`${choices[0]}!`)).toBeUndefined();
    });
  }
});

it('texts are trimmed, and empty only where that means none', () => {
  expect(settingsTable.model.parse(' starter ')).toBe('starter');
  expect(settingsTable.model.parse('  ')).toBeUndefined();
  expect(settingsTable.modelFolder.parse(' ')).toBe('');
  expect(settingsTable.dataRoots.parse([' a ', 1, ''])).toEqual(['a']);
});
