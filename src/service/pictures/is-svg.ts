/** So far libvips looks for the drawing's first element. */
const svgBegins = 1000;

/** Whether librsvg would be asked: for a text with `<svg` near its beginning, or compressed (.svgz). */
export function isSvg(bytes: Uint8Array): boolean {
  const [first, second] = bytes;
  if (first === 0x1f && second === 0x8b) return true;
  const start = Buffer.from(bytes.subarray(0, svgBegins)).toString('latin1');
  return /^(?:\u00ef\u00bb\u00bf)?\s*</.test(start) && /<svg/i.test(start);
}
