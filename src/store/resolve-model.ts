/** From what a person names (a catalog id, a path) to everything that is needed to run that model. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { Failure } from '../shared/failure';
import type { ModelDescription, Preprocessing } from '../shared/model';
import type { ProbeBackbone } from '../shared/probe';
import { catalogEntry, type CatalogEntry } from './catalog';
import { downloadedWeights, pulledWeights } from './downloaded-models';
import { guessPreprocessing } from './guess-preprocessing';
import { fromHuggingFace } from './hugging-face-preprocessing';
import { hasCode, readJson } from './json-file';
import {
  findLabelFile,
  labelLists,
  labelsFromHuggingFace,
  labelsFromTimm,
  readLabelFile,
} from './labels';
import { readManifest, type Manifest } from './manifest';
import { preprocessingForInput, presetOf } from './presets';
import { isProbe, isThere, probeFiles, readProbeManifest } from './probe-manifest';
import { fromTimm } from './timm-preprocessing';
import {
  indexIn,
  indexOfPart,
  isPart,
  isWeights,
  modelStem,
  weightEndings,
} from './weight-endings';
import { readWeightEvidence, type WeightEvidence } from './weight-evidence';
import { findZeroShot, pictureEncoderIn } from './zero-shot-files';

/** Where models are kept. */
export interface ModelFolders {
  /** The shipped starter: `model.onnx`, `labels.json`, `preprocessor_config.json`. */
  readonly starterFolder: string;
  /** A folder of the person's own models, listed beside the catalog. */
  readonly ownFolder?: string;
  /** Where downloads go, one folder a catalog entry. */
  readonly downloads?: string;
}

/**
 * @param idOrPath `starter`, a catalog id, a model pulled from the hub, a path of weights (or of the folder of a CLIP or of a
 *   checkpoint in parts), or `file:` and an absolute path
 * @throws Failure `model-missing` when there is nothing there (yet), `model-unreadable` for an
 *   ending or a file beside it that cannot be used
 */
export async function resolveModel(
  idOrPath: string,
  folders: ModelFolders,
): Promise<ModelDescription> {
  if (idOrPath === 'starter') {
    const file = path.join(folders.starterFolder, 'model.onnx');
    return { ...(await describeFile(file, 'Starter ViT')), id: 'starter' };
  }
  const entry = catalogEntry(idOrPath);
  if (entry !== undefined) {
    return await describeCatalogEntry(entry, folders.downloads);
  }
  const pulled = await pulledWeights(idOrPath, folders.downloads);
  if (pulled !== undefined) {
    return { ...(await describeFile(pulled, idOrPath)), id: `file:${pulled}` };
  }
  const file = await weightsAt(path.resolve(idOrPath.replace(/^file:(?:\/\/(?=\/))?/, '')));
  if (isProbe(file)) {
    return await describeProbe(file, folders);
  }
  return { ...(await describeFile(file, path.basename(file))), id: `file:${file}` };
}

/** What is meant by a folder, or by one of several parts; else the path itself. */
async function weightsAt(named: string): Promise<string> {
  const index = isPart(named) ? indexOfPart(named) : indexIn(named);
  return (await isThere(index)) ? index : await pictureEncoderIn(named);
}

async function describeProbe(file: string, folders: ModelFolders): Promise<ModelDescription> {
  const { head } = probeFiles(file);
  const { name, backbone, preprocessing, classes } = await readProbeManifest(file);
  return {
    id: `file:${head}`,
    name,
    path: head,
    preprocessing,
    preprocessingSource: `from the probe’s backbone, ${backbone.name}`,
    assumed: [],
    labels: classes,
    backbone: { ...backbone, path: await findBackbone(head, backbone, folders) },
  };
}

/** Shipped and known models by their id, others where they were, or else beside the head. */
async function findBackbone(
  head: string,
  { id, name, path: trained }: ProbeBackbone,
  folders: ModelFolders,
): Promise<string> {
  if (!id.startsWith('file:')) {
    return (await resolveModel(id, folders)).path;
  }
  for (const file of [trained, path.join(path.dirname(head), path.basename(trained))]) {
    if (await isThere(file)) {
      return file;
    }
  }
  throw new Failure(
    'model-missing',
    `The probe ${path.basename(head)} reads the features of ${name}, which is no longer at ${trained}.`,
    'Put the backbone back there, or into the folder of the probe.',
  );
}

async function describeCatalogEntry(
  entry: CatalogEntry,
  downloads: string | undefined,
): Promise<ModelDescription> {
  const file = await downloadedWeights(entry, downloads);
  if (file === undefined) {
    throw new Failure(
      'model-missing',
      `${entry.name} is known, but not (or not completely) on this machine.`,
      `Download it in the model manager, or with: vit-explain models pull ${entry.id}`,
    );
  }
  const labels = entry.labels === null ? [] : labelLists[entry.labels];
  const { preprocessing } = entry;
  const described = await describeFile(file, entry.name, { preprocessing, labels });
  const { zeroShot } = described;
  return {
    ...described,
    // The catalog's CLIPs are OpenAI's: their scale is known.
    ...(zeroShot !== undefined && { zeroShot: { ...zeroShot, logitScaleAssumed: false } }),
    id: entry.id,
  };
}

/** Reads what stands beside the weights: the manifest first, then Hugging Face's and timm's files. */
async function describeFile(
  file: string,
  name: string,
  known?: { readonly preprocessing: Preprocessing; readonly labels: readonly string[] },
): Promise<Omit<ModelDescription, 'id'>> {
  await checkWeights(file);
  const folder = path.dirname(file);
  // Hugging Face keeps ONNX files one folder below their configuration.
  const folders = path.basename(folder) === 'onnx' ? [folder, path.dirname(folder)] : [folder];
  const manifest = await readManifest(file);
  const labels =
    (await labelsOfManifest(manifest, folder)) ??
    (await labelsBeside(folders, file)) ??
    known?.labels ??
    [];
  const found =
    manifest?.preprocessing === undefined
      ? await preprocessingBeside(folders)
      : { preprocessing: manifest.preprocessing, source: `from ${modelStem(file)}.vit.json` };
  const evidence = await readWeightEvidence(file);
  const zeroShot = await findZeroShot(file, folders, manifest, labels.length > 0);
  const common = {
    name: manifest?.name ?? name,
    path: file,
    labels,
    ...(zeroShot !== undefined && { zeroShot }),
  };
  const described = found ?? (known && { ...known, source: 'from the catalog' });
  if (described !== undefined) {
    const read = { ...described.preprocessing, ...manifest?.pictures };
    const fit = fitted(read, described.source, evidence.input);
    return { ...common, ...fit, assumed: [] };
  }
  const guess = guessPreprocessing(path.basename(file), evidence);
  return {
    ...common,
    preprocessing: { ...guess.preprocessing, ...manifest?.pictures },
    preprocessingSource: `guessed as ${presetOf(guess.preset).name}: ${guess.reason}`,
    guessedPreset: guess.preset,
    assumed: [
      {
        subject: 'preprocessing',
        value: presetOf(guess.preset).name,
        reason: guess.reason,
        field: 'preprocessing',
      },
    ],
  };
}

/** The size that the graph fixes wins over any configuration's: nothing else could run. */
function fitted(
  preprocessing: Preprocessing,
  source: string,
  input: WeightEvidence['input'],
): Pick<ModelDescription, 'preprocessing' | 'preprocessingSource'> {
  const fit = input === undefined ? preprocessing : preprocessingForInput(preprocessing, input);
  return {
    preprocessing: fit,
    preprocessingSource:
      fit === preprocessing
        ? source
        : `${source}, fitted to the input of ${fit.crop.join(' × ')} pixels`,
  };
}

async function checkWeights(file: string): Promise<void> {
  if (isPart(file)) {
    throw new Failure(
      'model-missing',
      `${path.basename(file)} is one of several parts of a model, and there is no ${path.basename(indexOfPart(file))} beside it.`,
      'Put the index and all parts into one folder, and name the index.',
    );
  }
  if (!isWeights(file)) {
    throw new Failure(
      'model-unreadable',
      `${path.basename(file)} is neither a known model nor a kind of file that can be explained.`,
      `Name a model of the list, or a file that ends in ${weightEndings.join(', ')}.`,
    );
  }
  try {
    if ((await stat(file)).isFile()) {
      return;
    }
  } catch (error) {
    if (!hasCode(error, 'ENOENT') && !hasCode(error, 'ENOTDIR')) {
      throw new Failure(
        'model-unreadable',
        `The model ${file} cannot be read.`,
        'Check the permissions of the file and of its folder.',
        { cause: error },
      );
    }
  }
  throw new Failure(
    'model-missing',
    `There is no model at ${file}.`,
    'Check the path, or choose another model.',
  );
}

async function preprocessingBeside(
  folders: readonly string[],
): Promise<{ preprocessing: Preprocessing; source: string } | undefined> {
  for (const folder of folders) {
    const processor = fromHuggingFace(
      await readJson(path.join(folder, 'preprocessor_config.json')),
    );
    if (processor !== undefined) {
      return { preprocessing: processor, source: 'from preprocessor_config.json' };
    }
    const processors = await readJson(path.join(folder, 'processor_config.json'));
    const nested = v.safeParse(v.object({ image_processor: v.unknown() }), processors);
    const inProcessor = nested.success ? fromHuggingFace(nested.output.image_processor) : undefined;
    if (inProcessor !== undefined) {
      return { preprocessing: inProcessor, source: 'from processor_config.json' };
    }
    const timm = fromTimm(await readJson(path.join(folder, 'config.json')));
    if (timm !== undefined) {
      return { preprocessing: timm, source: 'from timm’s config.json' };
    }
  }
  return undefined;
}

async function labelsOfManifest(
  manifest: Manifest | undefined,
  folder: string,
): Promise<readonly string[] | undefined> {
  const labels = manifest?.labels;
  if (typeof labels !== 'string') {
    return labels;
  }
  return labels === 'imagenet-1k'
    ? labelLists['imagenet-1k']
    : await readLabelFile(path.resolve(folder, labels));
}

async function labelsBeside(
  folders: readonly string[],
  file: string,
): Promise<readonly string[] | undefined> {
  for (const folder of folders) {
    const config = await readJson(path.join(folder, 'config.json'));
    const labels =
      labelsFromHuggingFace(config) ??
      labelsFromTimm(config) ??
      (await findLabelFile(folder, modelStem(file)));
    if (labels !== undefined) {
      return labels;
    }
  }
  return undefined;
}
