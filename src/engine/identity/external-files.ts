/**
 * Which files an ONNX model keeps weights in, without reading any: the protobuf messages are walked
 * through by the lengths that stand before their fields.
 */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import path from 'node:path';

/** Field numbers of the ONNX format. */
const graphOfModel = 7;
const initializerOfGraph = 5;
const externalDataOfTensor = 13;
const dataLocationOfTensor = 14;
const keyOfEntry = 1;
const valueOfEntry = 2;
/** `TensorProto.DataLocation.EXTERNAL` */
const external = 1;

/** Longer than any path. */
const longestText = 2 ** 16;
const windowBytes = 2 ** 14;

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

/** Where a tensor's bytes lie, if not in the model; of fields that are there twice the last one counts. */
function placeOf(reader: FieldReader, tensor: Field): string | undefined {
  let isExternal = false;
  let place: string | undefined;
  for (const field of reader.fields(tensor.from, tensor.to)) {
    if (field.number === dataLocationOfTensor) isExternal = reader.number(field) === external;
    if (field.number !== externalDataOfTensor) continue;
    const [key, value] = [keyOfEntry, valueOfEntry].map((number) =>
      [...reader.fields(field.from, field.to)].findLast((part) => part.number === number),
    );
    if (key && reader.text(key) === 'location') place = value ? reader.text(value) : '';
  }
  return isExternal ? place : undefined;
}

/** Whether a place that a model states is that of a file in its own folder, or below it. */
export function liesInside(folder: string, place: string): boolean {
  const inside = path.relative(folder, path.resolve(folder, place));
  return (
    place !== '' && !path.isAbsolute(place) && !path.isAbsolute(inside) && !inside.startsWith('..')
  );
}

/** A field of a message, and from where to where its content lies in the file. */
interface Field {
  readonly number: number;
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
      const [tag, content] = this.varint(at);
      const field = this.content(tag % 8, content);
      if (field.to > to) throw new RangeError('a field ends outside of its message');
      at = field.to;
      yield { number: Math.floor(tag / 8), ...field };
    }
  }

  number({ from }: Field): number {
    return this.varint(from)[0];
  }

  text({ from, to }: Field): string {
    if (to - from > longestText) throw new RangeError('a text is too long');
    const bytes = Buffer.alloc(to - from);
    if (readSync(this.descriptor, bytes, 0, bytes.length, from) !== bytes.length)
      throw new RangeError('the file is cut off');
    return bytes.toString('utf8');
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
