/** A manifest that states what was assumed, and keeps what is stated. */
import { expect, test } from 'vitest';
import type { Assumption } from '../../src/shared/assumption';
import { draftManifest } from '../../src/store/manifest-draft';
import { presetOf } from '../../src/store/presets';

const preprocessing = presetOf('timm').preprocessing(224);
const assumed: readonly Assumption[] = [
  { subject: 'preprocessing', value: 'timm ViT', reason: 'a guess', field: 'preprocessing' },
  {
    subject: 'attention heads',
    value: '3',
    reason: 'custom',
    field: 'architecture.heads',
    setting: 3,
  },
  {
    subject: 'patch grid',
    value: '4 × 4',
    reason: 'it is square',
    field: 'architecture.grid',
    setting: [4, 4],
  },
  { subject: 'readout', value: 'both tokens', reason: 'custom', field: 'architecture.readout' },
];

const draft = (existing?: string) => draftManifest(existing, preprocessing, assumed);

test('a new one states everything that a field can say', () => {
  expect(JSON.parse(draft())).toEqual({
    format: 1,
    preprocessing,
    architecture: { heads: 3, grid: [4, 4] },
  });
});

test('what is stated stays', () => {
  const stated = { format: 1, name: 'Dogs', architecture: { heads: 12 } };
  expect(JSON.parse(draft(JSON.stringify(stated)))).toEqual({
    ...stated,
    preprocessing,
    architecture: { heads: 12, grid: [4, 4] },
  });
});

test.each(['{"format": 1,', '[]', '"x"'])(
  'what is no manifest is left to its owner: %s',
  (text) => {
    expect(draft(text)).toBe(text);
  },
);
