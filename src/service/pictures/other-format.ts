/** What a file is that is no picture in a format that is read, where its beginning tells. */

const heifBrands = /^(?:heic|heix|hevc|hevx|heim|heis|mif1|msf1)$/;
/** Bits of a number in a TIFF. */
const tiffBits = [1, 2, 4, 8, 16, 32];

/**
 * @param bits of a TIFF's numbers
 * @returns a clause for the person; undefined where nothing is known
 */
export function otherFormat(bytes: Uint8Array, bits: number | undefined): string | undefined {
  const start = Buffer.from(bytes.subarray(0, 132)).toString('latin1');
  if (start.startsWith('version https://git-lfs'))
    return 'it is a pointer of Git LFS in place of the picture, which `git lfs pull` brings';
  if (start.slice(4, 8) === 'ftyp' && heifBrands.test(start.slice(8, 12)))
    return 'it is HEIC, which is not read, whatever its name ends in';
  if (start.slice(128) === 'DICM') return 'it is DICOM, which is not read';
  if (start.startsWith('%PDF')) return 'it is a PDF';
  if (bits !== undefined && !tiffBits.includes(bits))
    return `it is a TIFF of numbers of ${bits} bits, which is not read; 8, 16 and 32 bits are`;
  return undefined;
}
