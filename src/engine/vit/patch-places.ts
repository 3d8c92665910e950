/** Where on the picture the patches of the grid lie. */
import { domainOnAxis, forget, keep } from '../onnx/axis-domain';
import { follow } from '../onnx/follow';
import type { GraphView } from '../onnx/graph-view';
import { sizeOf } from '../onnx/tensor-bytes';
import type { Dims } from '../ops/axes';
import { notAVit } from './not-a-vit';
import { ancestors } from './reach';

/** The axis of a tensor that runs down or across the picture: place i has its centre at `first + i * step`. */
interface Along {
  readonly axis: number;
  /** In pixels of the model's input, from the centre of pixel 0. */
  readonly first: number;
  readonly step: number;
}

type Side = 'height' | 'width';

const domain = domainOnAxis<Along>({
  agree: (a, b) => a.first === b.first && a.step === b.step,
  along: keep,
  flat: cut,
  joined: forget,
  taken,
  reduced: forget,
  window: (along, { shifts }) => {
    const shift = shifts.get(along.axis);
    return shift && moved(along, shift.start, shift.stride);
  },
  product: ([first]) => first,
});

/**
 * Checks that the grid of patches lies over the whole picture, upright: a map of patches is drawn so.
 * Where an operator on the way is not known, nothing is checked.
 * @param tensor holds the patches, with an axis for grid rows and one for grid columns
 * @throws EngineError `model-not-a-vit` if the graph turns, mirrors, crops or pads the picture by more than
 * half a patch.
 */
export function requireWholePicture(
  view: GraphView,
  pixels: string,
  grid: { readonly tensor: string; readonly rowAxis: number; readonly columnAxis: number },
): void {
  const [, , height = 1, width = 1] = view.shape(pixels);
  const { tensor, rowAxis, columnAxis } = grid;
  const within = ancestors(view, [tensor]);
  const followed = (axis: number) =>
    follow(view, domain, [[pixels, { axis, first: 0, step: 1 }]], { within }).get(tensor);
  requireSide(view, followed(2), rowAxis, tensor, height, 'height');
  requireSide(view, followed(3), columnAxis, tensor, width, 'width');
}

function requireSide(
  view: GraphView,
  along: Along | undefined,
  axis: number,
  tensor: string,
  pixels: number,
  side: Side,
): void {
  if (!along) return;
  if (along.axis !== axis)
    throw notAVit('it turns the picture on its side before it cuts it into patches.');
  const count = view.shape(tensor)[axis] ?? 1;
  if (count > 1 && along.step < 0)
    throw notAVit('it mirrors the picture before it cuts it into patches.');
  const whole = pixels / count;
  const off = [0, count - 1].map((i) => along.first + i * along.step - ((i + 0.5) * whole - 0.5));
  if (off.every((distance) => Math.abs(distance) <= along.step / 2)) return;
  const from = Math.round(along.first - along.step / 2 + 0.5);
  const to = Math.round(along.first + (count - 0.5) * along.step + 0.5);
  throw notAVit(
    `its patches cover the pixels ${from} to ${to} of the picture’s ${side} of ${pixels} (it crops or pads the picture), ` +
      'so a map of patches would lie in the wrong place.',
    'Export the model for a size that its patches fill, without cropping or padding inside the model.',
  );
}

/** The centre of place 0 lies at place `start` of the axis before; places are `stride` of its places apart. */
function moved(along: Along, start: number, stride: number): Along {
  return { ...along, first: along.first + start * along.step, step: along.step * stride };
}

/** Cut into patches of several places each; undefined where axes of size 1 come or go and nothing is cut. */
function cut(along: Along, from: Dims, to: Dims): Along | undefined {
  const wider = (dims: Dims) => dims.filter((dim) => dim !== 1).join();
  if (wider(from) === wider(to)) return undefined;
  const before = sizeOf(from.slice(0, along.axis));
  const size = from[along.axis] ?? 1;
  for (const [axis, dim] of to.entries()) {
    const each = to[axis + 1] ?? 0;
    if (sizeOf(to.slice(0, axis)) === before && dim * each === size)
      return { ...moved(along, (each - 1) / 2, each), axis };
  }
  return undefined;
}

/** Places that lie evenly. */
function taken(along: Along, places: readonly number[]): Along | undefined {
  const [start, next] = places;
  if (start === undefined) return undefined;
  const stride = next === undefined ? 1 : next - start;
  const isEven = places.every((place, i) => place === start + i * stride);
  return isEven ? moved(along, start, stride) : undefined;
}
