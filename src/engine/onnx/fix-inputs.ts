/** Fixes what an exported model leaves open: batch 1, and the size of the image. */
import { create } from '@bufbuild/protobuf';
import { longestSide } from '../../shared/preprocessing';
import { EngineError } from '../engine-error';
import { likelySize, usualSize } from './likely-size';
import type { ImageSize } from './likely-size';
import {
  AttributeProtoSchema,
  AttributeProto_AttributeType as AttributeType,
  NodeProtoSchema,
  TensorProto_DataType as DataType,
  TensorShapeProtoSchema,
  TensorShapeProto_DimensionSchema,
} from './onnx_pb';
import type { GraphProto, TensorShapeProto_Dimension } from './onnx_pb';
import type { ModelMessage } from './read-model';

/**
 * Sets every dimension of the inputs in place: batch 1 unless the file fixes another one, 3 channels, the model's own height and width or
 * the wanted ones, or a likely size. An input with its channels last is given them first. Drops the
 * shapes that the exporter noted for inner tensors and outputs; they are found again.
 * @returns the number of pictures that the input holds
 * @throws EngineError `model-not-a-vit` if there is no single image input.
 */
export function fixInputs(model: ModelMessage, wanted: ImageSize | undefined): number {
  const { graph } = model;
  // Files of old versions list their weights among the inputs, which forbids folding them.
  const weights = new Set(graph.initializer.map((tensor) => tensor.name));
  graph.input = graph.input.filter((input) => !weights.has(input.name));
  if (model.irVersion < irVersionOfConstants) model.irVersion = irVersionOfConstants;
  graph.valueInfo = [];
  const [image, ...others] = graph.input;
  if (!image) throw notAnImage('it has no input');
  if (others.length > 0) {
    throw notAnImage(
      `it has ${others.length + 1} inputs (${graph.input.map((i) => i.name).join(', ')})`,
    );
  }

  const type = image.type?.value;
  const dims = type?.case === 'tensorType' ? type.value.shape?.dim : undefined;
  if (type?.case !== 'tensorType' || dims?.length !== 4)
    throw notAnImage(`its input “${image.name}” is not [batch, 3, height, width]`);
  const elements: number = type.value.elemType;
  if (elements !== floatType) {
    if (!wholeNumbers.has(elements) || !isCast(graph, image.name)) {
      throw notAnImage(
        `its input “${image.name}” takes ${DataType[elements] ?? 'unknown'} numbers and computes with them where a prepared image has decimal ones`,
      );
    }
    // The same whole numbers, as floats: casts to float then change nothing, and have a slope.
    type.value.elemType = floatType;
  }
  const channelsLast = fixed(dims[1]) !== 3 && fixed(dims[3]) === 3;
  const [channels, height, width] = channelsLast ? [dims[3], dims[1], dims[2]] : dims.slice(1);
  const count = fixed(channels) ?? 3;
  if (count !== 3)
    throw notAnImage(`its input “${image.name}” has ${count} channels where an RGB image has 3`);
  if (channelsLast) giveChannelsFirst(graph, image.name);
  const known = [fixed(height), fixed(width)] as const;
  if (known.some((side = 0) => side > longestSide))
    throw notAnImage(`its input “${image.name}” is for sides of more than ${longestSide} pixels`);
  const open = wanted ?? likelySize(graph, known)?.size ?? usualSize;
  const size = [known[0] ?? open[0], known[1] ?? open[1]];
  if (wanted && (size[0] !== wanted[0] || size[1] !== wanted[1])) {
    throw new EngineError(
      'model-not-a-vit',
      `The model takes images of ${size.join('×')} pixels only, not ${wanted.join('×')}.`,
      'Leave the input size of this model as it is.',
    );
  }
  const batch = fixed(dims[0]) ?? 1;
  type.value.shape = create(TensorShapeProtoSchema, {
    dim: [batch, 3, ...size].map((dim) =>
      create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(dim) } }),
    ),
  });
  for (const output of graph.output) {
    const tensor = output.type?.value;
    if (tensor?.case === 'tensorType') delete tensor.value.shape;
  }
  return batch;
}

/** From this version of the file format on, weights that are no inputs are constants. */
const irVersionOfConstants = 4n;

const floatType: number = DataType.FLOAT;

const wholeNumbers: ReadonlySet<number> = new Set([
  DataType.INT8,
  DataType.INT16,
  DataType.INT32,
  DataType.INT64,
  DataType.UINT8,
  DataType.UINT16,
  DataType.UINT32,
]);

/** Operators that move pixels about before they become decimal numbers. */
const moving: ReadonlySet<string> = new Set([
  'Gather',
  'Identity',
  'Reshape',
  'Slice',
  'Squeeze',
  'Transpose',
  'Unsqueeze',
]);

/** True if whatever reads a picture of whole numbers makes floats of them before it computes. */
function isCast(graph: GraphProto, tensor: string): boolean {
  return graph.node
    .filter(({ input }) => input.includes(tensor))
    .every(({ opType, output: [output = ''], attribute }) => {
      if (opType === 'Shape') return true;
      if (opType === 'Cast')
        return attribute.some(({ name, i }) => name === 'to' && Number(i) === floatType);
      return moving.has(opType) && isCast(graph, output);
    });
}

/** The input holds `[1, 3, H, W]`; what read it reads a copy with the channels last. */
function giveChannelsFirst(graph: GraphProto, input: string): void {
  const last = `${input}/channels-last`;
  for (const node of graph.node)
    node.input = node.input.map((name) => (name === input ? last : name));
  const perm = create(AttributeProtoSchema, {
    name: 'perm',
    type: AttributeType.INTS,
    ints: [0n, 2n, 3n, 1n],
  });
  graph.node.unshift(
    create(NodeProtoSchema, {
      name: last,
      opType: 'Transpose',
      input: [input],
      output: [last],
      attribute: [perm],
    }),
  );
}

function fixed(dim: TensorShapeProto_Dimension | undefined): number | undefined {
  return dim?.value.case === 'dimValue' && dim.value.value > 0n
    ? Number(dim.value.value)
    : undefined;
}

function notAnImage(why: string): EngineError {
  return new EngineError(
    'model-not-a-vit',
    `This model does not take one image: ${why}.`,
    'Choose a Vision Transformer classifier whose only input is an image.',
  );
}
