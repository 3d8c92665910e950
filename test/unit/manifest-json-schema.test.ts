/** The JSON schema of manifests says what the check says, and is the one that ships. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { manifestSchema } from '../../src/shared/manifest';
import { manifestDescriptions } from '../../src/store/manifest-descriptions';
import { manifestJsonSchema, type JsonSchema } from '../../src/store/manifest-json-schema';
import { presetOf } from '../../src/store/presets';

const repository = path.resolve(import.meta.dirname, '../..');
const file = path.join(repository, 'schemas/vit.schema.json');

/** As much of JSON Schema (draft 7) as ours uses. */
function follows(data: unknown, schema: JsonSchema): boolean {
  const { anyOf, const: only, enum: words, type, items, properties, required } = schema;
  if (anyOf !== undefined) return (anyOf as JsonSchema[]).some((one) => follows(data, one));
  if (only !== undefined) return data === only;
  if (words !== undefined) return (words as unknown[]).includes(data);
  switch (type) {
    case 'string':
      return typeof data === 'string' && data.length >= Number(schema.minLength ?? 0);
    case 'integer':
    case 'number':
      return (
        typeof data === 'number' &&
        (type === 'number' || Number.isInteger(data)) &&
        data >= Number(schema.minimum ?? -Infinity) &&
        data <= Number(schema.maximum ?? Infinity) &&
        data > Number(schema.exclusiveMinimum ?? -Infinity)
      );
    case 'array': {
      if (!Array.isArray(data)) return false;
      if (!Array.isArray(items)) return data.every((item) => follows(item, items as JsonSchema));
      const each = items as JsonSchema[];
      return data.length === each.length && each.every((one, at) => follows(data[at], one));
    }
    case 'object': {
      if (typeof data !== 'object' || data === null || Array.isArray(data)) return false;
      const known = properties as Readonly<Record<string, JsonSchema>>;
      return (
        (required as string[]).every((name) => name in data) &&
        Object.entries(data).every(([name, value]) => known[name] && follows(value, known[name]))
      );
    }
    default:
      throw new Error(`What is a ${String(type)}?`);
  }
}

const preprocessing = presetOf('timm').preprocessing(224);
const manifests: readonly object[] = [
  { format: 1 },
  {},
  { format: 2 },
  { format: 1, preprocessing },
  { format: 1, preprocessing: { ...preprocessing, crop: [224] } },
  { format: 1, preprocessing: { ...preprocessing, crop: [0, 224] } },
  { format: 1, preprocessing: { ...preprocessing, crop: [224.5, 224] } },
  { format: 1, preprocessing: { ...preprocessing, crop: [16_385, 224] } },
  { format: 1, preprocessing: { ...preprocessing, rescale: 0 } },
  { format: 1, preprocessing: { ...preprocessing, std: [1, 1, 0] } },
  { format: 1, preprocessing: { ...preprocessing, fill: [0, 0, 256] } },
  { format: 1, preprocessing: { ...preprocessing, colour: 'red' } },
  { format: 1, preprocessing: { ...preprocessing, resize: { rule: 'squash' } } },
  { format: 1, preprocessing: { ...preprocessing, resize: { rule: 'cover' } } },
  { format: 1, preprocessing: { ...preprocessing, resize: { rule: 'none', size: 3 } } },
  { format: 1, architecture: { heads: 12, grid: [14, 14], activation: 'relu' } },
  { format: 1, architecture: { heads: 0 } },
  { format: 1, architecture: { normEpsilon: 1.5 } },
  { format: 1, architecture: { activation: 'swish' } },
  { format: 1, pictures: { alpha: 'white' } },
  { format: 1, pictures: { alpha: [1, 2] } },
  { format: 1, pictures: { window: { centre: 40, width: 400 } } },
  { format: 1, pictures: { window: { centre: 40, width: 0 } } },
  { format: 1, labels: ['cat', 'dog'] },
  { format: 1, labels: 'labels.txt' },
  { format: 1, labels: '' },
  { format: 1, output: 'sigmod' },
  { format: 1, output: 'value', method: 'rollout' },
  { format: 1, zeroShot: { logitScale: 100 } },
  { format: 1, zeroShot: { logitScale: 0 } },
  { format: 1, name: 3 },
];

describe('the JSON schema of manifests', () => {
  it.each(manifests)('agrees with the check on %j', (manifest) => {
    expect(follows(manifest, manifestJsonSchema())).toBe(v.is(manifestSchema, manifest));
  });

  it('is tried on manifests of either kind', () => {
    const sound = manifests.filter((manifest) => v.is(manifestSchema, manifest));
    expect(sound.length).toBeGreaterThan(8);
    expect(manifests.length - sound.length).toBeGreaterThan(8);
  });

  it('is the one that ships, as `npm run generate:manifest` writes it', () => {
    const text = `${JSON.stringify(manifestJsonSchema(), undefined, 2)}\n`;
    expect(readFileSync(file, 'utf8')).toBe(text);
  });

  it('describes every field, and no other', () => {
    const fields = new Set(fieldsOf(manifestJsonSchema(), ''));
    expect(fields).toEqual(new Set(Object.keys(manifestDescriptions)));
  });
});

function fieldsOf(schema: JsonSchema, path: string): string[] {
  const parts = (schema.anyOf as JsonSchema[] | undefined) ?? [];
  const properties = Object.entries(
    (schema.properties as Record<string, JsonSchema> | undefined) ?? {},
  );
  return [
    ...parts.flatMap((part) => fieldsOf(part, path)),
    ...properties.flatMap(([name, inner]) => {
      const at = path === '' ? name : `${path}.${name}`;
      return [at, ...fieldsOf(inner, at)];
    }),
  ];
}
