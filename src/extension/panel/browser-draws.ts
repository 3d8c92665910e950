/** Which pictures Chromium draws by itself just as a model sees them; the worker converts the others. */

/** WebP in its extended form says so in its first flags. */
const webpAlpha = 0x10;
const webpAnimation = 0x02;
/** Chunks of a PNG that change what is seen: transparency, animation, orientation. */
const tellingChunks = new Set(['tRNS', 'acTL', 'eXIf']);

export type DrawnType = 'image/jpeg' | 'image/png' | 'image/webp';

/**
 * JPEG but for CMYK, and PNG and WebP of 8 bits without transparency or animation: what is not
 * plainly one of these may look otherwise, if it is drawn at all.
 *
 * @returns what it is; undefined where it has to be converted
 */
export function browserDraws(bytes: Uint8Array): DrawnType | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (view.getUint16(0) === 0xffd8) return jpegComponents(view) < 4 ? 'image/jpeg' : undefined;
    if (view.getUint32(0) === 0x89504e47) return isPlainPng(view) ? 'image/png' : undefined;
    if (view.getUint32(0) === 0x52494646 && view.getUint32(8) === 0x57454250)
      return isPlainWebp(view) ? 'image/webp' : undefined;
  } catch {
    // it ends within its header
  }
  return undefined;
}

/** Of the frame header, which lies behind any number of other segments. */
function jpegComponents(view: DataView): number {
  for (let at = 2; ;) {
    const marker = view.getUint16(at);
    const isFrame =
      marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (isFrame) return view.getUint8(at + 9);
    if (marker === 0xffff) at += 1;
    else at += 2 + view.getUint16(at + 2);
  }
}

function isPlainPng(view: DataView): boolean {
  const depth = view.getUint8(24);
  const isOpaque = [0, 2, 3].includes(view.getUint8(25));
  if (depth > 8 || !isOpaque) return false;
  for (let at = 33; ; at += 12 + view.getUint32(at)) {
    const name = String.fromCharCode(...[4, 5, 6, 7].map((byte) => view.getUint8(at + byte)));
    if (name === 'IDAT') return true;
    if (tellingChunks.has(name)) return false;
  }
}

function isPlainWebp(view: DataView): boolean {
  switch (view.getUint32(12)) {
    case 0x56503820: // 'VP8 '
      return true;
    case 0x5650384c: // 'VP8L'
      return (view.getUint8(24) & 0x10) === 0;
    default:
      return (view.getUint8(20) & (webpAlpha | webpAnimation)) === 0;
  }
}
