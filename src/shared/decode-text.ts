/**
 * The text of a file that people or programs wrote: UTF-8, or UTF-16 as spreadsheets save “Unicode
 * text”; the mark at the beginning is dropped. What is no UTF-8 is taken for Windows-1252 (which
 * holds Latin-1), in which programs of western Europe save plain text.
 */
export function decodeText(bytes: Uint8Array): string {
  const utf16 = utf16Of(bytes);
  if (utf16 !== undefined) return new TextDecoder(utf16).decode(bytes);
  return utf8Of(bytes) ?? new TextDecoder('windows-1252').decode(bytes);
}

/** By its mark; without one, by the zeros that stand in every other place of western text. */
export function utf16Of([first, second, third, fourth]: Uint8Array):
  'utf-16le' | 'utf-16be' | undefined {
  if ((first === 0xff && second === 0xfe) || (first && second === 0 && third && fourth === 0))
    return 'utf-16le';
  const isMarked = first === 0xfe && second === 0xff;
  return isMarked || (first === 0 && second && third === 0 && fourth) ? 'utf-16be' : undefined;
}

/** Undefined where the bytes are none. */
export function utf8Of(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
