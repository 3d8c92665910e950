/**
 * A trained head on disk, as safetensors (https://huggingface.co/docs/safetensors): `weight`
 * `[classes, dim]`, `bias` `[classes]`, `mean` and `variance` `[dim]`, all float32. The same head
 * always gives the same bytes.
 */
import { ByteSource } from '../intake/checkpoint/byte-source';
import { readSafetensors } from '../intake/checkpoint/safetensors';
import { readFloats, type CheckpointTensor } from '../intake/checkpoint/tensor';
import { floatBytes } from '../onnx/tensor-bytes';
import type { LinearHead } from './softmax-regression';
import type { Standardisation } from './standardisation';

export interface HeadFile {
  readonly standardisation: Standardisation;
  readonly head: LinearHead;
  /** SHA-256 of the backbone that it was trained on, in hexadecimal. */
  readonly backboneSha256: string;
}

/** The file's bytes; nothing in them depends on when they were written. */
export function encodeHeadFile({ standardisation, head, backboneSha256 }: HeadFile): Uint8Array {
  const tensors = [
    { name: 'bias', shape: [head.classes], values: head.bias },
    { name: 'mean', shape: [head.dim], values: standardisation.mean },
    { name: 'variance', shape: [head.dim], values: standardisation.variance },
    { name: 'weight', shape: [head.classes, head.dim], values: head.weight },
  ];
  const header: Record<string, unknown> = {
    __metadata__: { format: 'vit-explainer-probe', backbone_sha256: backboneSha256 },
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

/** @throws EngineError `model-unreadable` if the file is damaged or no head */
export async function readHeadFile(file: string): Promise<HeadFile> {
  const source = await ByteSource.open(file);
  try {
    const tensors = await readSafetensors(source);
    const tensor = (name: string, rank: number): CheckpointTensor => {
      const found = tensors.get(name);
      if (found?.dims.length !== rank) {
        throw source.damaged(`it holds no tensor “${name}” of ${String(rank)} dimension(s)`);
      }
      return found;
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
      return await readFloats(found);
    };
    return {
      head: {
        weight: await readFloats(weight),
        bias: await vector('bias', classes),
        classes,
        dim,
      },
      standardisation: {
        mean: await vector('mean', dim),
        variance: await vector('variance', dim),
      },
      backboneSha256: await backboneOfHead(source),
    };
  } finally {
    await source.close();
  }
}

async function backboneOfHead(source: ByteSource): Promise<string> {
  const length = Number(new DataView((await source.read(0, 8)).buffer).getBigUint64(0, true));
  const header = JSON.parse(new TextDecoder().decode(await source.read(8, length))) as {
    __metadata__?: { backbone_sha256?: unknown };
  };
  const sha256 = header.__metadata__?.backbone_sha256;
  if (typeof sha256 !== 'string') {
    throw source.damaged('it does not say which backbone its head was trained on');
  }
  return sha256;
}
