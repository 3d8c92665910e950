/** Where the names of a model's classes are kept. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import imagenet1k from '../../models/labels/imagenet-1k.json';
import { Failure } from '../shared/failure';
import type { Assumption } from '../shared/assumption';
import { readJson, readTextIfThere } from './json-file';
import { labelsFromJson, labelsFromText } from './label-forms';

export interface NamedClasses {
  /** By index. */
  readonly labels: readonly string[];
  readonly assumed: readonly Assumption[];
}

/** Label lists that manifests, timm configurations and catalog entries may name instead of listing. */
export const labelLists: Readonly<Record<LabelListId, readonly string[]>> = {
  'imagenet-1k': imagenet1k,
};

export type LabelListId = 'imagenet-1k';

/** Names that files with labels go by, beside those that hold “labels”. */
const alike =
  /(labels|class_index).*\.json$|labels.*\.txt$|(^|[^a-z])(classes|categories|class_?names|class_?(to_?)?(idx|indices|id)|(idx|id|index)_?(to_?|2)(class|label|name)|label2id|(label|class)_?map(ping)?)(es|s)?\.(json|txt)$/i;
/** The meanings of a dataset's labels, which may lie beside a model too. */
const notLabels = /^vit-labels\.json$|\.labels\.(json|txt)$/;

/**
 * `id2label` of a Hugging Face `config.json`, else its `label2id`; the placeholders `LABEL_0`,
 * `LABEL_1` count as none. Where the two disagree, `id2label` counts, as in Transformers, and that is
 * an assumption.
 */
export function labelsFromHuggingFace(config: unknown): NamedClasses | undefined {
  const parsed = v.safeParse(
    v.object({ id2label: v.optional(v.unknown()), label2id: v.optional(v.unknown()) }),
    config,
  );
  if (!parsed.success) return undefined;
  const { id2label, label2id } = parsed.output;
  const byIndex = unlessPlaceholders(labelsFromJson(id2label, true));
  const byName = unlessPlaceholders(labelsFromJson(label2id));
  if (byIndex === undefined || byName === undefined) {
    const labels = byIndex ?? byName;
    return labels && { labels, assumed: [] };
  }
  // A name that several classes share has one index only on the way back.
  const other = byName.findIndex(
    (name, index) =>
      name !== `class ${index}` && ![name, ...name.split(', ')].includes(byIndex[index] ?? ''),
  );
  if (other < 0) return { labels: byIndex, assumed: [] };
  const assumption: Assumption = {
    subject: 'classes',
    value: `id2label of config.json, where class ${other} is “${byIndex[other] ?? ''}”`,
    reason: `label2id beside it says otherwise: class ${other} is “${byName[other] ?? ''}”`,
    field: 'labels',
  };
  return { labels: byIndex, assumed: [assumption] };
}

function unlessPlaceholders(labels: readonly string[] | undefined): readonly string[] | undefined {
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
  if (!outer.success) return undefined;
  const cfg = { ...outer.output, ...outer.output.pretrained_cfg };
  const descriptions = cfg.label_descriptions ?? {};
  if (cfg.label_names !== undefined)
    return cfg.label_names.map((name) => descriptions[name] ?? name);
  const isImagenet1k = cfg.num_classes === 1000 && cfg.tag?.endsWith('in1k') === true;
  return isImagenet1k ? labelLists['imagenet-1k'] : undefined;
}

/**
 * Looks for a label file in a folder: `NAME.labels.json|txt`, `labels.json|txt`, then any one that is
 * called like a list of classes (`my_labels.txt`, `classes.txt`, `class_to_idx.json`, …), or several
 * that say the same.
 *
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
  const candidates = files.filter((name) => alike.test(name) && !notLabels.test(name)).sort();
  const chosen = named ?? candidates[0];
  if (chosen === undefined) return undefined;
  const labels = await readLabelFile(path.join(folder, chosen));
  if (named === undefined) {
    for (const other of candidates.slice(1)) {
      const same = await readLabelFile(path.join(folder, other)).catch(() => undefined);
      if (JSON.stringify(same) !== JSON.stringify(labels))
        throw severalFiles(candidates, modelName);
    }
  }
  return labels;
}

function severalFiles(files: readonly string[], modelName: string): Failure {
  return new Failure(
    'model-unreadable',
    `Several files beside the model could hold its labels: ${files.join(', ')}.`,
    `Name the right one ${modelName}.labels.json, or point to it in ${modelName}.vit.json.`,
  );
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
