/** What the files beside the weights say of what the model's numbers mean. */
import path from 'node:path';
import type { Assumption } from '../shared/assumption';
import { isRecord } from '../shared/is-record';
import type { StatedOutput } from '../shared/output-kind';
import { readConfig } from './config-file';
import type { Manifest } from '../shared/manifest';
import { shown } from './preprocessing/config-fields';

/** transformers' names of what a classifier was trained for. */
const kinds = {
  single_label_classification: 'softmax',
  multi_label_classification: 'sigmoid',
  regression: 'value',
} as const;

export interface OutputBeside {
  /** Undefined where nothing says it, or nothing that is understood. */
  readonly output?: StatedOutput;
  /** What is stated without being understood. */
  readonly passedOver: readonly Assumption[];
}

/** The manifest first; a configuration that says nothing else is of a plain classifier. */
export async function statedOutput(
  manifest: Manifest | undefined,
  folders: readonly string[],
): Promise<OutputBeside> {
  if (manifest?.output !== undefined)
    return { output: { kind: manifest.output, by: 'manifest' }, passedOver: [] };
  for (const folder of folders) {
    const stated = outputOfConfig((await readConfig(path.join(folder, 'config.json')))?.data);
    if (stated !== undefined) return stated;
  }
  return { passedOver: [] };
}

/**
 * `problem_type` of a Hugging Face `config.json`, in transformers' own words alone, as it reads them.
 * Where it is left out, transformers takes several classes for exclusive; timm trains with a softmax
 * unless told otherwise.
 */
function outputOfConfig(config: unknown): OutputBeside | undefined {
  if (!isRecord(config)) return undefined;
  const { problem_type: problem, model_type: type, architecture } = config;
  if (typeof problem === 'string' && Object.hasOwn(kinds, problem))
    return { output: { kind: kinds[problem as keyof typeof kinds], by: 'config' }, passedOver: [] };
  if (problem !== undefined && problem !== null) {
    const passedOver: Assumption = {
      subject: 'output',
      value: `not understood: “problem_type” ${shown(problem)}`,
      reason: `config.json states it so, and transformers knows ${Object.keys(kinds).join(', ')}`,
      field: 'output',
    };
    return { passedOver: [passedOver] };
  }
  return typeof (type ?? architecture) === 'string'
    ? { output: { kind: 'softmax', by: 'config' }, passedOver: [] }
    : undefined;
}
