/** Bytes that tell whether they are still what was written: their CRC-32 stands behind them. */
import { crc32 } from 'node:zlib';

/** How many bytes longer they become. */
export const sealLength = 4;

export function sealBytes(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const sealed = new Uint8Array(bytes.byteLength + sealLength);
  sealed.set(bytes);
  new DataView(sealed.buffer).setUint32(bytes.byteLength, crc32(bytes));
  return sealed;
}

/** @returns a view of the bytes; undefined for what was not sealed so, or has changed since */
export function unsealBytes(sealed: Uint8Array): Uint8Array | undefined {
  const length = sealed.byteLength - sealLength;
  if (length < 0) return undefined;
  const bytes = sealed.subarray(0, length);
  const { buffer, byteOffset } = sealed;
  const sum = new DataView(buffer, byteOffset + length).getUint32(0);
  return crc32(bytes) === sum ? bytes : undefined;
}
