/** Operators that slide a window over a picture, or stretch it. */
import type { GraphNode } from '../../onnx/graph';
import { int64Bytes } from '../../onnx/tensor-bytes';
import { positiveAxis, type Dims } from '../axes';
import type { DoubleWriter } from '../double-writer';
import { byPicture, meanOfPlaces } from '../moves/reduction';
import * as moves from '../moves/window';
import type { Operator } from '../operator';
import type { ShapeQuery, ShapeRule } from '../shape-query';
import { withoutRule } from './forms';

function spatial(query: ShapeQuery): { kernel: Dims; strides: Dims; pads: Dims; dilations: Dims } {
  const { attributes } = query;
  const kernel = attributes.kernel_shape ?? query.input(1).slice(2);
  const ones = kernel.map(() => 1);
  const {
    strides = ones,
    dilations = ones,
    pads = [...kernel, ...kernel].map(() => 0),
  } = attributes;
  return { kernel, strides, pads, dilations };
}

function windows(query: ShapeQuery): Dims {
  const { kernel, strides, pads, dilations } = spatial(query);
  const { auto_pad: automatic, ceil_mode: ceil } = query.attributes;
  return kernel.map((size, i) => {
    const total = query.input(0)[i + 2] ?? 0;
    const stride = strides[i] ?? 1;
    if (automatic === 'SAME_UPPER' || automatic === 'SAME_LOWER') return Math.ceil(total / stride);
    const padded = total + (pads[i] ?? 0) + (pads[i + kernel.length] ?? 0);
    const steps = (padded - (dilations[i] ?? 1) * (size - 1) - 1) / stride;
    return (ceil === 1 ? Math.ceil(steps) : Math.floor(steps)) + 1;
  });
}

const convolution: ShapeRule = (query) => [
  [query.input(0)[0] ?? 1, query.input(1)[0] ?? 1, ...windows(query)],
];

const pool: ShapeRule = (query) => [[...query.input(0).slice(0, 2), ...windows(query)]];

const transposedConvolution: ShapeRule = (query) => {
  const { kernel, strides, pads, dilations } = spatial(query);
  const { group = 1, output_padding: extra, output_shape: stated } = query.attributes;
  const dims = query.input(0);
  const sizes =
    stated ??
    kernel.map(
      (size, i) =>
        (strides[i] ?? 1) * ((dims[i + 2] ?? 1) - 1) +
        (extra?.[i] ?? 0) +
        ((size - 1) * (dilations[i] ?? 1) + 1) -
        (pads[i] ?? 0) -
        (pads[i + kernel.length] ?? 0),
    );
  return [[dims[0] ?? 1, (query.input(1)[1] ?? 1) * group, ...sizes]];
};

const resize: ShapeRule = (query) => {
  const dims = query.input(0);
  const { axes: given, coordinate_transformation_mode: mode } = query.attributes;
  const axes = given?.map((axis) => positiveAxis(axis, dims.length));
  const along = (values: Dims, i: number) => values[axes ? axes.indexOf(i) : i];
  const sizes = query.integers('sizes');
  if (sizes && sizes.length > 0) return [dims.map((dim, i) => along(sizes, i) ?? dim)];
  if (mode === 'tf_crop_and_resize')
    throw query.unknown('it cuts out a part and resizes that by a factor');
  // Opset 10 has no region between the values and the factors.
  const factors = query.floatsAt(query.node.inputs.length === 2 ? 1 : 2);
  if (!factors) throw query.unknown('its new size depends on the picture');
  // In single precision, as runtimes compute it.
  return [dims.map((dim, i) => Math.floor(Math.fround(dim * (along(factors, i) ?? 1))))];
};

/** The patch convolution as a matrix product over unfolded patches; others stay. */
function patchProduct(node: GraphNode, writer: DoubleWriter): boolean {
  if (!isPatchwise(node, writer)) return false;
  const [image = '', weight = '', bias] = node.inputs;
  const [output = ''] = node.outputs;
  const [, dim = 1, rows = 1, columns = 1] = writer.shape(output);
  const [, channels = 1, kh = 1, kw = 1] = writer.shape(weight);
  const reshape = (from: string, suffix: string, dims: Dims) => {
    const name = `${output}/${suffix}`;
    const shape = writer.constant(`${name}/dims`, 'int64', [dims.length], int64Bytes(dims));
    return writer.emit('Reshape', [from, shape], name);
  };
  const depth = channels * kh * kw;
  const cut = reshape(writer.double(image), 'cut', [channels, rows, kh, columns, kw]);
  const ordered = writer.emit('Transpose', [cut], `${output}/ordered`, { perm: [1, 3, 0, 2, 4] });
  const patches = reshape(ordered, 'patches', [rows * columns, depth]);
  const kernel = reshape(writer.double(weight), 'kernel', [dim, depth]);
  const inputs = [patches, kernel, ...(bias ? [writer.double(bias)] : [])];
  const product = writer.emit('Gemm', inputs, `${output}/product`, { transB: 1 });
  const turned = writer.emit('Transpose', [product], `${output}/channels`, { perm: [1, 0] });
  writer.single(output, reshape(turned, '64', [1, dim, rows, columns]));
  return true;
}

function isPatchwise(node: GraphNode, writer: DoubleWriter): boolean {
  const { strides: [sh, sw] = [], pads = [], group = 1 } = node.attributes;
  const [, , kh = 1, kw = 1] = writer.shape(node.inputs[1] ?? '');
  const [, , height = 0, width = 0] = writer.shape(node.inputs[0] ?? '');
  const isPlain = group === 1 && pads.every((pad) => pad === 0);
  return isPlain && kh === sh && kw === sw && height % kh === 0 && width % kw === 0;
}

const unexplained = { elements: 0, integers: {}, role: 'other' } as const;

export const windowed = {
  Conv: {
    shape: convolution,
    elements: 0,
    integers: {},
    moves: moves.convolution,
    kind: 'convolution',
    float64: patchProduct,
    fold: 'none',
    role: 'convolution',
    cheap: false,
    noOp: 'never',
  },
  GlobalAveragePool: withoutRule({
    ...unexplained,
    shape: (query) => [query.input(0).map((dim, i) => (i < 2 ? dim : 1))],
    moves: meanOfPlaces,
  }),
  AveragePool: withoutRule({ ...unexplained, shape: pool, moves: moves.pool }),
  MaxPool: withoutRule({ ...unexplained, shape: pool, moves: moves.pool }),
  ConvTranspose: withoutRule({ ...unexplained, shape: transposedConvolution, moves: byPicture }),
  Resize: withoutRule({
    ...unexplained,
    shape: resize,
    moves: moves.resized,
    integers: { sizes: 3 },
  }),
} satisfies Readonly<Record<string, Operator>>;
