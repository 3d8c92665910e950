/** Which family of Vision Transformer a state dict belongs to, told by the names of its weights. */
import {
  hfClipPrefix,
  isResearchClip,
  openaiClipPrefix,
  readHfClip,
  readOpenaiClip,
  readResearchClip,
} from './clip-vision';
import { dinov2Prefix, readDinov2 } from './dinov2';
import { hfVitPrefix, readHfVit } from './hf-vit';
import type { ArchitectureFacts } from './facts';
import { readSiglip, siglipPrefix } from './siglip-vision';
import { StateDictReader } from './state-dict-reader';
import { isTimmVit, readTimmVit } from './timm-vit';
import { isTorchvisionVit, readTorchvisionVit } from './torchvision-vit';
import type { ReadoutWeights, VitWeights } from './vit-weights';
import type { CheckpointTensor } from '../checkpoint/tensor';
import { EngineError } from '../../engine-error';

/** Prefixes that wrappers of whole models put before every name. */
const wrapperPrefixes = ['module.', '_orig_mod.', 'model.', 'backbone.', 'encoder.', 'trunk.'];

/** @throws EngineError `model-not-a-vit` if it is none, `model-unreadable` if weights are missing or misshapen. */
export function readVitWeights(
  tensors: ReadonlyMap<string, CheckpointTensor>,
  facts: ArchitectureFacts,
): VitWeights {
  return withStatedReadout(readFamily(tensors, facts), facts);
}

/** @throws EngineError `model-unreadable` for a readout that the head cannot have */
function withStatedReadout(
  weights: VitWeights,
  { stated, fileName }: ArchitectureFacts,
): VitWeights {
  const kind = stated.readout;
  if (kind === undefined || kind === weights.readout.kind) return weights;
  const changeable: readonly ReadoutWeights['kind'][] = [
    'class-token',
    'patch-mean',
    'class+distillation',
  ];
  const hasClassToken = weights.positionedTokens.length > 0;
  if (!changeable.includes(weights.readout.kind) || (kind === 'class-token' && !hasClassToken)) {
    throw new EngineError(
      'model-unreadable',
      `The manifest states the readout “${kind}”, but the weights of “${fileName}” show another one: ${weights.readout.kind}.`,
      'Take "readout" out of the manifest.',
    );
  }
  return {
    ...weights,
    readout: { kind },
    head: weights.head && { ...weights.head, distillation: undefined },
  };
}

function readFamily(
  tensors: ReadonlyMap<string, CheckpointTensor>,
  facts: ArchitectureFacts,
): VitWeights {
  const { fileName } = facts;
  const plain = withoutWrapper(tensors);
  const has = (name: string) => plain.has(name);
  const state = new StateDictReader(plain, fileName);
  if (isTimmVit(state)) return readTimmVit(state, facts);
  if (isTorchvisionVit(state)) return readTorchvisionVit(state, facts);
  if (isResearchClip(state)) return readResearchClip(state, facts);
  const openai = openaiClipPrefix(has);
  if (openai !== undefined) return readOpenaiClip(state, state.within(openai), facts);
  const clip = hfClipPrefix(has);
  if (clip !== undefined) return readHfClip(state, state.within(clip), facts);
  const siglip = siglipPrefix(has);
  if (siglip !== undefined) return readSiglip(state, state.within(siglip), facts);
  const hf = hfVitPrefix(has);
  if (hf !== undefined) return readHfVit(state, state.within(hf), facts);
  const dino = dinov2Prefix(has);
  if (dino !== undefined) return readDinov2(state, state.within(dino), facts);
  const names = [...plain.keys()].slice(0, 3).join('”, “');
  throw new EngineError(
    'model-not-a-vit',
    `“${fileName}” is not a Vision Transformer of a known kind; its weights are called “${names}” and so on.`,
    'Export the model to ONNX; any ViT in ONNX is explained as it is. Known by their weights are ViT, DeiT, DINOv2, MAE, CLIP and SigLIP in the naming of timm, torchvision, Hugging Face or OpenAI.',
  );
}

/** Names without what a wrapper put before all of them, as often as one did. */
function withoutWrapper(
  tensors: ReadonlyMap<string, CheckpointTensor>,
): ReadonlyMap<string, CheckpointTensor> {
  const names = [...tensors.keys()];
  const prefix = wrapperPrefixes.find((candidate) =>
    names.every((name) => name.startsWith(candidate)),
  );
  if (prefix === undefined || names.length === 0) return tensors;
  return withoutWrapper(
    new Map([...tensors].map(([name, tensor]) => [name.slice(prefix.length), tensor])),
  );
}
