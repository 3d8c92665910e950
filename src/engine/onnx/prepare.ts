/** A model's canonical graph, and the proof that it still says what the file says. */
import { toBinary } from '@bufbuild/protobuf';
import path from 'node:path';
import { EngineError } from '../engine-error';
import { largest, readRegular } from '../files/regular-file';
import { inTemporaryFolder } from '../files/temporary-folder';
import { modelNotFinite } from '../not-finite';
import { PreparedCheck } from './check-prepared';
import { decodePort } from './decode';
import { decodeGraph } from './decode-graph';
import { hasExtremeNumbers } from './extreme-numbers';
import type { FoundNotFinite } from './find-not-finite';
import { dequantiseWeights } from './dequantise';
import { affordsDouble, inDoublePrecision } from './double-precision';
import type { Precision } from './double-precision';
import { dropDeadNodes } from './drop-dead-nodes';
import { encodeGraph } from './encode-graph';
import { rawLength } from './external-tensor';
import { firstOfBatch } from './first-of-batch';
import { fixInputs } from './fix-inputs';
import { useFloat32 } from './float32';
import type { Graph } from './graph';
import type { ImageSize } from './likely-size';
import { ModelProtoSchema } from './onnx_pb';
import { optimiseTo } from './optimise';
import type { OptimisationLevel } from './optimise';
import { renameAdded, tensorNames } from './optimiser-names';
import { describeOriginal } from './original';
import type { Original } from './original';
import type { PreparedModel } from './prepared-cache';
import { bringAllInside, parseModel } from './read-model';
import type { ModelMessage } from './read-model';
import { putBackWeights, setAsideWeights, withWeights } from './set-aside';
import { simplify } from './simplify';
import { weightsNotFinite } from './weights-not-finite';
import type { WeightNotFinite } from './weights-not-finite';

export interface Preparation {
  readonly file: string;
  readonly inputSize: ImageSize | undefined;
  /** Reads the file; a second time if the first attempt is not the same function. */
  readonly read: () => Promise<ModelMessage>;
  /** Puts the graph where its sessions will find it. */
  readonly keep: (graph: Graph) => Promise<PreparedModel>;
  readonly onStage: (phrase: string) => void;
}

export interface Prepared {
  readonly model: PreparedModel;
  /** The most precise form that says what the file says. */
  readonly precision: Precision;
  /** Sentences for the person. */
  readonly notices: readonly string[];
}

/** From the most fusions to the fewest: what the first makes another function of, the next may leave. */
const levels: readonly OptimisationLevel[] = ['extended', 'basic'];

/**
 * @throws EngineError `model-unreadable`, also for a model that cannot be prepared without changing
 * what it says; `model-unknown-op`, `model-quantised`, `model-not-a-vit`; `not-finite`
 */
export async function prepare(preparation: Preparation): Promise<Prepared> {
  let source = await readSource(preparation);
  const { original, size, batch, weightBytes } = source;
  const check = new PreparedCheck(original, size, batch, weightBytes);
  try {
    let by = NaN;
    for (const [attempt, level] of levels.entries()) {
      // An attempt uses the message up.
      if (attempt > 0) source = await readSource(preparation);
      const { graph, plain } = await canonicalGraph(source, level);
      const model = await preparation.keep(graph);
      preparation.onStage('Checking the prepared model');
      const plainModel = () => ({
        bytes: plain(model.graph),
        weightsFolder: model.weightsFolder,
      });
      const verdict = await check.verdict(model, graph.inputs[0]?.name ?? '', plainModel);
      switch (verdict.kind) {
        case 'same':
          return { model, precision: await precisionOf(model, check), notices: [] };
        case 'unknown':
          return {
            ...{ model, precision: await precisionOf(model, check) },
            notices: [unchecked(verdict.reason)],
          };
        case 'not-finite':
          throw givesNoNumbers(verdict.found, source.notFinite);
        case 'different':
          by = verdict.by;
      }
    }
    throw another(path.basename(preparation.file), by);
  } finally {
    await check.end();
  }
}

/**
 * Where float32 overflows inside a norm, the file has another answer than exact numbers would give,
 * and it is the file that is explained.
 */
async function precisionOf(single: PreparedModel, check: PreparedCheck): Promise<Precision> {
  const { graph, weightsFolder } = single;
  if (!affordsDouble(graph)) return 'single';
  if (!hasExtremeNumbers(graph)) return 'double';
  const double = { bytes: encodeGraph(inDoublePrecision(graph), 'beside'), weightsFolder };
  return (await check.saysSame(single, double, graph.inputs[0]?.name ?? '')) ? 'double' : 'single';
}

interface Source {
  readonly model: ModelMessage;
  /** Where its weights lie that are not in it. */
  readonly folder: string;
  readonly original: Original;
  /** Pictures in its input. */
  readonly batch: number;
  readonly size: ImageSize;
  readonly weightBytes: number;
  readonly notFinite: readonly WeightNotFinite[];
}

/** The file in float32, with its inputs fixed. */
async function readSource({ file, read, inputSize }: Preparation): Promise<Source> {
  const model = await read();
  const folder = path.dirname(file);
  const original = describeOriginal(file, model);
  dropDeadNodes(model.graph);
  dequantiseWeights(model.graph, folder);
  useFloat32(model.graph, folder);
  const batch = fixInputs(model, inputSize);
  const notFinite = weightsNotFinite(model.graph, folder);
  const damaged = notFinite.find(({ isDamaged }) => isDamaged);
  if (damaged) throw modelNotFinite(damaged.kind, inWeight(damaged.name));
  const [, , height = 0, width = 0] = model.graph.input.map(decodePort)[0]?.dims ?? [];
  const weightBytes = model.graph.initializer.reduce((sum, tensor) => sum + rawLength(tensor), 0);
  return { model, folder, original, batch, size: [height, width], weightBytes, notFinite };
}

/** The canonical graph of a model, and the model before any optimisation; the message is used up. */
async function canonicalGraph(
  { model, folder, batch, original }: Source,
  level: OptimisationLevel,
): Promise<{ graph: Graph; plain: (kept: Graph) => Uint8Array }> {
  const weights = setAsideWeights(model.graph, folder);
  bringAllInside(model.graph, folder, path.basename(original.file));
  const names = tensorNames(model.graph);
  const bytes = toBinary(ModelProtoSchema, model);
  const result = await optimised(bytes, level);
  renameAdded(result.graph, names);
  putBackWeights(result.graph, weights);
  const whole = decodeGraph(result, folder);
  return {
    graph: simplify(batch === 1 ? whole : firstOfBatch(whole, batch)),
    plain: ({ constants }) => withWeights(bytes, weights, constants, folder),
  };
}

function optimised(bytes: Uint8Array, level: OptimisationLevel): Promise<ModelMessage> {
  return inTemporaryFolder(async (folder, remove) => {
    const file = path.join(folder, 'optimised.onnx');
    await optimiseTo(file, bytes, level);
    const message = parseModel(await readRegular(file, largest.onnx), path.basename(file));
    await remove();
    return message;
  }, bytes.length);
}

function givesNoNumbers(
  found: FoundNotFinite | undefined,
  weights: readonly WeightNotFinite[],
): EngineError {
  if (!found) return modelNotFinite('NaN', 'in its answer to a test picture');
  const { node, kind } = found;
  const weight = weights.find(({ name }) => [...node.inputs, ...node.outputs].includes(name));
  if (weight) return modelNotFinite(weight.kind, inWeight(weight.name));
  return modelNotFinite(kind, `behind the operator ${node.op} “${node.name || node.outputs[0]}”`);
}

function inWeight(name: string): string {
  return `in the weight “${name}”`;
}

function unchecked(reason: string): string {
  return (
    'The prepared model was not compared with the file, for the process that does so did not finish ' +
    `(${reason}). Clear the caches to have it prepared and compared again.`
  );
}

function another(name: string, by: number): EngineError {
  const difference = Number.isFinite(by)
    ? `its answers to test pictures would change by ${(100 * by).toPrecision(2)} %`
    : 'it would not give an answer to test pictures';
  return new EngineError(
    'model-unreadable',
    `“${name}” cannot be prepared without changing what it computes: ${difference}.`,
    'Export the model again, with a recent exporter and without optimising it, or report this with its export settings.',
  );
}
