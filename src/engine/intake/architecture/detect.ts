/** Which family of Vision Transformer a state dict belongs to, told by the names of its weights. */
import {
  hfClipPrefix,
  isResearchClip,
  openaiClipPrefix,
  readHfClip,
  readOpenaiClip,
  readResearchClip,
} from './clip-vision';
import { assumeWithoutBias } from './without-bias';
import { chooseWeights } from './choose-weights';
import { dinov2Prefix, readDinov2 } from './dinov2';
import { hfVitPrefix, readHfVit } from './hf-vit';
import type { ArchitectureFacts } from './facts';
import { readSiglip, siglipPrefix } from './siglip-vision';
import { withSideWeights } from './side-weights';
import { StateDictReader } from './state-dict-reader';
import { isTimmVit, readTimmVit } from './timm-vit';
import { isTorchvisionVit, readTorchvisionVit } from './torchvision-vit';
import type { ReadoutWeights, VitWeights } from './vit-weights';
import type { WeightSet } from '../checkpoint/weight-sets';
import { EngineError } from '../../engine-error';

/** @throws EngineError `model-not-a-vit` if it is none, `model-unreadable` if weights are missing or misshapen. */
export function readVitWeights(sets: readonly WeightSet[], facts: ArchitectureFacts): VitWeights {
  refuseAdapters(sets, facts.fileName);
  const choice = chooseWeights(sets, facts);
  if (!choice) throw noVit(sets, facts.fileName);
  const tensors = withSideWeights(choice.chosen, choice.others, facts);
  const weights = readFamily(new StateDictReader(tensors, facts.fileName), facts);
  if (!weights) throw noVit(sets, facts.fileName);
  expectDepth(weights, facts);
  assumeWithoutBias(weights, facts);
  return withStatedReadout(weights, facts);
}

/** Blocks that were cut off leave no other sign. @throws EngineError `model-unreadable` */
function expectDepth({ blocks }: VitWeights, facts: ArchitectureFacts): void {
  const { config, fileName } = facts;
  const fields = ['num_hidden_layers', 'depth', 'layers'];
  const depth = config.number(...fields);
  const odd = config.misread(...fields);
  if (depth === undefined && odd !== undefined)
    facts.assume('weights', 'weights', undefined, `${blocks.length} blocks, all of the file`, odd);
  if (depth === undefined || depth === blocks.length) return;
  throw new EngineError(
    'model-unreadable',
    `${config.origin} says ${depth} transformer blocks, but “${fileName}” holds ${blocks.length}.`,
    'Check that the file is complete and belongs to the config beside it.',
  );
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

function readFamily(state: StateDictReader, facts: ArchitectureFacts): VitWeights | undefined {
  const has = (name: string) => state.has(name);
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
  return undefined;
}

/** Weights of LoRA are a difference to other weights. @throws EngineError `model-unreadable` */
function refuseAdapters(sets: readonly WeightSet[], fileName: string): void {
  const names = sets.flatMap(({ tensors }) => [...tensors.keys()]);
  const adapter = names.find((name) => /(^|\.)lora_([AB]|down|up|embedding_[AB])(\.|$)/.test(name));
  if (adapter === undefined) return;
  throw new EngineError(
    'model-unreadable',
    `“${fileName}” holds adapters (“${adapter}”), which are not merged into the weights that they change.`,
    'Merge and save them with PEFT: model.merge_and_unload().save_pretrained("merged").',
  );
}

function noVit(sets: readonly WeightSet[], fileName: string): EngineError {
  const all = sets.flatMap(({ tensors }) => [...tensors.values()]);
  if (all.filter(({ dims }) => dims.length === 1 && dims[0] === 0).length > all.length / 2) {
    return new EngineError(
      'model-unreadable',
      `The weights in “${fileName}” are empty: DeepSpeed (ZeRO-3) keeps them in other files beside it.`,
      'Put them together with the zero_to_fp32.py that DeepSpeed wrote there: python zero_to_fp32.py . pytorch_model.bin',
    );
  }
  const [first] = [...sets].sort((a, b) => b.tensors.size - a.tensors.size);
  const names = [...(first?.tensors.keys() ?? [])].slice(0, 3).join('”, “');
  return new EngineError(
    'model-not-a-vit',
    `“${fileName}” is not a Vision Transformer of a known kind; its weights are called “${names}” and so on.`,
    'Export the model to ONNX; any ViT in ONNX is explained as it is. Known by their weights are ViT, DeiT, DINOv2, MAE, CLIP and SigLIP in the naming of timm, torchvision, Hugging Face or OpenAI.',
  );
}
