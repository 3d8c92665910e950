/** The bytes of a pickle, one piece after the other. */
import type { PickleFaults } from './pickle-faults';

export class PickleBytes {
  private readonly view: DataView;
  private readonly utf8 = new TextDecoder();
  private readonly latin1 = new TextDecoder('latin1');
  /** Bytes read so far. */
  at = 0;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly faults: PickleFaults,
  ) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  /** Passes `length` bytes and returns where they began. */
  skip(length: number): number {
    const start = this.at;
    if (length > this.bytes.length - start) throw this.faults.damaged('it is cut off');
    this.at += length;
    return start;
  }

  take(length: number): Uint8Array {
    const start = this.skip(length);
    return this.bytes.subarray(start, start + length);
  }

  byte(): number {
    return this.view.getUint8(this.skip(1));
  }

  uint32(): number {
    return this.view.getUint32(this.skip(4), true);
  }

  uint64(): number {
    return Number(this.view.getBigUint64(this.skip(8), true));
  }

  line(): string {
    const end = this.bytes.indexOf(0x0a, this.at);
    if (end < 0) throw this.faults.damaged('it is cut off');
    const text = this.utf8.decode(this.take(end - this.at));
    this.skip(1);
    return text;
  }

  uint16(): number {
    return this.view.getUint16(this.skip(2), true);
  }

  int32(): number {
    return this.view.getInt32(this.skip(4), true);
  }

  /** Big-endian, as pickles have it. */
  float64(): number {
    return this.view.getFloat64(this.skip(8), false);
  }

  utf8Text(length: number): string {
    return this.utf8.decode(this.take(length));
  }

  latin1Text(length: number): string {
    return this.latin1.decode(this.take(length));
  }
}
