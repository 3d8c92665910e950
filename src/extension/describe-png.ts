/** A PNG that says in words what it is of. */
import { crc32 } from 'node:zlib';

/** Behind the signature and the header chunk, which comes first in every PNG. */
const behindHeader = 33;

/**
 * With a chunk of international text behind its header, as the PNG specification (third edition, 11.3.3.4)
 * has it; the keyword is one of those that it registers.
 */
export function describedPng(png: Uint8Array, description: string): Uint8Array {
  // Not compressed, of no language that is named, and no translated keyword.
  const data = Buffer.from(`iTXtDescription\0\0\0\0\0${description}`);
  const chunk = Buffer.alloc(data.length + 8);
  chunk.writeUInt32BE(data.length - 4);
  data.copy(chunk, 4);
  chunk.writeUInt32BE(crc32(data), data.length + 4);
  return Buffer.concat([png.subarray(0, behindHeader), chunk, png.subarray(behindHeader)]);
}
