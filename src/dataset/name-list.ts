/** Many names in little memory: as bytes that no garbage collector looks through. */

const chunkBytes = 2 ** 20;

export class NameList {
  private readonly chunks: Buffer[] = [];
  /** Of the last chunk. */
  private used = 0;
  private places = new Float64Array(1024);
  private lengths = new Uint32Array(1024);
  private count = 0;

  get size(): number {
    return this.count;
  }

  push(name: string): void {
    this.pushBytes(Buffer.from(name));
  }

  at(index: number): string {
    return this.bytesAt(index).toString();
  }

  protected pushBytes(bytes: Buffer): void {
    let chunk = this.chunks.at(-1);
    if (chunk === undefined || this.used + bytes.length > chunk.length) {
      chunk = Buffer.allocUnsafeSlow(Math.max(chunkBytes, bytes.length));
      this.chunks.push(chunk);
      this.used = 0;
    }
    if (this.count === this.places.length) {
      this.places = twice(this.places, new Float64Array(2 * this.count));
      this.lengths = twice(this.lengths, new Uint32Array(2 * this.count));
    }
    bytes.copy(chunk, this.used);
    // A chunk may be longer than usual, for one long name: its number and the place in it stay apart.
    this.places[this.count] = (this.chunks.length - 1) * chunkBytes + this.used;
    this.lengths[this.count] = bytes.length;
    this.used += bytes.length;
    this.count += 1;
  }

  protected bytesAt(index: number): Buffer {
    const place = this.places[index] ?? 0;
    const start = place % chunkBytes;
    const chunk = this.chunks[Math.floor(place / chunkBytes)] ?? Buffer.alloc(0);
    return chunk.subarray(start, start + (this.lengths[index] ?? 0));
  }
}

/** The same with each name once, found by a table of hashes. */
export class NameTable extends NameList {
  private hashes = new Uint32Array(1024);
  /** Places in the list, plus 1; 0 where there is none. At most half full. */
  private slots = new Uint32Array(4096);

  /** @returns false for a name that is there already */
  add(name: string): boolean {
    const bytes = Buffer.from(name);
    const hash = hashOf(bytes);
    const slot = this.slotOf(bytes, hash);
    if (this.slots[slot] !== 0) return false;
    if (this.size === this.hashes.length)
      this.hashes = twice(this.hashes, new Uint32Array(2 * this.size));
    this.hashes[this.size] = hash;
    this.slots[slot] = this.size + 1;
    this.pushBytes(bytes);
    if (2 * this.size > this.slots.length) this.widen();
    return true;
  }

  /** −1 where there is no such name. */
  indexOf(name: string): number {
    const bytes = Buffer.from(name);
    return (this.slots[this.slotOf(bytes, hashOf(bytes))] ?? 0) - 1;
  }

  /** Where the name is, or would be. */
  private slotOf(bytes: Buffer, hash: number): number {
    const { slots, hashes } = this;
    let slot = hash % slots.length;
    for (let entry = slots[slot] ?? 0; entry !== 0; entry = slots[slot] ?? 0) {
      if (hashes[entry - 1] === hash && this.bytesAt(entry - 1).equals(bytes)) break;
      slot = (slot + 1) % slots.length;
    }
    return slot;
  }

  private widen(): void {
    const slots = new Uint32Array(2 * this.slots.length);
    for (let index = 0; index < this.size; index++) {
      let slot = (this.hashes[index] ?? 0) % slots.length;
      while (slots[slot] !== 0) slot = (slot + 1) % slots.length;
      slots[slot] = index + 1;
    }
    this.slots = slots;
  }
}

/** FNV-1a (Fowler, Noll, Vo), its bits mixed once more: names differ in their last letters. */
function hashOf(bytes: Buffer): number {
  let hash = 0x811c9dc5;
  for (const byte of bytes) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  return (hash ^ (hash >>> 13)) >>> 0;
}

function twice<Numbers extends Float64Array | Uint32Array>(
  numbers: Numbers,
  longer: Numbers,
): Numbers {
  longer.set(numbers);
  return longer;
}
