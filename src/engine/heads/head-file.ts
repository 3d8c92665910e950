/**
 * A trained head on disk, as safetensors (https://huggingface.co/docs/safetensors): `weight`
 * `[classes, dim]`, `bias` `[classes]`, `mean` and `variance` `[dim]`, all float32. The same head
 * always gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { ByteSource } from '../intake/checkpoint/byte-source';
import { readSafetensors } from '../intake/checkpoint/safetensors';
import { readFloats, type CheckpointTensor } from '../intake/checkpoint/tensor';
import { EngineError } from '../engine-error';
import { notFiniteAmong } from '../not-finite';
import { floatBytes } from '../onnx/tensor-bytes';
import type { LinearHead } from './softmax-regression';
import type { Standardisation } from './standardisation';
import { parseJson } from '../../shared/parse-json';

export interface HeadFile {
  readonly standardisation: Standardisation;
  readonly head: LinearHead;
  /** SHA-256 of the backbone that it was trained on, in hexadecimal. */
  readonly backboneSha256: string;
  /** `classesSha256Of` the names of its classes; undefined in files that were written before it was. */
  readonly classesSha256: string | undefined;
}

/** SHA-256 of the names in the order of the logits, as a JSON list. */
export function classesSha256Of(classes: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(classes)).digest('hex');
}

/** The file's bytes; nothing in them depends on when they were written. */
export function encodeHeadFile({
  standardisation,
  head,
  backboneSha256,
  classesSha256,
}: HeadFile): Uint8Array {
  const tensors = [
    { name: 'bias', shape: [head.classes], values: head.bias },
    { name: 'mean', shape: [head.dim], values: standardisation.mean },
    { name: 'variance', shape: [head.dim], values: standardisation.variance },
    { name: 'weight', shape: [head.classes, head.dim], values: head.weight },
  ];
  const header: Record<string, unknown> = {
    __metadata__: {
      format: 'vit-explainer-probe',
      backbone_sha256: backboneSha256,
      ...(classesSha256 !== undefined && { classes_sha256: classesSha256 }),
    },
  };
  let end = 0;
  for (const { name, shape, values } of tensors) {
    const begin = end;
    end += values.byteLength;
    header[name] = { dtype: 'F32', shape, data_offsets: [begin, end] };
  }
  const json = new TextEncoder().encode(JSON.stringify(header));
  // The format asks for values that begin at a multiple of eight bytes.
  const headerLength = Math.ceil(json.length / 8) * 8;
  const bytes = new Uint8Array(8 + headerLength + end).fill(0x20, 8, 8 + headerLength);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(headerLength), true);
  bytes.set(json, 8);
  let at = 8 + headerLength;
  for (const { values } of tensors) {
    bytes.set(floatBytes(values), at);
    at += values.byteLength;
  }
  return bytes;
}

/** @throws EngineError `model-unreadable` if the file is damaged or no head, `not-finite` for NaN in it */
export async function readHeadFile(file: string): Promise<HeadFile> {
  const source = await ByteSource.open(file);
  try {
    const tensors = await readSafetensors(source);
    const tensor = (name: string, rank: number): CheckpointTensor => {
      const found = tensors.get(name);
      if (found?.dims.length !== rank)
        throw source.damaged(`it holds no tensor “${name}” of ${String(rank)} dimension(s)`);
      return found;
    };
    const values = async (found: CheckpointTensor): Promise<Float32Array> => {
      const floats = await readFloats(found);
      const odd = notFiniteAmong(floats);
      if (odd === undefined) return floats;
      throw new EngineError(
        'not-finite',
        `The head does not compute with numbers: “${found.name}” of “${source.fileName}” holds ${odd}.`,
        'Put the file back as it was written, or train the probe anew.',
      );
    };
    const weight = tensor('weight', 2);
    const [classes = 0, dim = 0] = weight.dims;
    const vector = async (name: string, length: number) => {
      const found = tensor(name, 1);
      if (found.dims[0] !== length) {
        throw source.damaged(
          `“${name}” has ${String(found.dims[0])} values where “weight” asks for ${String(length)}`,
        );
      }
      return await values(found);
    };
    const variance = await vector('variance', dim);
    if (variance.some((value) => value < 0))
      throw source.damaged('“variance” holds a number below 0');
    return {
      head: {
        weight: await values(weight),
        bias: await vector('bias', classes),
        classes,
        dim,
      },
      standardisation: {
        mean: await vector('mean', dim),
        variance,
      },
      ...(await metadataOf(source)),
    };
  } finally {
    await source.close();
  }
}

async function metadataOf(
  source: ByteSource,
): Promise<Pick<HeadFile, 'backboneSha256' | 'classesSha256'>> {
  const length = Number(new DataView((await source.read(0, 8)).buffer).getBigUint64(0, true));
  const header = parseJson(new TextDecoder().decode(await source.read(8, length))) as {
    __metadata__?: { backbone_sha256?: unknown; classes_sha256?: unknown };
  };
  const { backbone_sha256: sha256, classes_sha256: classes } = header.__metadata__ ?? {};
  if (typeof sha256 !== 'string')
    throw source.damaged('it does not say which backbone its head was trained on');
  return {
    backboneSha256: sha256,
    classesSha256: typeof classes === 'string' ? classes : undefined,
  };
}
