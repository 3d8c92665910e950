/** Constants that a file computes from others, as exporters leave `1 / √variance` and layouts. */
import type { Constant } from '../onnx/constant';
import { floatBytes, sizeOf, toNumbers } from '../onnx/tensor-bytes';
import { broadcast, type Dims } from './axes';
import type { Fold } from './operator';

/** Of one constant, element by element. */
export function foldOne(compute: (value: number) => number): Fold {
  return (_, [only]) => only && numbers(only.dims, toNumbers(only).map(compute));
}

/** Of two constants, element by element. */
export function foldTwo(compute: (one: number, other: number) => number): Fold {
  return (_, [one, other]) => {
    if (!one || !other) return undefined;
    const dims = broadcast(one.dims, other.dims);
    const [ones, others] = [dims && stretched(one, dims), dims && stretched(other, dims)];
    if (!dims || !ones || !others) return undefined;
    return numbers(
      dims,
      ones.map((value, i) => compute(value, others[i] ?? NaN)),
    );
  };
}

/** The constant as it is. */
export const foldAway: Fold = (_, [only]) => only;

/** One that is stretched to the shape of something else stays as it is. */
export const foldExpand: Fold = (_, [constant, shape]) => {
  if (!constant || !shape) return constant;
  const dims = broadcast(constant.dims, toNumbers(shape));
  return dims && numbers(dims, stretched(constant, dims));
};

/**
 * Lists one behind the other. One that is not known is taken for one number, NaN: lists may depend on
 * the picture (its sides).
 */
export const foldConcat: Fold = (_, parts) => {
  if (parts.some((part) => part && part.dims.length !== 1)) return undefined;
  const values = parts.flatMap((part) => (part ? toNumbers(part) : [NaN]));
  return numbers([values.length], values);
};

/** Some of a list. */
export const foldGather: Fold = (_, [list, places]) => {
  if (list?.dims.length !== 1 || !places) return undefined;
  const values = toNumbers(list);
  return numbers(
    places.dims,
    toNumbers(places).map((place) => values.at(place) ?? NaN),
  );
};

/** The same elements in the shape that these integers, if there are any, give. */
export function foldLayout(
  shapeOf: (dims: Dims, stated: readonly number[] | undefined) => Dims | undefined,
): Fold {
  return ({ inputs, attributes }, [constant, given]) => {
    const isUnknown = !given && (inputs[1] ?? '') !== '';
    if (!constant || isUnknown) return undefined;
    const dims = shapeOf(constant.dims, given ? toNumbers(given) : attributes.axes);
    return dims && { ...constant, dims };
  };
}

function numbers(dims: Dims, values: readonly number[]): Constant {
  return { name: '', type: 'float32', dims, data: floatBytes(values) };
}

/** The values of a constant broadcast to a shape. */
function stretched(constant: Constant, dims: Dims): number[] {
  const values = toNumbers(constant);
  const missing = dims.length - constant.dims.length;
  return Array.from({ length: sizeOf(dims) }, (_, at) => {
    let [rest, place, stride] = [at, 0, 1];
    for (let axis = dims.length - 1; axis >= missing; axis--) {
      const own = constant.dims[axis - missing] ?? 1;
      const dim = dims[axis] ?? 1;
      place += own === 1 ? 0 : (rest % dim) * stride;
      rest = Math.floor(rest / dim);
      stride *= own;
    }
    return values[place] ?? NaN;
  });
}
