/** From weights to all that is needed to run them: what files beside them say, else a reasoned guess. */
import path from 'node:path';
import type { Assumption } from '../shared/assumption';
import type { Manifest } from '../shared/manifest';
import type { ModelDescription } from '../shared/model';
import type { StatedOutput } from '../shared/output-kind';
import type { Preprocessing } from '../shared/preprocessing';
import { checkWeights } from './check-weights';
import { checkpointSize } from './checkpoint-size';
import { asGraphDecides, onlySize } from './graph-decides';
import { guessPreprocessing } from './guess-preprocessing';
import { labelsBeside, labelsOfManifest } from './labels-beside';
import { readManifest } from './manifest';
import { preprocessingBeside } from './preprocessing/beside';
import { preprocessingForInput } from './preprocessing/for-input';
import { presetOf } from './presets';
import { statedOutput } from './stated-output';
import { modelStem } from './weight-endings';
import { readWeightEvidence, type WeightEvidence } from './weight-evidence';
import { findZeroShot } from './zero-shot-files';

/** Of models that are known to tell classes apart that exclude each other. */
export const classesApart: StatedOutput = { kind: 'softmax', by: 'config' };

/** What is known of a model without looking at files beside it. */
export interface Known {
  readonly preprocessing: Preprocessing;
  readonly labels: readonly string[];
}

/**
 * What stands beside the weights; what the manifest says of reading pictures holds in any case.
 * @throws Failure `model-missing`, `model-unreadable`
 */
export async function describeWeights(
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
  const output = means.output ?? ((known ?? zeroShot) ? classesApart : undefined);
  const common = {
    name: manifest?.name ?? name,
    path: file,
    labels,
    ...(manifest?.method !== undefined && { method: manifest.method }),
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
