/** Faults of the header of a safetensors file, whose length is right all the same. */
import type { Edit } from '../input';
import { jsonEdits } from './json';

function insideHeader(edit: Edit): Edit {
  return (bytes, random) => {
    const length = bytes.length < 8 ? 0n : bytes.readBigUInt64LE();
    if (length > bytes.length - 8) return bytes;
    const end = 8 + Number(length);
    const header = edit(Buffer.from(bytes.subarray(8, end)), random);
    const stated = Buffer.alloc(8);
    stated.writeBigUInt64LE(BigInt(header.length));
    return Buffer.concat([stated, header, bytes.subarray(end)]);
  };
}

export const safetensorsEdits: readonly Edit[] = jsonEdits.map(insideHeader);
