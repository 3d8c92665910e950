/** A manifest that states what was assumed, for a person to correct. */
import type { Assumption } from '../shared/assumption';
import { parseJson } from '../shared/parse-json';
import type { Preprocessing } from '../shared/preprocessing';

/**
 * @param existing text of the manifest that is there, if any; what it states stays
 * @returns the text of the new one; the existing text where it is no JSON object
 */
export function draftManifest(
  existing: string | undefined,
  preprocessing: Preprocessing,
  assumed: readonly Assumption[],
): string {
  const manifest = existing === undefined ? { format: 1 } : objectOf(existing);
  if (manifest === undefined) return existing ?? '';
  for (const { field, setting } of assumed)
    state(manifest, field.split('.'), field === 'preprocessing' ? preprocessing : setting);
  return `${JSON.stringify(manifest, undefined, 2)}\n`;
}

function state(
  within: Record<string, unknown>,
  [name = '', ...inner]: readonly string[],
  value: unknown,
): void {
  if (value === undefined) return;
  if (inner.length === 0) {
    within[name] ??= value;
    return;
  }
  within[name] ??= {};
  if (isObject(within[name])) state(within[name], inner, value);
}

function objectOf(text: string): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = parseJson(text);
    return isObject(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
