/** Operators that slide a window over a picture, or stretch or frame it. */
import { positiveAxis, type Dims } from '../axes';
import type { Moves, Passage, Shift } from '../movement';

/** Mixes the channels too. */
export const convolution: Moves = (passage) => {
  const kernel = passage.node.attributes.kernel_shape ?? passage.inputs[1]?.slice(2) ?? [];
  const shifts = new Map([[1, undefined], ...sides(passage, kernel)]);
  return [{ kind: 'window', shifts, inputs: [0], to: passage.to }];
};

export const pool: Moves = (passage) => {
  const shifts = new Map(sides(passage, passage.node.attributes.kernel_shape ?? []));
  return [{ kind: 'window', shifts, inputs: [0], to: passage.to }];
};

export const resized: Moves = ({ inputs: [from = []], to }) => {
  const shifts = changed(from, to, (axis) => {
    const stride = (from[axis] ?? 1) / (to[axis] ?? 1);
    return { start: (stride - 1) / 2, stride };
  });
  return [{ kind: 'window', shifts, inputs: [0], to }];
};

export const padded: Moves = ({ inputs: [from = []], integers, to }) => {
  const axes = integers('axes')?.map((axis) => positiveAxis(axis, from.length));
  const pads = integers('pads');
  const before = (axis: number) => pads?.[axes ? axes.indexOf(axis) : axis] ?? 0;
  const shifts = changed(from, to, (axis) => ({ start: 0 - before(axis), stride: 1 }));
  return pads && [{ kind: 'window', shifts, inputs: [0], to }];
};

/** The axes whose size the window changes, or along which it moves the places. */
function changed(from: Dims, to: Dims, shiftOf: (axis: number) => Shift): Map<number, Shift> {
  return new Map(
    from.flatMap((size, axis): [number, Shift][] => {
      const shift = shiftOf(axis);
      return size === to[axis] && shift.start === 0 ? [] : [[axis, shift]];
    }),
  );
}

/** The window along each side of the picture. */
function sides({ node }: Passage, kernel: Dims): [axis: number, shift: Shift | undefined][] {
  const { strides, pads, dilations, auto_pad: automatic = 'NOTSET' } = node.attributes;
  const isKnown = automatic === 'NOTSET' || automatic === 'VALID';
  return kernel.map((size, side) => {
    const reach = (size - 1) * (dilations?.[side] ?? 1);
    const shift = { start: reach / 2 - (pads?.[side] ?? 0), stride: strides?.[side] ?? 1 };
    return [side + 2, isKnown ? shift : undefined];
  });
}
