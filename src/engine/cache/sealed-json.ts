/** JSON that tells whether it is still what was written: its last field is the CRC-32 of the rest. */
import { crc32 } from 'node:zlib';

const sealed = /^(.*),"crc32":"([0-9a-f]{8})"\}$/s;

/** One line, without its end. @param value with at least one field */
export function seal(value: object): string {
  const text = JSON.stringify(value).slice(0, -1);
  return `${text},"crc32":"${hexOf(text)}"}`;
}

/** @returns undefined for what was not sealed so, or has changed since */
export function unseal(line: string): unknown {
  const [, text, sum] = sealed.exec(line) ?? [];
  if (text === undefined || hexOf(text) !== sum) return undefined;
  return JSON.parse(`${text}}`);
}

function hexOf(text: string): string {
  return crc32(text).toString(16).padStart(8, '0');
}
