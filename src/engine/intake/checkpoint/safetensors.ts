/**
 * Reads the index of a safetensors file: https://huggingface.co/docs/safetensors
 * (8 bytes header length, a JSON header, then the tensors).
 */
import { isRecord } from '../../../shared/is-record';
import { parseJson } from '../../../shared/parse-json';
import type { ByteSource } from './byte-source';
import { checkpointTypeSize, contiguousStrides } from './tensor';
import type { CheckpointTensor, CheckpointType } from './tensor';
import { EngineError } from '../../engine-error';
import { sizeOf } from '../../onnx/tensor-bytes';

/** The format's own limit on the header. */
const largestHeader = 100_000_000;
/** A tensor has seven: the files of the largest models list some ten thousand. */
const mostHeaderParts = 1_000_000;

const types: ReadonlyMap<string, CheckpointType> = new Map([
  ['F64', 'float64'],
  ['F32', 'float32'],
  ['F16', 'float16'],
  ['BF16', 'bfloat16'],
  ['I64', 'int64'],
  ['I32', 'int32'],
  ['I16', 'int16'],
  ['I8', 'int8'],
  ['U8', 'uint8'],
  ['BOOL', 'bool'],
]);

/** @throws EngineError `model-unreadable` if the header contradicts the file or names an unknown type. */
export async function readSafetensors(
  source: ByteSource,
): Promise<ReadonlyMap<string, CheckpointTensor>> {
  const lengthBytes = await source.read(0, 8);
  const headerLength = Number(new DataView(lengthBytes.buffer).getBigUint64(0, true));
  if (headerLength > largestHeader || headerLength > source.size - 8) {
    throw source.damaged(
      `its header claims ${headerLength} bytes, the file has ${source.size} in all`,
    );
  }
  const header = parseHeader(source, await source.read(8, headerLength));
  const dataStart = 8 + headerLength;
  const tensors = new Map<string, CheckpointTensor>();
  const spans: { name: string; begin: number; end: number }[] = [];
  for (const [name, entry] of Object.entries(header)) {
    if (name === '__metadata__') continue;
    const { type, dims, begin, end } = parseEntry(source, name, entry);
    if (end > source.size - dataStart || sizeOf(dims) * checkpointTypeSize[type] !== end - begin) {
      throw source.damaged(
        `the tensor “${name}” of shape [${dims.join(', ')}] claims bytes ${begin} to ${end} of ${source.size - dataStart}`,
      );
    }
    spans.push({ name, begin, end });
    tensors.set(name, {
      name,
      type,
      dims,
      strides: contiguousStrides(dims),
      position: dataStart + begin,
      source,
    });
  }
  spans.sort((a, b) => a.begin - b.begin || a.end - b.end);
  for (const [i, span] of spans.entries()) {
    const before = spans[i - 1];
    if (before && before.end > span.begin)
      throw source.damaged(`the tensors “${before.name}” and “${span.name}” overlap`);
  }
  return tensors;
}

function parseHeader(source: ByteSource, bytes: Uint8Array): Readonly<Record<string, unknown>> {
  let header: unknown;
  try {
    header = parseJson(new TextDecoder('utf-8', { fatal: true }).decode(bytes), mostHeaderParts);
  } catch (cause) {
    const why = cause instanceof Error ? `: ${cause.message}` : '';
    throw source.damaged(`its header is not valid JSON${why}`);
  }
  if (!isRecord(header)) throw source.damaged('its header is not a JSON object');
  return header;
}

function parseEntry(source: ByteSource, name: string, entry: unknown) {
  if (!isRecord(entry)) throw source.damaged(`the tensor “${name}” has no description`);
  const { dtype, shape, data_offsets: offsets } = entry;
  if (typeof dtype !== 'string') throw source.damaged(`the tensor “${name}” has no type`);
  const type = types.get(dtype);
  if (type === undefined) {
    throw new EngineError(
      'model-unreadable',
      `The tensor “${name}” of “${source.fileName}” has the type ${dtype}, which can't be turned into float32 exactly here.`,
      'Take the file with float32, float16 or bfloat16 weights.',
    );
  }
  if (!isCounts(shape) || !isCounts(offsets) || offsets.length !== 2)
    throw source.damaged(`the tensor “${name}” has no valid shape and place`);
  const [begin = 0, end = 0] = offsets;
  if (begin > end) throw source.damaged(`the tensor “${name}” ends before it begins`);
  return { type, dims: shape, begin, end };
}

function isCounts(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((item) => Number.isSafeInteger(item) && item >= 0);
}
