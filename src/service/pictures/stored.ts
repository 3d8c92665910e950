/** A picture's numbers as its file holds them, before anything is made of them. */

export type StoredNumbers =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

export interface Stored {
  readonly width: number;
  readonly height: number;
  /** Bands beside each other, pixel after pixel. */
  readonly numbers: StoredNumbers;
  readonly bands: number;
  /** Of the numbers, for a person: `16-bit`. */
  readonly kind: string;
}

const forms = {
  uchar: { kind: '8-bit', view: (...part: Part) => new Uint8Array(...part), bytes: 1 },
  char: { kind: 'signed 8-bit', view: (...part: Part) => new Int8Array(...part), bytes: 1 },
  ushort: { kind: '16-bit', view: (...part: Part) => new Uint16Array(...part), bytes: 2 },
  short: { kind: 'signed 16-bit', view: (...part: Part) => new Int16Array(...part), bytes: 2 },
  uint: { kind: '32-bit', view: (...part: Part) => new Uint32Array(...part), bytes: 4 },
  int: { kind: 'signed 32-bit', view: (...part: Part) => new Int32Array(...part), bytes: 4 },
  float: { kind: '32-bit float', view: (...part: Part) => new Float32Array(...part), bytes: 4 },
  double: { kind: '64-bit float', view: (...part: Part) => new Float64Array(...part), bytes: 8 },
} as const;

type Part = [buffer: ArrayBuffer, offset: number, length: number];

/** libvips' name of a number format that is read here. */
export type Depth = keyof typeof forms;

export function isDepth(name: string | undefined): name is Depth {
  return name !== undefined && Object.hasOwn(forms, name);
}

/** The numbers of `depth` that lie in a buffer. */
export function numbersIn(
  data: Buffer,
  depth: Depth,
): { readonly numbers: StoredNumbers; readonly kind: string } {
  const { kind, view, bytes } = forms[depth];
  const aligned = data.byteOffset % bytes === 0 ? data : new Uint8Array(data);
  const { buffer, byteOffset } = aligned;
  return { numbers: view(buffer as ArrayBuffer, byteOffset, data.byteLength / bytes), kind };
}

/** @returns `count` bands from `first`, pixel after pixel */
export function takeBands(
  numbers: StoredNumbers,
  bands: number,
  first: number,
  count: number,
): StoredNumbers {
  const pixels = Math.floor(numbers.length / bands);
  const taken = numbers.slice(0, pixels * count);
  for (let pixel = 0, to = 0; pixel < pixels; pixel++) {
    const from = pixel * bands + first;
    for (let band = 0; band < count; band++) taken[to++] = numbers[from + band] ?? 0;
  }
  return taken;
}
