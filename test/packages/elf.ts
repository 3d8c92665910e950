/** Executable and Linking Format, 64 bit, little-endian (System V ABI, chapters 4 and 5). */
import { later, textAt, type NativeBinary } from './native-binary';

const machines: Readonly<Record<number, string>> = { 0x3e: 'linux-x64', 0xb7: 'linux-arm64' };
const segmentKind = { load: 1, dynamic: 2 };
const entryTag = { needed: 1, stringTable: 5, versions: 0x6ffffffe, versionFiles: 0x6fffffff };

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
    ...neededBy(bytes, segments),
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

function neededBy(
  bytes: Buffer,
  segments: readonly Segment[],
): Pick<NativeBinary, 'needs' | 'leastOf'> {
  const dynamic = segments.find(({ kind }) => kind === segmentKind.dynamic);
  if (!dynamic) return { needs: [], leastOf: {} };
  const entries = Array.from({ length: dynamic.size / 16 }, (_, index) => {
    const at = dynamic.offset + index * 16;
    return {
      tag: Number(bytes.readBigInt64LE(at)),
      value: Number(bytes.readBigUInt64LE(at + 8)),
    };
  });
  const valueOf = (wanted: number): number => entries.find(({ tag }) => tag === wanted)?.value ?? 0;
  const strings = offsetOf(valueOf(entryTag.stringTable), segments);
  const files = valueOf(entryTag.versionFiles);
  const versions = files === 0 ? 0 : offsetOf(valueOf(entryTag.versions), segments);
  return {
    needs: entries
      .filter(({ tag }) => tag === entryTag.needed)
      .map(({ value }) => textAt(bytes, strings + value)),
    leastOf: leastVersions(bytes, strings, versions, files),
  };
}

/** The greatest version of each name, e.g. of `GLIBC_2.17` and `GLIBC_2.28` (Linux Standard Base, symbol versioning). */
function leastVersions(
  bytes: Buffer,
  strings: number,
  versions: number,
  files: number,
): Record<string, string> {
  const least: Record<string, string> = {};
  for (let file = 0, at = versions; file < files; file++, at += bytes.readUInt32LE(at + 12)) {
    let needed = at + bytes.readUInt32LE(at + 8);
    for (let count = bytes.readUInt16LE(at + 2); count > 0; count--) {
      const [, name, version] =
        /^(.*)_([\d.]+)$/.exec(textAt(bytes, strings + bytes.readUInt32LE(needed + 8))) ?? [];
      if (name !== undefined && version !== undefined)
        least[name] = later(least[name] ?? '0', version);
      needed += bytes.readUInt32LE(needed + 12);
    }
  }
  return least;
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
