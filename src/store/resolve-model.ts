/** From what a person names (a catalog id, a path) to everything that is needed to run that model. */
import path from 'node:path';
import { checkRegular, NotRead } from '../engine/files/regular-file';
import type { Assumption } from '../shared/assumption';
import { Failure } from '../shared/failure';
import type { ModelDescription } from '../shared/model';
import type { Preprocessing } from '../shared/preprocessing';
import type { StatedOutput } from '../shared/output-kind';
import type { ProbeBackbone } from '../shared/probe';
import { catalogEntry, type CatalogEntry } from './catalog';
import { checkpointSize } from './checkpoint-size';
import { downloadedWeights, pulledWeights } from './downloaded-models';
import { readConfig } from './config-file';
import { asGraphDecides, onlySize } from './graph-decides';
import { guessPreprocessing } from './guess-preprocessing';
import { hasCode } from './json-file';
import {
  findLabelFile,
  labelLists,
  labelsFromHuggingFace,
  labelsFromTimm,
  type NamedClasses,
  readLabelFile,
} from './labels';
import { readManifest, type Manifest } from './manifest';
import { presetOf } from './presets';
import { isProbe, isThere, probeFiles, readProbeManifest } from './probe-manifest';
import { preprocessingBeside } from './preprocessing/beside';
import { preprocessingForInput } from './preprocessing/for-input';
import { statedOutput } from './stated-output';
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

/** Of models that are known to tell classes apart that exclude each other. */
const classes: StatedOutput = { kind: 'softmax', by: 'config' };

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
    return { ...(await describeFile(file, 'Starter ViT')), output: classes, id: 'starter' };
  }
  const entry = catalogEntry(idOrPath);
  if (entry !== undefined) return await describeCatalogEntry(entry, folders.downloads);
  const pulled = await pulledWeights(idOrPath, folders.downloads);
  if (pulled !== undefined)
    return { ...(await describeFile(pulled, idOrPath)), id: `file:${pulled}` };
  const file = await weightsAt(path.resolve(idOrPath.replace(/^file:(?:\/\/(?=\/))?/, '')));
  if (isProbe(file)) return await describeProbe(file, folders);
  return { ...(await describeFile(file, path.basename(file))), id: `file:${file}` };
}

/** What is meant by a folder, or by one of several parts; else the path itself. */
async function weightsAt(named: string): Promise<string> {
  const index = isPart(named) ? indexOfPart(named) : indexIn(named);
  return (await isThere(index)) ? index : await pictureEncoderIn(named);
}

async function describeProbe(file: string, folders: ModelFolders): Promise<ModelDescription> {
  const { head } = probeFiles(file);
  const { name, backbone, preprocessing, classes: names } = await readProbeManifest(file);
  const weights = await findBackbone(head, backbone, folders);
  const architecture = (await readManifest(weights))?.architecture;
  return {
    id: `file:${head}`,
    name,
    path: head,
    preprocessing,
    preprocessingSource: `from the probe’s backbone, ${backbone.name}`,
    assumed: [],
    labels: names,
    output: classes,
    backbone: { ...backbone, path: weights },
    ...(architecture !== undefined && { architecture }),
  };
}

/** Shipped and known models by their id, others where they were, or else beside the head. */
async function findBackbone(
  head: string,
  { id, name, path: trained }: ProbeBackbone,
  folders: ModelFolders,
): Promise<string> {
  if (!id.startsWith('file:')) return (await resolveModel(id, folders)).path;
  for (const file of [trained, path.join(path.dirname(head), path.basename(trained))])
    if (await isThere(file)) return file;
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

interface Known {
  readonly preprocessing: Preprocessing;
  readonly labels: readonly string[];
}

/** What stands beside the weights; what the manifest says of reading pictures holds in any case. */
async function describeFile(
  file: string,
  name: string,
  known?: Known,
): Promise<Omit<ModelDescription, 'id'>> {
  await checkWeights(file);
  const manifest = await readManifest(file);
  const described = await describeWith(manifest, file, name, known);
  return { ...described, preprocessing: { ...described.preprocessing, ...manifest?.pictures } };
}

/** The manifest first, then Hugging Face's and timm's files. */
async function describeWith(
  manifest: Manifest | undefined,
  file: string,
  name: string,
  known: Known | undefined,
): Promise<Omit<ModelDescription, 'id'>> {
  const folder = path.dirname(file);
  // Hugging Face keeps ONNX files one folder below their configuration.
  const folders = path.basename(folder) === 'onnx' ? [folder, path.dirname(folder)] : [folder];
  const ownNames = await labelsOfManifest(manifest, folder);
  const beside = ownNames === undefined ? await labelsBeside(folders, file) : undefined;
  const labels = ownNames ?? beside?.labels ?? known?.labels ?? [];
  const evidence = await readWeightEvidence(file);
  const zeroShot = await findZeroShot(file, folders, manifest, labels.length > 0);
  const means = await statedOutput(manifest, folders);
  const output = means.output ?? ((known ?? zeroShot) ? classes : undefined);
  const common = {
    name: manifest?.name ?? name,
    path: file,
    labels,
    ...(manifest?.architecture !== undefined && { architecture: manifest.architecture }),
    ...(output !== undefined && { output }),
    ...(zeroShot !== undefined && { zeroShot }),
  };
  const found = await preprocessingBeside(folders, evidence.input);
  const { stated, source, config } = found;
  const passedOver = [
    ...(beside?.assumed ?? []),
    ...found.passedOver,
    ...means.passedOver,
    ...architectureLeftAside(file, manifest),
  ];
  if (manifest?.preprocessing !== undefined) {
    return {
      ...common,
      ...fitted(manifest.preprocessing, `from ${modelStem(file)}.vit.json`, evidence.input),
      assumed: passedOver.filter(({ field }) => field !== 'preprocessing'),
    };
  }
  if (stated !== undefined) {
    const size = onlySize(evidence, stated.statedSize);
    const fit = fitted(stated.preprocessing, source, size, stated.statedSize);
    const assumed = [...passedOver, ...stated.assumed];
    return asGraphDecides({ ...common, ...fit, assumed }, evidence);
  }
  if (known !== undefined) {
    const size = onlySize(evidence, known.preprocessing.crop);
    const fit = fitted(known.preprocessing, 'from the catalog', size);
    return asGraphDecides({ ...common, ...fit, assumed: passedOver }, evidence);
  }
  const trained = await checkpointSize(file, evidence.names, config, manifest?.architecture);
  const input = onlySize(evidence, config.imageSize) ?? trained;
  const guess = guessPreprocessing(path.basename(file), { ...evidence, input }, config);
  const guessed = {
    ...common,
    preprocessing: guess.preprocessing,
    preprocessingSource: `guessed as ${presetOf(guess.preset).name}: ${guess.reason}`,
    guessedPreset: guess.preset,
    assumed: [
      ...passedOver,
      {
        subject: 'preprocessing',
        value: presetOf(guess.preset).name,
        reason: guess.reason,
        field: 'preprocessing',
      } as const,
      ...sizeAssumed(trained),
    ],
  };
  return asGraphDecides(guessed, evidence);
}

/** Of an ONNX file the graph itself tells it. */
function architectureLeftAside(
  file: string,
  manifest: Manifest | undefined,
): readonly Assumption[] {
  const isOnnx = path.extname(file).toLowerCase() === '.onnx';
  return isOnnx && manifest?.architecture !== undefined
    ? [
        {
          subject: 'weights',
          value: '“architecture” left aside',
          reason: 'what an ONNX file computes is written in its graph',
          field: 'architecture',
        },
      ]
    : [];
}

function sizeAssumed(trained: readonly [number, number] | undefined): readonly Assumption[] {
  return trained === undefined
    ? []
    : [
        {
          subject: 'input size',
          value: trained.join(' × '),
          reason: 'the positions in its weights were trained for it',
          field: 'preprocessing',
        },
      ];
}

/**
 * The size that the graph fixes wins over any configuration's: nothing else could run.
 * @param statedSize what the configuration says, where `preprocessing` follows the graph already
 */
function fitted(
  preprocessing: Preprocessing,
  source: string,
  input: WeightEvidence['input'],
  statedSize = preprocessing.crop,
): Pick<ModelDescription, 'preprocessing' | 'preprocessingSource'> {
  if (input === undefined || (input[0] === statedSize[0] && input[1] === statedSize[1]))
    return { preprocessing, preprocessingSource: source };
  return {
    preprocessing: preprocessingForInput(preprocessing, input),
    preprocessingSource: `${source}, fitted to the input of ${input.join(' × ')} pixels`,
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
    await checkRegular(file);
    return;
  } catch (error) {
    if (!['ENOENT', 'ENOTDIR', 'EISDIR'].some((code) => hasCode(error, code))) {
      const isNoFile = error instanceof NotRead;
      throw new Failure(
        'model-unreadable',
        `The model ${file} cannot be read${isNoFile ? `: ${error.message}` : ''}.`,
        isNoFile
          ? 'Choose a file of weights.'
          : 'Check the permissions of the file and of its folder.',
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

async function labelsOfManifest(
  manifest: Manifest | undefined,
  folder: string,
): Promise<readonly string[] | undefined> {
  const labels = manifest?.labels;
  if (typeof labels !== 'string') return labels;
  return labels === 'imagenet-1k'
    ? labelLists['imagenet-1k']
    : await readLabelFile(path.resolve(folder, labels));
}

async function labelsBeside(
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
