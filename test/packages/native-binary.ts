/** What the header of a native library says: the platform that it is for, and the libraries it needs. */
import { readElf } from './elf';
import { readMachO } from './mach-o';
import { readPe } from './pe';

export interface NativeBinary {
  /** As VS Code names platforms, e.g. `linux-arm64`; with `unknown` for a processor of none of them. */
  readonly platform: string;
  /** Names of the libraries that the system's loader has to find when it loads this one. */
  readonly needs: readonly string[];
  /** The least version of each part of the system that it says it needs, e.g. `GLIBC: 2.28` or `macOS: 14.0`. */
  readonly leastOf: Readonly<Record<string, string>>;
}

/** The later one of two versions, by its numbers. */
export function later(a: string, b: string): string {
  return a.localeCompare(b, 'en', { numeric: true }) < 0 ? b : a;
}

/** @returns undefined for a file that is no native code of any of the three kinds */
export function nativeBinary(bytes: Buffer): NativeBinary | undefined {
  return readElf(bytes) ?? readMachO(bytes) ?? readPe(bytes);
}

/** The text at an offset up to its zero byte. */
export function textAt(bytes: Buffer, offset: number): string {
  return bytes.toString('latin1', offset, bytes.indexOf(0, offset));
}
