/** The bytes of a pickle, read from the front. */
import type { PickleErrors } from './pickle-errors';

const utf8 = new TextDecoder();
const latin1 = new TextDecoder('latin1');

/** Every reading method throws EngineError `model-unreadable` where the bytes end too soon. */
export class PickleBytes {
  private readonly view: DataView;
  private at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly errors: PickleErrors,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** How many have been read. */
  get length(): number {
    return this.at;
  }

  /** Passes `length` bytes and returns where they began. */
  skip(length: number): number {
    const start = this.at;
    if (length > this.bytes.length - start) throw this.errors.damaged('it is cut off');
    this.at += length;
    return start;
  }

  take(length: number): Uint8Array {
    const start = this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  uint8(): number {
    return this.view.getUint8(this.skip(1));
  }

  uint16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.skip(4), true);
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  uint64(): number {
    return Number(this.view.getBigUint64(this.skip(8), true));
  }

  /** The one kind of number with its first byte first. */
  float64(): number {
    return this.view.getFloat64(this.skip(8), false);
  }

  /** A Python int of any length, little-endian two's complement. */
  integer(length: number): number | bigint {
    const bytes = this.take(length);
    // Longer numbers than these have no business beside weights; their low bytes would do no harm.
    let value = 0n;
    for (const byte of bytes.slice(0, 32).toReversed()) value = (value << 8n) | BigInt(byte);
    const signed = BigInt.asIntN(8 * Math.min(bytes.length, 32), value);
    const small = Number(signed);
    return Number.isSafeInteger(small) ? small : signed;
  }

  utf8(length: number): string {
    return utf8.decode(this.take(length));
  }

  latin1(length: number): string {
    return latin1.decode(this.take(length));
  }

  /** Up to the next line feed, which is passed. */
  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw this.errors.damaged('it is cut off');
    const text = this.utf8(end - this.at);
    this.skip(1);
    return text;
  }
}
