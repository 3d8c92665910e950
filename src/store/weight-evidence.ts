/**
 * What a weights file tells about itself without being loaded: the names inside, and the input size
 * an ONNX graph declares. Only the headers of its parts are read, so 350 MB cost a few milliseconds.
 */
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';

export interface WeightEvidence {
  /** Names of tensors and nodes as they stand in the file, run together. */
  readonly names: string;
  /** Height and width of the declared image input; undefined where free or not known. */
  readonly input: readonly [height: number, width: number] | undefined;
}

/** Bytes of each node or tensor that are looked at for its name: dims and type stand before it. */
const headBytes = 320;
/** Bytes of names that are enough to recognise any family. */
const enoughNames = 1 << 20;

export async function readWeightEvidence(file: string): Promise<WeightEvidence> {
  const handle = await open(file, 'r');
  try {
    const { size } = await handle.stat();
    if (path.extname(file).toLowerCase() === '.onnx') {
      return await scanOnnx(new ByteWindow(handle, size));
    }
    // safetensors begins with its JSON header, a zip checkpoint with its uncompressed pickle.
    const head = await new ByteWindow(handle, size).slice(0, Math.min(size, enoughNames));
    return { names: head.toString('latin1'), input: undefined };
  } finally {
    await handle.close();
  }
}

/** Reads a file through one moving window. */
class ByteWindow {
  #start = 0;
  #bytes = Buffer.alloc(0);

  constructor(
    private readonly handle: FileHandle,
    readonly size: number,
  ) {}

  /** The bytes from `start` to `end`, cut at the end of the file. */
  async slice(start: number, end: number): Promise<Buffer> {
    const stop = Math.min(end, this.size);
    if (start < this.#start || stop > this.#start + this.#bytes.length) {
      const length = Math.max(stop - start, Math.min(1 << 16, this.size - start));
      const buffer = Buffer.alloc(Math.max(length, 0));
      const { bytesRead } = await this.handle.read(buffer, 0, buffer.length, start);
      this.#start = start;
      this.#bytes = buffer.subarray(0, bytesRead);
    }
    return this.#bytes.subarray(start - this.#start, stop - this.#start);
  }
}

/** A protobuf field: its number and where its length-delimited payload lies. */
interface Field {
  readonly number: number;
  readonly start: number;
  readonly end: number;
  /** The value of a varint field. */
  readonly value: number | undefined;
}

/** Fields of the protobuf message that lies between two offsets. @throws RangeError for other data */
async function* fieldsOf(window: ByteWindow, start: number, end: number): AsyncGenerator<Field> {
  let position = start;
  while (position < end) {
    const head = await window.slice(position, Math.min(position + 20, end));
    const tag = readVarint(head, 0);
    const number = Math.floor(tag.value / 8);
    const wireType = tag.value % 8;
    let payload = position + tag.next;
    let length = 0;
    let value: number | undefined;
    if (wireType === 0) {
      const varint = readVarint(head, tag.next);
      payload = position + varint.next;
      value = varint.value;
    } else if (wireType === 2) {
      const varint = readVarint(head, tag.next);
      payload = position + varint.next;
      length = varint.value;
    } else if (wireType === 1) {
      length = 8;
    } else if (wireType === 5) {
      length = 4;
    } else {
      throw new RangeError('Not protobuf');
    }
    if (payload + length > end) {
      throw new RangeError('Not protobuf');
    }
    yield { number, start: payload, end: payload + length, value };
    position = payload + length;
  }
}

function readVarint(bytes: Buffer, from: number): { value: number; next: number } {
  let value = 0;
  let scale = 1;
  for (let at = from; at < bytes.length && at < from + 10; at += 1) {
    const byte = bytes[at] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      return { value, next: at + 1 };
    }
    scale *= 128;
  }
  throw new RangeError('Not protobuf');
}

/** Field numbers of onnx.proto: ModelProto.graph 7; GraphProto.node 1, initializer 5, input 11. */
async function scanOnnx(window: ByteWindow): Promise<WeightEvidence> {
  let names = '';
  let input: WeightEvidence['input'];
  try {
    for await (const field of fieldsOf(window, 0, window.size)) {
      if (field.number !== 7) {
        continue;
      }
      for await (const part of fieldsOf(window, field.start, field.end)) {
        if ((part.number === 1 || part.number === 5) && names.length < enoughNames) {
          const head = await window.slice(part.start, Math.min(part.end, part.start + headBytes));
          names += head.toString('latin1');
        } else if (part.number === 11) {
          input ??= await imageSize(window, part);
        }
      }
    }
  } catch (error) {
    if (!(error instanceof RangeError)) {
      throw error;
    }
    // A damaged file is the engine's to report, with the reason; here it only tells nothing.
  }
  return { names, input };
}

/** Height and width of an `[N, 3, H, W]` input: ValueInfoProto.type 2, tensor_type 1, shape 2, dim 1. */
async function imageSize(
  window: ByteWindow,
  input: Field,
): Promise<readonly [number, number] | undefined> {
  let messages = [input];
  for (const number of [2, 1, 2]) {
    const inner: Field[] = [];
    for (const message of messages) {
      for await (const field of fieldsOf(window, message.start, message.end)) {
        if (field.number === number) {
          inner.push(field);
        }
      }
    }
    messages = inner;
  }
  const dims: (number | undefined)[] = [];
  for (const shape of messages) {
    for await (const dim of fieldsOf(window, shape.start, shape.end)) {
      let value: number | undefined;
      for await (const field of fieldsOf(window, dim.start, dim.end)) {
        value = field.number === 1 ? field.value : value;
      }
      dims.push(value);
    }
  }
  const [, channels, height, width] = dims;
  const isImage = dims.length === 4 && (channels === 3 || channels === undefined);
  return isImage && height !== undefined && width !== undefined ? [height, width] : undefined;
}
