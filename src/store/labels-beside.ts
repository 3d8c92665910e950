/** Class names of a model's manifest, or of the files beside it. */
import path from 'node:path';
import { readConfig } from './config-file';
import {
  findLabelFile,
  labelLists,
  labelsFromHuggingFace,
  labelsFromTimm,
  readLabelFile,
  type NamedClasses,
} from './labels';
import type { Manifest } from '../shared/manifest';
import { modelStem } from './weight-endings';

export async function labelsOfManifest(
  manifest: Manifest | undefined,
  folder: string,
): Promise<readonly string[] | undefined> {
  const labels = manifest?.labels;
  if (typeof labels !== 'string') return labels;
  return labels === 'imagenet-1k'
    ? labelLists['imagenet-1k']
    : await readLabelFile(path.resolve(folder, labels));
}

export async function labelsBeside(
  folders: readonly string[],
  file: string,
): Promise<NamedClasses | undefined> {
  for (const folder of folders) {
    const config = (await readConfig(path.join(folder, 'config.json')))?.data;
    const inConfig = labelsFromHuggingFace(config);
    if (inConfig !== undefined) return inConfig;
    const labels = labelsFromTimm(config) ?? (await findLabelFile(folder, modelStem(file)));
    if (labels !== undefined) return { labels, assumed: [] };
  }
  return undefined;
}
