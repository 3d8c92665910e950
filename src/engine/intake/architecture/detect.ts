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
import type { ModelConfig } from './model-config';
import { readSiglip, siglipPrefix } from './siglip-vision';
import { StateDictReader } from './state-dict-reader';
import { isTimmVit, readTimmVit } from './timm-vit';
import { isTorchvisionVit, readTorchvisionVit } from './torchvision-vit';
import type { VitWeights } from './vit-weights';
import type { CheckpointTensor } from '../checkpoint/tensor';
import { EngineError } from '../../engine-error';

/** Prefixes that wrappers of whole models put before every name. */
const wrapperPrefixes = ['module.', '_orig_mod.', 'model.', 'backbone.', 'encoder.', 'trunk.'];

/** @throws EngineError `model-not-a-vit` if it is none, `model-unreadable` if weights are missing or misshapen. */
export function readVitWeights(
  tensors: ReadonlyMap<string, CheckpointTensor>,
  config: ModelConfig,
  fileName: string,
): VitWeights {
  const plain = withoutWrapper(tensors);
  const has = (name: string) => plain.has(name);
  const state = new StateDictReader(plain, fileName);
  if (isTimmVit(state)) return readTimmVit(state, config);
  if (isTorchvisionVit(state)) return readTorchvisionVit(state, config);
  if (isResearchClip(state)) return readResearchClip(state, config);
  const openai = openaiClipPrefix(has);
  if (openai !== undefined) return readOpenaiClip(state, state.within(openai), config);
  const clip = hfClipPrefix(has);
  if (clip !== undefined) return readHfClip(state, state.within(clip), config);
  const siglip = siglipPrefix(has);
  if (siglip !== undefined) return readSiglip(state, state.within(siglip), config);
  const hf = hfVitPrefix(has);
  if (hf !== undefined) return readHfVit(state, state.within(hf), config);
  const dino = dinov2Prefix(has);
  if (dino !== undefined) return readDinov2(state, state.within(dino), config);
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
