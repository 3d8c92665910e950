/** Takes weights out of a state dict by name, checks their shapes, and knows what was left over. */
import type { LinearWeights, NormWeights } from './vit-weights';
import { reshaped, rows } from '../checkpoint/tensor';
import type { CheckpointTensor } from '../checkpoint/tensor';
import { EngineError } from '../../engine-error';

export class StateDictReader {
  constructor(
    private readonly tensors: ReadonlyMap<string, CheckpointTensor>,
    readonly fileName: string,
    /** Put before every name that is asked for, e.g. `vit.`. */
    private readonly prefix = '',
    private readonly taken = new Set<string>(),
  ) {}

  /** The same weights, with a prefix put before every name; what either takes counts for both. */
  within(prefix: string): StateDictReader {
    return new StateDictReader(this.tensors, this.fileName, prefix, this.taken);
  }

  has(name: string): boolean {
    return this.tensors.has(this.prefix + name);
  }

  /** A tensor of this shape. @throws EngineError `model-unreadable` if it is missing or of another shape. */
  tensor(name: string, dims?: readonly number[]): CheckpointTensor {
    const tensor = this.tensors.get(this.prefix + name);
    if (!tensor) throw this.missing(name);
    this.taken.add(this.prefix + name);
    if (dims && (dims.length !== tensor.dims.length || dims.some((d, i) => d !== tensor.dims[i]))) {
      throw new EngineError(
        'model-unreadable',
        `The weights “${tensor.name}” of “${this.fileName}” have the shape [${tensor.dims.join(', ')}] where [${dims.join(', ')}] was expected.`,
        'Check that the file belongs to the config.json beside it.',
      );
    }
    return tensor;
  }

  /** @param why a clause that tells more of it: `, though other blocks have them` */
  missing(name: string, why = '', remedy = ''): EngineError {
    return new EngineError(
      'model-unreadable',
      `The weights “${this.prefix}${name}” are missing from “${this.fileName}”${why}.`,
      remedy || 'Check that the file is complete and holds a Vision Transformer.',
    );
  }

  optional(name: string, dims?: readonly number[]): CheckpointTensor | undefined {
    return this.has(name) ? this.tensor(name, dims) : undefined;
  }

  /** A tensor read as `[rows, dim]`, whatever axes of length one it has in front. */
  tokens(name: string, dim: number): CheckpointTensor {
    const tensor = this.tensor(name);
    const count = tensor.dims.reduce((product, size) => product * size, 1) / dim;
    return reshaped(tensor, [count, dim]);
  }

  /**
   * `weight` [out, in] and, where present, `bias` [out]. Whoever asks says what it means that there
   * is none (`expectAlike`, `assumeWithoutBias`).
   */
  linear(name: string, input: number, output?: number): LinearWeights {
    const weight = this.tensor(`${name}.weight`);
    const [out = 0] = weight.dims;
    this.tensor(`${name}.weight`, [output ?? out, input]);
    return { weight, bias: this.optional(`${name}.bias`, [out]) };
  }

  /** A linear layer that never comes without its bias. */
  biased(name: string, input: number, output?: number): LinearWeights {
    const layer = this.linear(name, input, output);
    if (!layer.bias) throw this.missing(`${name}.bias`);
    return layer;
  }

  norm(name: string, dim: number, epsilon: number): NormWeights {
    return {
      weight: this.tensor(`${name}.weight`, [dim]),
      bias: this.tensor(`${name}.bias`, [dim]),
      epsilon,
    };
  }

  /** How many numbered parts there are: `count('blocks.')` for `blocks.0.…` to `blocks.11.…`. */
  count(name: string): number {
    const start = this.prefix + name;
    let highest = -1;
    for (const key of this.tensors.keys()) {
      if (!key.startsWith(start)) continue;
      const index = /^\d+(?=\.)/.exec(key.slice(start.length));
      if (index) highest = Math.max(highest, Number(index[0]));
    }
    return highest + 1;
  }

  /**
   * The numbered parts of a model have the same weights: what one of them lacks was lost. Of what
   * has been taken; `expectNothingLeft` tells of the rest.
   * @param count of the parts
   * @throws EngineError `model-unreadable` naming what is missing
   */
  expectAlike(name: string, count: number): void {
    const start = this.prefix + name;
    const inside = [...this.taken].flatMap((key) =>
      key.startsWith(start) ? (/^\d+\.(.+)$/.exec(key.slice(start.length))?.[1] ?? []) : [],
    );
    for (const part of new Set(inside)) {
      for (let i = 0; i < count; i++) {
        if (!this.has(`${name}${i}.${part}`))
          throw this.missing(`${name}${i}.${part}`, ', though other blocks have theirs');
      }
    }
  }

  /**
   * Weights that nobody asked for mean another model than the one that would be built.
   * @param harmless names (without the prefix) that don't take part in the forward pass, or whole other towers.
   * @throws EngineError `model-not-a-vit` naming them.
   */
  expectNothingLeft(harmless: RegExp): void {
    const left = [...this.tensors.keys()].filter(
      (key) => !this.taken.has(key) && !harmless.test(key),
    );
    const [first, ...more] = left;
    if (first === undefined) return;
    throw new EngineError(
      'model-not-a-vit',
      `“${this.fileName}” is like a known Vision Transformer, but has weights that it does not: “${first}”${more.length > 0 ? ` and ${more.length} more` : ''}.`,
      'Export the model to ONNX; any ViT in ONNX is explained as it is.',
    );
  }
}

/** Rows of query, key and value of a packed product. */
export function unpacked(packed: LinearWeights): {
  query: LinearWeights;
  key: LinearWeights;
  value: LinearWeights;
} {
  const dim = (packed.weight.dims[0] ?? 0) / 3;
  const part = (index: number): LinearWeights => ({
    weight: rows(packed.weight, index * dim, dim),
    bias: packed.bias && rows(packed.bias, index * dim, dim),
  });
  return { query: part(0), key: part(1), value: part(2) };
}
