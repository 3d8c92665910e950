import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { readNpy, writeNpy } from '../../src/shared/npy';

const values = Float32Array.from([1, -2.5, 3e-9, 4, 5, 6]);

describe('npy', () => {
  it.each([[[6]], [[2, 3]], [[1, 3, 2, 1]]])('keeps shape %j and values', (shape) => {
    expect(readNpy(writeNpy({ shape, values }))).toEqual({ shape, values });
  });

  it('reads from any offset of a larger buffer', () => {
    const file = writeNpy({ shape: [6], values });
    const moved = new Uint8Array(file.length + 3);
    moved.set(file, 3);
    expect(readNpy(moved.subarray(3)).values).toEqual(values);
  });

  it('aligns the data as the format asks', () => {
    const file = writeNpy({ shape: [2, 3], values });
    expect((file.length - values.byteLength) % 64).toBe(0);
    expect(file[file.length - values.byteLength - 1]).toBe(0x0a);
  });

  // What numpy.save wrote for numpy.arange(3, dtype='<f4'), and the same in float64.
  const header = (type: string) =>
    `{'descr': '${type}', 'fortran_order': False, 'shape': (3,), }`.padEnd(117) + '\n';
  const file = (type: string, data: Uint8Array) =>
    Buffer.concat([
      Buffer.from([0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59, 1, 0, 118, 0]),
      Buffer.from(header(type)),
      data,
    ]);

  it('reads what NumPy writes', () => {
    const data = new Uint8Array(Float32Array.from([0, 1, 2]).buffer);
    expect(readNpy(file('<f4', data))).toEqual({ shape: [3], values: Float32Array.of(0, 1, 2) });
  });

  it('says what else a file is', () => {
    expect(() => readNpy(file('<f8', new Uint8Array(24)))).toThrow('type <f8');
    expect(() => readNpy(file('<f4', new Uint8Array(8)))).toThrow('promises 3 values, but 2');
    expect(() => readNpy(Buffer.from('PK…'))).toThrow('not a NumPy');
  });

  const numpy = pythonWithNumpy();
  it.skipIf(numpy === undefined)('is read by NumPy (left out where it is not installed)', () => {
    const script =
      'import io,numpy,sys; a=numpy.load(io.BytesIO(sys.stdin.buffer.read())); print(a.dtype, a.shape, float(a.sum()))';
    const printed = execFileSync(numpy ?? '', ['-c', script], {
      input: writeNpy({ shape: [2, 3], values: Float32Array.of(1, 2, 3, 4, 5, 6) }),
    });
    expect(printed.toString().trim()).toBe('float32 (2, 3) 21.0');
  });
});

function pythonWithNumpy(): string | undefined {
  try {
    execFileSync('python3', ['-c', 'import numpy'], { stdio: 'ignore' });
    return 'python3';
  } catch {
    return undefined;
  }
}
