/** What lies beside the weights of a model: book-keeping that is passed over, or a head that reads it. */
import type { Candidate } from './candidates';
import { isUnder } from './candidates';
import type { ArchitectureFacts } from './facts';
import type { CheckpointTensor } from '../checkpoint/tensor';
import { EngineError } from '../../engine-error';
import { sizeOf } from '../../onnx/tensor-bytes';

/** Names that belong to the training alone, whatever their numbers: losses, metrics, queues. */
const book =
  /(^|\.)(\w*loss(es)?(_\w+)?|criterion|criteri(a|ons)|objective|\w*metrics?|(train|val|valid|test)_\w+|\w*(acc|accuracy|auroc|auc|f1|precision|recall|confmat|confusion_matrix)|queue\w*|center|mixup\w*|(class|loss|label|cls)_(weights?|counts?|num_list)|pos_weight)(\.|$)|(^|\.)(num_batches_tracked|_extra_state)$/i;

/** Heads of self-supervised training: they lead to no classes. */
const projections =
  /(^|\.)((\w+_)?(projector|projection_head|predictor|prototypes|dino_head|ibot_head|decoder)\w*(\.|$)|head\.(mlp|last_layer|projection_head|prototypes)\.)/;

/** Averages of the weights under names of their own, and the text side of a CLIP. */
const others =
  /(^|\.)\w*ema(_\w+)?\.|^(text|text_model|transformer|token_embedding|ln_final)\.|^(text_projection|positional_embedding|attn_mask)$|(^|\.)logit_(scale|bias)$/;

/** One number that no forward pass needs; a temperature would change the probabilities. */
const scaling = /temp|scale|alpha|beta|gamma|bias|mean|std/i;

/** What families put beside their encoder, and know themselves. */
const known =
  /^((cls_|distillation_)?classifier|head|decoder|pooler|(visual|text)_projection|text_model|text_decoder|logit_scale|logit_bias|transformer|token_embedding|positional_embedding|ln_final|text|attn_mask|input_resolution|context_length|vocab_size|_pos_src)(\.|$)/;

/** Where a family keeps its head, by a name of its encoder. */
const headNames: readonly (readonly [sign: string, name: string])[] = [
  ['patch_embed.proj.weight', 'head'],
  ['conv_proj.weight', 'heads.head'],
  ['embeddings.patch_embeddings.projection.weight', 'classifier'],
];

/**
 * The model's weights, with the one linear layer beside it as its head where it has none itself.
 * @throws EngineError `model-not-a-vit` naming weights whose part in the model is not known
 */
export function withSideWeights(
  { tensors, root, base, set, heads }: Candidate,
  rest: readonly Candidate[],
  facts: ArchitectureFacts,
): ReadonlyMap<string, CheckpointTensor> {
  const encoder = base.slice(root.length);
  const isOfTheTraining = (name: string, tensor: CheckpointTensor) =>
    book.test(name) || (sizeOf(tensor.dims) <= 1 && !scaling.test(name));
  const apart = (name: string) => encoder !== '' && !name.startsWith(encoder) && !known.test(name);
  const model = new Map(
    [...tensors].filter(([name, tensor]) => !apart(name) && !isOfTheTraining(name, tensor)),
  );
  const models = rest.filter((one) => one.set === set && one.root !== '').map((one) => one.root);
  const beside = new Map(
    [...set.tensors, ...heads].filter(
      ([name, tensor]) =>
        (!name.startsWith(root) || apart(name.slice(root.length)) || heads.has(name)) &&
        !isUnder(name, models) &&
        !isOfTheTraining(name, tensor) &&
        !projections.test(name) &&
        !others.test(name),
    ),
  );
  if (beside.size === 0) return model;
  const head = linearOf(beside);
  const name = headNames.find(([sign]) => tensors.has(encoder + sign))?.[1];
  if (head === undefined || name === undefined || hasHead(model)) throw unknown(beside, facts);
  if (facts.stated.readout === undefined) {
    facts.assume(
      'readout',
      'readout',
      'class-token',
      `class token, read by “${head.name}”`,
      'it is the only layer beside the encoder',
    );
  }
  model.set(`${name}.weight`, head.weight);
  if (head.bias) model.set(`${name}.bias`, head.bias);
  return model;
}

function hasHead(model: ReadonlyMap<string, CheckpointTensor>): boolean {
  return [...model.keys()].some((name) => /^(heads?|(cls_)?classifier)\./.test(name));
}

/** The layer, if these are the weights of one linear layer and nothing else. */
function linearOf(
  tensors: ReadonlyMap<string, CheckpointTensor>,
): { name: string; weight: CheckpointTensor; bias: CheckpointTensor | undefined } | undefined {
  const entry = [...tensors].find(([key]) => key.endsWith('.weight'));
  if (entry === undefined) return undefined;
  const [key, weight] = entry;
  const name = key.slice(0, -'.weight'.length);
  const bias = tensors.get(`${name}.bias`);
  const isAlone = tensors.size === (bias === undefined ? 1 : 2);
  if (!isAlone || weight.dims.length !== 2 || name.includes('proj')) return undefined;
  return { name, weight, bias };
}

function unknown(
  beside: ReadonlyMap<string, CheckpointTensor>,
  { fileName }: ArchitectureFacts,
): EngineError {
  const [first = '', ...more] = beside.keys();
  const count = more.length > 0 ? ` and ${more.length} more` : '';
  return new EngineError(
    'model-not-a-vit',
    `Beside its Vision Transformer, “${fileName}” holds weights whose part in the model can't be told: “${first}”${count}.`,
    'Export the whole model to ONNX; any ViT in ONNX is explained as it is.',
  );
}
