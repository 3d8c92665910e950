/** NumPy's `.npy` format, version 1.0, for float32 arrays in C order. Source: numpy.lib.format. */

/** A float32 array with its shape. */
export interface NpyArray {
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

const magic = Uint8Array.of(0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59);
/** The data begins at a multiple of this. */
const alignment = 64;

/** The bytes of a `.npy` file. */
export function writeNpy({ shape, values }: NpyArray): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape.join()},)` : `(${shape.join(', ')})`;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const before = magic.length + 4;
  const total = Math.ceil((before + dictionary.length + 1) / alignment) * alignment;
  const header = `${dictionary.padEnd(total - before - 1)}\n`;
  const file = new Uint8Array(total + values.length * 4);
  const view = new DataView(file.buffer);
  file.set(magic);
  view.setUint16(magic.length, 1, true);
  view.setUint16(magic.length + 2, header.length, true);
  file.set(new TextEncoder().encode(header), before);
  values.forEach((value, index) => view.setFloat32(total + index * 4, value, true));
  return file;
}

/**
 * Reads a `.npy` file of float32 values.
 *
 * @throws Error with a clause that says what the file holds instead
 */
export function readNpy(file: Uint8Array): NpyArray {
  if (file.length < 10 || !magic.every((byte, index) => file[index] === byte))
    throw new Error('it is not a NumPy .npy file');
  const view = new DataView(file.buffer, file.byteOffset, file.byteLength);
  const longHeader = view.getUint8(6) > 1;
  const headerStart = longHeader ? 12 : 10;
  const dataStart = headerStart + (longHeader ? view.getUint32(8, true) : view.getUint16(8, true));
  const header = new TextDecoder('latin1').decode(file.subarray(headerStart, dataStart));
  const type = /'descr':\s*'([^']*)'/.exec(header)?.[1];
  const shape = /'shape':\s*\(([^)]*)\)/.exec(header)?.[1];
  if (type === undefined || shape === undefined) throw new Error('its header is damaged');
  if (type !== '<f4')
    throw new Error(`it holds values of type ${type}, not little-endian float32 (<f4)`);
  if (/'fortran_order':\s*True/.test(header))
    throw new Error('it is stored in Fortran order; save it with numpy.ascontiguousarray');
  const sizes = shape
    .split(',')
    .map((size) => size.trim())
    .filter(Boolean)
    .map(Number);
  const count = sizes.reduce((product, size) => product * size, 1);
  if (file.length - dataStart !== count * 4) {
    throw new Error(
      `its header promises ${count} values, but ${(file.length - dataStart) / 4} are there`,
    );
  }
  const values = Float32Array.from({ length: count }, (_, index) =>
    view.getFloat32(dataStart + index * 4, true),
  );
  return { shape: sizes, values };
}
