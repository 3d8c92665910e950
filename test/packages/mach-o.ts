/** Mach-O, 64 bit, one architecture (Apple's <mach-o/loader.h>). */
import { textAt, type NativeBinary } from './native-binary';

const magic = 0xfeedfacf;
const machines: Readonly<Record<number, string>> = {
  0x01000007: 'darwin-x64',
  0x0100000c: 'darwin-arm64',
};
const headerSize = 32;
/** LC_LOAD_DYLIB, LC_LOAD_WEAK_DYLIB, LC_REEXPORT_DYLIB, LC_LOAD_UPWARD_DYLIB. */
const loadsLibrary = new Set([0xc, 0x80000018, 0x8000001f, 0x80000023]);
/** LC_BUILD_VERSION. */
const buildVersion = 0x32;
/** That and LC_VERSION_MIN_MACOSX, with where in them the least version is: `X.Y.Z` in 16, 8 and 8 bits. */
const saysVersion: Readonly<Record<number, number>> = { [buildVersion]: 12, 0x24: 8 };

export function readMachO(bytes: Buffer): NativeBinary | undefined {
  if (bytes.length < headerSize || bytes.readUInt32LE(0) !== magic) return undefined;
  const needs: string[] = [];
  const leastOf: Record<string, string> = {};
  let at = headerSize;
  for (let count = bytes.readUInt32LE(16); count > 0; count -= 1) {
    const command = bytes.readUInt32LE(at);
    if (loadsLibrary.has(command)) needs.push(textAt(bytes, at + bytes.readUInt32LE(at + 8)));
    const version = saysVersion[command];
    // A library for two platforms says a version of each; 1 is macOS.
    const isOfMac = command !== buildVersion || bytes.readUInt32LE(at + 8) === 1;
    if (version !== undefined && isOfMac)
      leastOf.macOS = `${bytes.readUInt16LE(at + version + 2)}.${bytes[at + version + 1]}`;
    at += bytes.readUInt32LE(at + 4);
  }
  return { platform: machines[bytes.readUInt32LE(4)] ?? 'darwin-unknown', needs, leastOf };
}
