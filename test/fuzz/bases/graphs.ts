import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { buildConvolutionalNet } from '../../fixtures/build-convolutional-net';
import { buildVit, type VitOptions } from '../../fixtures/build-vit';
import { withWeightsBeside } from '../../fixtures/external-weights';
import { byteEdits } from '../edits/bytes';
import { onnxEdits } from '../edits/onnx';
import type { Base, Edit, Files } from '../input';

const models: readonly VitOptions[] = [
  { spelledOut: true },
  { spelledOut: true, opset: 18, activation: 'tanh-gelu', readout: 'mean' },
  { opset: 20, attention: 'einsum', activation: 'gelu' },
  { opset: 23, attention: 'operator', normKind: 'rms' },
  { attention: 'multi-head', projections: 'separate', head: 'batch-norm' },
  { attention: 'packed', activation: 'quick-gelu', layerScale: true },
  { projections: 'per-head', activation: 'silu', head: 'cosine' },
  { sequenceFirst: true, embedding: 'cut', readout: 'attention-pool' },
  { grid: [4, 4], prefixTokens: 0, readout: 'mean', spelledOut: true },
  { dynamicBatch: true, probabilities: true },
  { readout: 'distilled', prefixTokens: 2, norm: 'post' },
];

/** Faults of the structure more often than of the bytes: these seldom get past the first look. */
const edits: readonly Edit[] = [...onnxEdits, ...onnxEdits, ...byteEdits];

export async function graphs(fixtures: string): Promise<readonly Base[]> {
  const base = (name: string, files: Files, changed = 'model.onnx'): Base => {
    return { name, files, changed, edits, ask: 'model', path: 'model.onnx' };
  };
  const { model, weights } = withWeightsBeside(buildVit({ blocks: 1 }).bytes, 'weights.bin');
  const text = await readFile(path.join(fixtures, 'clip/onnx/vision_model.onnx'));
  return [
    ...models.map((options) =>
      base(JSON.stringify(options), { 'model.onnx': buildVit({ blocks: 1, ...options }).bytes }),
    ),
    base('weights beside it', { 'model.onnx': model, 'weights.bin': weights }),
    {
      ...base('weights', { 'model.onnx': model, 'weights.bin': weights }, 'weights.bin'),
      edits: byteEdits,
    },
    base('exported by PyTorch', { 'model.onnx': text }),
    base('no ViT', { 'model.onnx': buildConvolutionalNet() }),
  ];
}
