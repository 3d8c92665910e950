/**
 * Every Vision Transformer among the weights of a file, told by its patch embedding: whatever
 * wrappers put before the names, and however many models lie side by side (teacher and student,
 * plain and averaged weights).
 */
import type { WeightSet } from '../checkpoint/weight-sets';
import type { CheckpointTensor } from '../checkpoint/tensor';

export interface Candidate {
  /** Where it lies, for a person and the manifest: `state_dict_ema`, `teacher.backbone`; `.` for the file itself. */
  readonly path: string;
  readonly set: WeightSet;
  /** Before the names of the whole model, head included: `module.`. */
  readonly root: string;
  /** Before the names of the encoder; begins with `root`: `module.vit.`. */
  readonly base: string;
  /** Of the model as its family names them, without `root`. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
  /** Of heads that the file keeps in dictionaries beside that of the encoder (`{backbone: …, head: …}`). */
  readonly heads: ReadonlyMap<string, CheckpointTensor>;
}

/** Names of the patch embedding, with what a family may put before its encoder. */
const embeddings: readonly { readonly ending: string; readonly encoders: readonly string[] }[] = [
  { ending: 'patch_embed.proj.weight', encoders: [] },
  { ending: 'conv_proj.weight', encoders: [] },
  {
    ending: 'embeddings.patch_embeddings.projection.weight',
    encoders: ['vit.', 'deit.', 'dinov2.', 'dinov2_with_registers.'],
  },
  { ending: 'embeddings.patch_embedding.weight', encoders: ['vision_model.'] },
  { ending: 'conv1.weight', encoders: ['visual.', 'clip_visual.'] },
];

/** Put into the middle of names by torch.compile, FSDP, activation checkpointing and Fabric. */
const wrapped =
  /(^|\.)(_orig_mod|_fsdp_wrapped_module|_checkpoint_wrapped_module|_forward_module)(?=\.)/g;

const headKey = /^(\w+_)?(head|heads|fc|classifier|linear)$/;

/** In the order of the file. */
export function candidatesIn(sets: readonly WeightSet[]): readonly Candidate[] {
  return sets.flatMap(({ key, tensors }) => {
    const set = { key, tensors: withPlainNames(tensors) };
    const places = [...set.tensors.keys()].flatMap((name) => placeOf(name, set.tensors) ?? []);
    return places.map(({ root, base }): Candidate => {
      const others = places.map((place) => place.root).filter((other) => other !== root);
      return {
        path: [key, root.slice(0, -1)].filter((part) => part !== '').join('.') || '.',
        set,
        root,
        base,
        tensors: below(set.tensors, root, others),
        heads: headsBeside(key, sets),
      };
    });
  });
}

/** Whether a name lies under one of these prefixes. */
export function isUnder(name: string, prefixes: readonly string[]): boolean {
  return prefixes.some((prefix) => name.startsWith(prefix));
}

function placeOf(
  name: string,
  tensors: ReadonlyMap<string, CheckpointTensor>,
): Pick<Candidate, 'root' | 'base'> | undefined {
  for (const { ending, encoders } of embeddings) {
    if (!name.endsWith(ending)) continue;
    const base = name.slice(0, -ending.length);
    if (base !== '' && !base.endsWith('.')) continue;
    // Convolutional networks begin with a conv1 as well.
    const isVit =
      ending !== 'conv1.weight' || tensors.has(`${base}transformer.resblocks.0.ln_1.weight`);
    if (!isVit || tensors.get(name)?.dims.length !== 4) continue;
    const encoder = encoders.find((one) => base === one || base.endsWith(`.${one}`)) ?? '';
    return { root: base.slice(0, base.length - encoder.length), base };
  }
  return undefined;
}

function headsBeside(
  key: string,
  sets: readonly WeightSet[],
): ReadonlyMap<string, CheckpointTensor> {
  const parent = key.slice(0, key.lastIndexOf('.') + 1);
  const beside = sets.filter((set) => key !== '' && headKey.test(set.key.replace(parent, '')));
  return new Map(
    beside.flatMap(({ key: head, tensors }) =>
      [...tensors].map(
        ([name, tensor]) => [`${head.slice(parent.length)}.${name}`, tensor] as const,
      ),
    ),
  );
}

/** What lies under a prefix, other models apart, without the prefix. */
function below(
  tensors: ReadonlyMap<string, CheckpointTensor>,
  root: string,
  others: readonly string[],
): ReadonlyMap<string, CheckpointTensor> {
  const inner = others.filter((other) => other.startsWith(root));
  return new Map(
    [...tensors]
      .filter(([name]) => name.startsWith(root) && !isUnder(name, inner))
      .map(([name, tensor]) => [name.slice(root.length), tensor]),
  );
}

function withPlainNames(
  tensors: ReadonlyMap<string, CheckpointTensor>,
): ReadonlyMap<string, CheckpointTensor> {
  return new Map(
    [...tensors].map(([name, tensor]) => [
      // DINOv2 trains its blocks in chunks; the second number is that of the block.
      name
        .replace(wrapped, '')
        .replace(/^\./, '')
        .replace(/(^|\.)blocks\.\d+\.(\d+)\./, '$1blocks.$2.'),
      tensor,
    ]),
  );
}
