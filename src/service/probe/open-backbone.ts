/** A model without its head, ready to give features. */
import path from 'node:path';
import { backboneOf, type Backbone } from '../../engine/heads/attach-head';
import { canonicalise } from '../../engine/onnx/canonicalise';
import type { Graph } from '../../engine/onnx/graph';
import { readOutput } from '../../engine/outputs/read-output';
import type { Assumption } from '../../shared/assumption';
import type { ModelDescription } from '../../shared/model';
import { onnxFileOf } from '../models/onnx-file';

export interface OpenBackbone {
  readonly backbone: Backbone;
  /** The folder that its large weights lie in; undefined if they are held in memory. */
  readonly weightsFolder: string | undefined;
  /** Of the file that the person named. */
  readonly sha256: string;
  /** What the weights do not decide. */
  readonly assumed: readonly Assumption[];
  /** Sentences for the person. */
  readonly notices: readonly string[];
}

/**
 * @param model may have a head, which is left aside
 * @throws EngineError `model-unreadable`, `model-not-a-vit`, …
 */
export async function openBackbone(
  model: Pick<ModelDescription, 'path' | 'architecture' | 'preprocessing'>,
  cacheFolder: string,
  onStage: (phrase: string) => void,
): Promise<OpenBackbone> {
  const inputSize = model.preprocessing.crop;
  const file = await onnxFileOf(model, cacheFolder, inputSize, onStage, 'features');
  try {
    onStage('Preparing the backbone');
    const { graph, weightsFolder, sha256, notices } = await canonicalise(file.path, {
      cacheFolder,
      inputSize,
      onStage,
    });
    // A checkpoint's model was built to end in its readout.
    const isBuilt = path.extname(model.path).toLowerCase() !== '.onnx';
    return {
      backbone: isBuilt ? backboneOf(graph, 'features') : backboneOf(await endingInLogits(graph)),
      weightsFolder,
      sha256: file.builtFrom ?? sha256,
      assumed: file.assumed,
      notices: [...file.notices, ...notices],
    };
  } finally {
    await file.dispose();
  }
}

/** A classifier is cut off at its logits, whatever it makes of them; a backbone may give all its tokens. */
async function endingInLogits(graph: Graph): Promise<Graph> {
  const [first] = graph.outputs;
  if (first?.dims.length !== 2) return graph;
  return (await readOutput({ ...graph, outputs: [first] }, { names: 0 })).graph;
}
