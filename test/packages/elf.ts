/** Executable and Linking Format, 64 bit, little-endian (System V ABI, chapters 4 and 5). */
import { textAt, type NativeBinary } from './native-binary';

const machines: Readonly<Record<number, string>> = { 0x3e: 'linux-x64', 0xb7: 'linux-arm64' };
const segmentKind = { load: 1, dynamic: 2 };
const entryTag = { needed: 1, stringTable: 5 };

interface Segment {
  readonly kind: number;
  readonly offset: number;
  readonly address: number;
  readonly size: number;
}

export function readElf(bytes: Buffer): NativeBinary | undefined {
  if (bytes.length < 64 || bytes.toString('latin1', 0, 4) !== '\x7fELF') return undefined;
  const segments = segmentsOf(bytes);
  return {
    platform: machines[bytes.readUInt16LE(18)] ?? 'linux-unknown',
    needs: neededBy(bytes, segments),
  };
}

function segmentsOf(bytes: Buffer): Segment[] {
  const table = Number(bytes.readBigUInt64LE(32));
  const size = bytes.readUInt16LE(54);
  return Array.from({ length: bytes.readUInt16LE(56) }, (_, index) => {
    const at = table + index * size;
    return {
      kind: bytes.readUInt32LE(at),
      offset: Number(bytes.readBigUInt64LE(at + 8)),
      address: Number(bytes.readBigUInt64LE(at + 16)),
      size: Number(bytes.readBigUInt64LE(at + 32)),
    };
  });
}

function neededBy(bytes: Buffer, segments: readonly Segment[]): string[] {
  const dynamic = segments.find(({ kind }) => kind === segmentKind.dynamic);
  if (!dynamic) return [];
  const entries = Array.from({ length: dynamic.size / 16 }, (_, index) => {
    const at = dynamic.offset + index * 16;
    return {
      tag: Number(bytes.readBigInt64LE(at)),
      value: Number(bytes.readBigUInt64LE(at + 8)),
    };
  });
  const address = entries.find(({ tag }) => tag === entryTag.stringTable)?.value ?? 0;
  const strings = offsetOf(address, segments);
  return entries
    .filter(({ tag }) => tag === entryTag.needed)
    .map(({ value }) => textAt(bytes, strings + value));
}

/** Where in the file lies what is loaded at an address. */
function offsetOf(address: number, segments: readonly Segment[]): number {
  const segment = segments.find(
    (one) =>
      one.kind === segmentKind.load && address >= one.address && address < one.address + one.size,
  );
  if (!segment) throw new Error(`No segment is loaded at ${address}.`);
  return address - segment.address + segment.offset;
}
