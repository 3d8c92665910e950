/** Portable Executable, 64 bit (Microsoft's "PE Format"): libraries of the import table and the delayed one. */
import { textAt, type NativeBinary } from './native-binary';

const machines: Readonly<Record<number, string>> = { 0x8664: 'win32-x64', 0xaa64: 'win32-arm64' };
const directories = { imports: 1, delayedImports: 13 };

interface Section {
  readonly address: number;
  readonly size: number;
  readonly offset: number;
}

export function readPe(bytes: Buffer): NativeBinary | undefined {
  if (bytes.length < 64 || bytes.toString('latin1', 0, 2) !== 'MZ') return undefined;
  const header = bytes.readUInt32LE(0x3c);
  if (bytes.toString('latin1', header, header + 4) !== 'PE\0\0') return undefined;
  const optional = header + 24;
  const sections = sectionsOf(bytes, header);
  const table = (index: number): number =>
    offsetOf(bytes.readUInt32LE(optional + 112 + index * 8), sections);
  const names = (offset: number, entrySize: number, nameAt: number): string[] => {
    const found: string[] = [];
    if (offset < 0) return found;
    for (let at = offset; bytes.readUInt32LE(at + nameAt) !== 0; at += entrySize)
      found.push(textAt(bytes, offsetOf(bytes.readUInt32LE(at + nameAt), sections)));
    return found;
  };
  return {
    platform: machines[bytes.readUInt16LE(header + 4)] ?? 'win32-unknown',
    needs: [
      ...names(table(directories.imports), 20, 12),
      ...names(table(directories.delayedImports), 32, 4),
    ],
    leastOf: {},
  };
}

function sectionsOf(bytes: Buffer, header: number): Section[] {
  const first = header + 24 + bytes.readUInt16LE(header + 20);
  return Array.from({ length: bytes.readUInt16LE(header + 6) }, (_, index) => {
    const at = first + index * 40;
    return {
      address: bytes.readUInt32LE(at + 12),
      size: bytes.readUInt32LE(at + 16),
      offset: bytes.readUInt32LE(at + 20),
    };
  });
}

/** Where in the file lies what is loaded at a relative address; -1 where nothing is. */
function offsetOf(address: number, sections: readonly Section[]): number {
  const section = sections.find(
    (one) => address >= one.address && address < one.address + one.size,
  );
  return section ? address - section.address + section.offset : -1;
}
