/**
 * Which files an ONNX model keeps weights in, without reading any: the protobuf messages are walked
 * through by the lengths that stand before their fields.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { fromBinary } from '@bufbuild/protobuf';
import { TensorProto_DataLocation as DataLocation, TensorProtoSchema } from '../onnx/onnx_pb';

/** Field numbers of the ONNX format. */
const graphOfModel = 7;
const initializerOfGraph = 5;
const rawDataOfTensor = 9;

const windowBytes = 2 ** 14;
/** More than any tensor's name, shape and place take; typed numbers stand in place of raw ones. */
const largestDescription = 2 ** 16;

/**
 * @returns their places as the model states them, sorted; none for what is no ONNX model
 * @throws what the file system says
 */
export function externalFilesOf(file: string): readonly string[] {
  const reader = new FieldReader(file);
  const places = new Set<string>();
  try {
    for (const graph of reader.fields(0, reader.size)) {
      if (graph.number !== graphOfModel) continue;
      for (const tensor of reader.fields(graph.from, graph.to))
        if (tensor.number === initializerOfGraph) {
          const place = placeOf(reader, tensor);
          if (place !== undefined) places.add(place);
        }
    }
  } catch (error) {
    // Whoever reads the model itself says in better words that it is none.
    if (isSystemError(error)) throw error;
  } finally {
    reader.close();
  }
  return [...places].sort();
}

function isSystemError(error: unknown): boolean {
  return error instanceof Error && 'syscall' in error;
}

function placeOf(reader: FieldReader, tensor: Field): string | undefined {
  const parts: Buffer[] = [];
  let length = 0;
  for (const { number, start, to } of reader.fields(tensor.from, tensor.to)) {
    if (number === rawDataOfTensor) continue;
    length += to - start;
    if (length > largestDescription) return undefined;
    parts.push(reader.bytes(start, to));
  }
  const { dataLocation, externalData } = fromBinary(TensorProtoSchema, Buffer.concat(parts));
  if (dataLocation !== DataLocation.EXTERNAL) return undefined;
  return externalData.findLast(({ key }) => key === 'location')?.value;
}

/** A field of a message: where it starts, and from where to where its content lies in the file. */
interface Field {
  readonly number: number;
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

class FieldReader {
  private readonly descriptor: number;
  readonly size: number;
  private window = Buffer.alloc(0);
  private windowStart = 0;

  constructor(file: string) {
    this.descriptor = openSync(file, 'r');
    this.size = fstatSync(this.descriptor).size;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** @throws RangeError for what is no message */
  *fields(from: number, to: number): Generator<Field> {
    for (let at = from; at < to;) {
      const start = at;
      const [tag, content] = this.varint(at);
      const field = this.content(tag % 8, content);
      if (field.to > to) throw new RangeError('a field ends outside of its message');
      at = field.to;
      yield { number: Math.floor(tag / 8), start, ...field };
    }
  }

  bytes(from: number, to: number): Buffer {
    const bytes = Buffer.alloc(to - from);
    if (readSync(this.descriptor, bytes, 0, bytes.length, from) !== bytes.length)
      throw new RangeError('the file is cut off');
    return bytes;
  }

  private content(wireType: number, at: number): { from: number; to: number } {
    switch (wireType) {
      case 0:
        return { from: at, to: this.varint(at)[1] };
      case 1:
        return { from: at, to: at + 8 };
      case 2: {
        const [length, from] = this.varint(at);
        return { from, to: from + length };
      }
      case 5:
        return { from: at, to: at + 4 };
      default:
        throw new RangeError(`there is no wire type ${wireType}`);
    }
  }

  /** @returns the number, and where the next byte is */
  private varint(from: number): readonly [value: number, to: number] {
    let value = 0;
    for (let i = 0; i < 10; i++) {
      const byte = this.byte(from + i);
      value += (byte % 128) * 2 ** (7 * i);
      if (byte < 128) return [value, from + i + 1];
    }
    throw new RangeError('a number has no end');
  }

  private byte(at: number): number {
    const inside = at - this.windowStart;
    if (inside < 0 || inside >= this.window.length) {
      const buffer = Buffer.alloc(Math.min(windowBytes, Math.max(0, this.size - at)));
      const length = readSync(this.descriptor, buffer, 0, buffer.length, at);
      this.window = buffer.subarray(0, length);
      this.windowStart = at;
    }
    const byte = this.window[at - this.windowStart];
    if (byte === undefined) throw new RangeError('the file is cut off');
    return byte;
  }
}
