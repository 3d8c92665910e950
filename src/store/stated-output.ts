/** What the files beside the weights say of what the model's numbers mean. */
import path from 'node:path';
import * as v from 'valibot';
import type { StatedOutput } from '../shared/output-kind';
import { readConfig } from './config-file';
import type { Manifest } from './manifest';

/** transformers' names of what a classifier was trained for. */
const kinds = {
  single_label_classification: 'softmax',
  multi_label_classification: 'sigmoid',
  regression: 'value',
} as const;

const configSchema = v.looseObject({
  problem_type: v.optional(v.nullable(v.string())),
  model_type: v.optional(v.string()),
  architecture: v.optional(v.string()),
});

/** The manifest first; a configuration that says nothing else is of a plain classifier. */
export async function statedOutput(
  manifest: Manifest | undefined,
  folders: readonly string[],
): Promise<StatedOutput | undefined> {
  if (manifest?.output !== undefined) {
    return { kind: manifest.output, by: 'manifest' };
  }
  for (const folder of folders) {
    const stated = outputOfConfig((await readConfig(path.join(folder, 'config.json')))?.data);
    if (stated !== undefined) {
      return stated;
    }
  }
  return undefined;
}

/**
 * `problem_type` of a Hugging Face `config.json`. Where it is left out, transformers takes several
 * classes for exclusive; timm trains with a softmax unless told otherwise.
 */
export function outputOfConfig(config: unknown): StatedOutput | undefined {
  const parsed = v.safeParse(configSchema, config);
  if (!parsed.success) {
    return undefined;
  }
  const { problem_type: problem, model_type: type, architecture } = parsed.output;
  if (problem !== undefined && problem !== null && Object.hasOwn(kinds, problem)) {
    return { kind: kinds[problem as keyof typeof kinds], by: 'config' };
  }
  return (type ?? architecture) === undefined ? undefined : { kind: 'softmax', by: 'config' };
}
