/** Reads the golden figures: raw little-endian tensors beside a JSON that describes them. */
import { readFileSync } from 'node:fs';
import { goldenPath } from './shared-folder';

interface TensorNote {
  readonly dtype: 'f32' | 'f64' | 'u8';
  readonly shape: readonly number[];
  readonly offset: number;
}

interface FiguresNote {
  readonly classes: readonly number[];
  readonly tensors: Readonly<Record<string, TensorNote>>;
}

/** One source's figures for one model, e.g. `vit_s` as `seed` computed it. */
export class GoldenFigures {
  readonly classes: readonly number[];
  private readonly note: FiguresNote;
  private readonly bytes: ArrayBuffer;

  constructor(model: string, source: string) {
    this.note = JSON.parse(
      readFileSync(goldenPath(model, `${source}.json`), 'utf8'),
    ) as FiguresNote;
    this.classes = this.note.classes;
    const file = readFileSync(goldenPath(model, `${source}.bin`));
    this.bytes = new Uint8Array(file).buffer;
  }

  find(key: string): Float32Array | Float64Array | undefined {
    const tensor = this.note.tensors[key];
    if (!tensor) return undefined;
    const count = tensor.shape.reduce((product, dim) => product * dim, 1);
    const { offset } = tensor;
    if (tensor.dtype === 'f64')
      return new Float64Array(this.bytes.slice(offset, offset + 8 * count));
    if (tensor.dtype === 'f32')
      return new Float32Array(this.bytes.slice(offset, offset + 4 * count));
    return Float32Array.from(new Uint8Array(this.bytes, offset, count));
  }

  get(key: string): Float32Array | Float64Array {
    const found = this.find(key);
    if (!found) throw new Error(`the golden figures have no ${key}`);
    return found;
  }
}

/** ‖a − b‖ / ‖b‖. */
export function relativeError(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let difference = 0;
  let size = 0;
  for (let i = 0; i < b.length; i++) {
    difference += ((a[i] ?? NaN) - (b[i] ?? NaN)) ** 2;
    size += (b[i] ?? NaN) ** 2;
  }
  return Math.sqrt(difference / size);
}

/** Correlation of two maps. */
export function pearson(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  const mean = (values: ArrayLike<number>) => Array.from(values).reduce((s, v) => s + v, 0) / n;
  const [meanA, meanB] = [mean(a), mean(b)];
  let [both, ofA, ofB] = [0, 0, 0];
  for (let i = 0; i < n; i++) {
    const [da, db] = [(a[i] ?? NaN) - meanA, (b[i] ?? NaN) - meanB];
    both += da * db;
    ofA += da * da;
    ofB += db * db;
  }
  return both / Math.sqrt(ofA * ofB);
}
