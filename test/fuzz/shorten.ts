/** The shortest bytes that still do what they did, as far as pieces can be left out of them. */

/** @param isStill tried at most `tries` times */
export async function shorten(
  bytes: Uint8Array,
  isStill: (shorter: Uint8Array) => Promise<boolean>,
  tries: number,
): Promise<Uint8Array> {
  let shortest = bytes;
  let left = tries;
  for (
    let size = Math.ceil(bytes.length / 2);
    size >= 1;
    size = size === 1 ? 0 : Math.ceil(size / 2)
  ) {
    for (let at = 0; at < shortest.length;) {
      if (left-- === 0) return shortest;
      const shorter = Buffer.concat([shortest.subarray(0, at), shortest.subarray(at + size)]);
      if (await isStill(shorter)) shortest = shorter;
      else at += size;
    }
  }
  return shortest;
}
