import { utf16Of, utf8Of } from '../shared/decode-text';

/**
 * The text of a file that comes in portions, as `decodeText` takes it. From the first portion on that
 * is no UTF-8, all is Windows-1252.
 */
export async function* decodedText(
  portions: AsyncIterable<Uint8Array>,
): AsyncGenerator<string, void> {
  let others: TextDecoder | undefined;
  let begun = Buffer.alloc(0);
  let isFirst = true;
  for await (const portion of portions) {
    const utf16 = isFirst ? utf16Of(portion) : undefined;
    if (utf16 !== undefined) others = new TextDecoder(utf16);
    isFirst = false;
    const bytes = Buffer.concat([begun, portion]);
    const end = others === undefined ? bytes.length - bytesBegun(bytes) : bytes.length;
    const text = others === undefined ? utf8Of(bytes.subarray(0, end)) : undefined;
    begun = Buffer.alloc(0);
    if (text !== undefined) {
      begun = bytes.subarray(end);
      yield text;
    } else {
      others ??= new TextDecoder('windows-1252');
      yield others.decode(bytes, { stream: true });
    }
  }
  if (begun.length > 0) yield new TextDecoder('windows-1252').decode(begun);
}

/** How many bytes at the end are the beginning of a character of UTF-8. */
function bytesBegun(bytes: Uint8Array): number {
  for (let back = 1; back <= Math.min(3, bytes.length); back++) {
    const byte = bytes[bytes.length - back] ?? 0;
    if (byte < 0x80) return 0;
    if (byte >= 0xc0) return back < (byte >= 0xf0 ? 4 : byte >= 0xe0 ? 3 : 2) ? back : 0;
  }
  return 0;
}
