/** The fields of a protobuf message in a file, without reading what is in them. */
import { closeSync, readSync } from 'node:fs';
import { openRegularSync } from '../files/regular-file';

/** Longer than any path. */
const longestText = 2 ** 16;
const windowBytes = 2 ** 14;
/** Fields that are looked at: ten times those of a giant model, and read within a second. */
const mostFields = 5e5;

/** A field of a message: where it starts, and from where to where its content lies in the file. */
export interface Field {
  readonly number: number;
  readonly start: number;
  readonly from: number;
  readonly to: number;
}

/** Walks through the fields of a protobuf file by the lengths that stand before them, reading little. */
export class FieldReader {
  private readonly descriptor: number;
  readonly size: number;
  private window = Buffer.alloc(0);
  private windowStart = 0;
  private fieldsRead = 0;

  /** @throws NotRead; what the file system says */
  constructor(file: string) {
    const { descriptor, size } = openRegularSync(file);
    this.descriptor = descriptor;
    this.size = size;
  }

  close(): void {
    closeSync(this.descriptor);
  }

  /** @throws RangeError for what is no message, or one of more fields than any model */
  *fields(from: number, to: number): Generator<Field> {
    for (let at = from; at < to;) {
      const start = at;
      const [tag, content] = this.varint(at);
      if (tag < 8) throw new RangeError('there is no field 0');
      this.fieldsRead += 1;
      if (this.fieldsRead > mostFields) throw new RangeError('it has too many fields');
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

  number({ from }: Field): number {
    return this.varint(from)[0];
  }

  text({ from, to }: Field): string {
    if (to - from > longestText) throw new RangeError('a text is too long');
    return this.bytes(from, to).toString('utf8');
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
