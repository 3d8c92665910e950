import * as v from 'valibot';
import { expect, it } from 'vitest';
import { describeIssues } from '../../src/shared/describe-issues';

function said(schema: v.GenericSchema, value: unknown): string {
  return describeIssues(v.safeParse(schema, value).issues ?? []);
}

it('says where the fault is, and what is there', () => {
  const schema = v.object({ output: v.picklist(['softmax', 'sigmoid']), size: v.number() });
  expect(said(schema, { output: 'sigmod' })).toBe(
    '“output” is "sigmod" instead of one of "softmax", "sigmoid"; “size” is missing',
  );
});

it('says of many faults the first ones, and how many there are', () => {
  const said1000 = said(v.array(v.number()), new Array(1000).fill('a'));
  expect(said1000).toMatch(/^“0” is "a" instead of number; “1” .*; and 995 more like these$/);
  expect(said1000.length).toBeLessThan(300);
});

it('repeats no long texts', () => {
  const long = 'a'.repeat(10_000);
  expect(said(v.object({ size: v.number() }), { size: long })).toMatch(
    /^“size” is "a{59}…a{59}" instead of number$/,
  );
  const inKey = said(v.record(v.string(), v.number()), { [long]: 'b' });
  expect(inKey).toMatch(/^“a{60}…a{60}” is "b" instead of number$/);
});
