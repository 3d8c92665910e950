/** The names of a model's classes, from the many forms in which people keep them. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import imagenet1k from '../../models/labels/imagenet-1k.json';
import { Failure } from '../shared/failure';
import { readJson, readTextIfThere } from './json-file';

/** Label lists that manifests, timm configurations and catalog entries may name instead of listing. */
export const labelLists: Readonly<Record<LabelListId, readonly string[]>> = {
  'imagenet-1k': imagenet1k,
};

export type LabelListId = 'imagenet-1k';

const indexToName = v.record(v.string(), v.union([v.string(), v.array(v.string())]));

/**
 * Labels from parsed JSON: an array of names, or an object from index to name (or to
 * `[synset, name]`, the form of Keras's imagenet_class_index). Missing indices become `class 7`.
 * @returns undefined where the data has none of these forms
 */
export function labelsFromJson(data: unknown): readonly string[] | undefined {
  if (Array.isArray(data)) {
    const names = data as unknown[];
    return names.length > 0 && names.every((name) => typeof name === 'string') ? names : undefined;
  }
  const parsed = v.safeParse(indexToName, data);
  if (!parsed.success) {
    return undefined;
  }
  const names = new Map<number, string>();
  for (const [key, value] of Object.entries(parsed.output)) {
    if (!/^\d{1,6}$/.test(key)) {
      return undefined;
    }
    names.set(Number(key), typeof value === 'string' ? value : (value.at(-1) ?? ''));
  }
  if (names.size === 0) {
    return undefined;
  }
  const count = Math.max(...names.keys()) + 1;
  return Array.from({ length: count }, (_, index) => names.get(index) ?? `class ${index}`);
}

/** One name a line; a leading index (`0 tench`, `0: tench`) is dropped where every line has its own. */
export function labelsFromText(text: string): readonly string[] | undefined {
  const lines = text.split(/\r?\n/).map((line) => line.trim());
  while (lines.at(-1) === '') {
    lines.pop();
  }
  if (lines.length === 0) {
    return undefined;
  }
  const numbered = lines.map((line) => /^(\d+)\s*[:,\t ]\s*(.+)$/.exec(line));
  return numbered.every((match, index) => match !== null && Number(match[1]) === index)
    ? numbered.map((match) => match?.[2] ?? '')
    : lines;
}

/** `id2label` of a Hugging Face `config.json`; the placeholders `LABEL_0`, `LABEL_1` count as none. */
export function labelsFromHuggingFace(config: unknown): readonly string[] | undefined {
  const parsed = v.safeParse(v.object({ id2label: v.record(v.string(), v.string()) }), config);
  const labels = parsed.success ? labelsFromJson(parsed.output.id2label) : undefined;
  return labels?.every((label) => /^LABEL_\d+$/.test(label)) === true ? undefined : labels;
}

/**
 * Labels of a timm `config.json`: its `label_names` (put in words by `label_descriptions`), or
 * ImageNet-1k where the pretraining tag says that the head was trained on it.
 */
export function labelsFromTimm(config: unknown): readonly string[] | undefined {
  const fields = v.object({
    num_classes: v.optional(v.number()),
    label_names: v.optional(v.array(v.string())),
    label_descriptions: v.optional(v.record(v.string(), v.string())),
    tag: v.optional(v.string()),
  });
  const outer = v.safeParse(
    v.object({ architecture: v.string(), pretrained_cfg: v.optional(fields), ...fields.entries }),
    config,
  );
  if (!outer.success) {
    return undefined;
  }
  const cfg = { ...outer.output, ...outer.output.pretrained_cfg };
  const descriptions = cfg.label_descriptions ?? {};
  if (cfg.label_names !== undefined) {
    return cfg.label_names.map((name) => descriptions[name] ?? name);
  }
  const isImagenet1k = cfg.num_classes === 1000 && cfg.tag?.endsWith('in1k') === true;
  return isImagenet1k ? labelLists['imagenet-1k'] : undefined;
}

/**
 * Looks for a label file in a folder: `NAME.labels.json|txt`, `labels.json|txt`, then any one
 * `*labels*.json|txt` or `*class_index*.json`.
 * @param modelName the model's file name without its ending
 * @throws Failure `model-unreadable` when a label file has no known form, or several could be meant
 */
export async function findLabelFile(
  folder: string,
  modelName: string,
): Promise<readonly string[] | undefined> {
  const files = await readdir(folder);
  const named = [
    `${modelName}.labels.json`,
    `${modelName}.labels.txt`,
    'labels.json',
    'labels.txt',
  ].find((name) => files.includes(name));
  const alike = files
    .filter((name) => /(labels|class_index).*\.json$|labels.*\.txt$/i.test(name))
    .filter((name) => !/\.labels\.(json|txt)$/.test(name));
  const chosen = named ?? alike[0];
  if (chosen === undefined) {
    return undefined;
  }
  if (named === undefined && alike.length > 1) {
    throw new Failure(
      'model-unreadable',
      `Several files beside the model could hold its labels: ${alike.join(', ')}.`,
      `Name the right one ${modelName}.labels.json, or point to it in ${modelName}.vit.json.`,
    );
  }
  return await readLabelFile(path.join(folder, chosen));
}

/** @throws Failure `model-missing` without the file, `model-unreadable` when it has no known form */
export async function readLabelFile(file: string): Promise<readonly string[]> {
  const text = await readTextIfThere(file);
  if (text === undefined) {
    throw new Failure(
      'model-missing',
      `The label file ${file} does not exist.`,
      'Correct the path in the model’s .vit.json file.',
    );
  }
  const labels = file.endsWith('.json')
    ? labelsFromJson(await readJson(file))
    : labelsFromText(text);
  if (labels === undefined) {
    throw new Failure(
      'model-unreadable',
      `${path.basename(file)} has no form of a label list that is known here.`,
      'Write a JSON array of the class names in the order of the model’s outputs.',
    );
  }
  return labels;
}
