import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseJson } from '../../src/shared/parse-json';
import { processorMilliseconds } from '../processor-time';

describe('JSON of others', () => {
  it('is what JSON.parse says, whatever stands in its texts', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = JSON.stringify(value);
        expect(parseJson(text)).toEqual(JSON.parse(text));
      }),
    );
    const names = ['['.repeat(2000), '\\"{', '"'.repeat(2000), '\\', '\u2028'];
    expect(parseJson(JSON.stringify(names), 1)).toEqual(names);
  });

  it('is counted: arrays, objects and fields', () => {
    const text = '{"a": [{}, {"b:": "c:"}]}';
    expect(parseJson(text, 6)).toEqual({ a: [{}, { 'b:': 'c:' }] });
    expect(() => parseJson(text, 5)).toThrow('it has more than 5 parts');
  });

  it.each([
    ['deep', '['.repeat(40e6) + ']'.repeat(20e6), /nested deeper than 500 levels/],
    ['of objects', `[${'{},'.repeat(20e6)}0]`, /more than 5000000 parts/],
    ['of fields', `{${'"a":0,'.repeat(10e6)}"b":0}`, /more than 5000000 parts/],
  ])('that is %s is refused at once', (_, text, words) => {
    const begun = processorMilliseconds();
    expect(() => parseJson(text)).toThrow(words);
    expect(processorMilliseconds() - begun).toBeLessThan(5000);
  });
});
