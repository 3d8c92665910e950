/** Fixes what an exported model leaves open: batch 1, and the size of the image. */
import { create } from '@bufbuild/protobuf';
import { EngineError } from '../engine-error';
import { likelySize } from './likely-size';
import type { ImageSize } from './likely-size';
import { TensorShapeProtoSchema, TensorShapeProto_DimensionSchema } from './onnx_pb';
import type { TensorShapeProto_Dimension } from './onnx_pb';
import type { ModelMessage } from './read-model';

/**
 * Sets every dimension of the inputs in place: batch 1, 3 channels, the model's own height and width or
 * the wanted ones, or a likely size. Drops the shapes that the exporter noted for inner tensors and outputs; they are
 * found again.
 * @throws EngineError `model-not-a-vit` if there is no single image input.
 */
export function fixInputs(model: ModelMessage, wanted: ImageSize | undefined): void {
  const { graph } = model;
  // Files of old versions list their weights among the inputs, which forbids folding them.
  const weights = new Set(graph.initializer.map((tensor) => tensor.name));
  graph.input = graph.input.filter((input) => !weights.has(input.name));
  graph.valueInfo = [];
  const [image, ...others] = graph.input;
  if (!image) throw notAnImage('it has no input');
  if (others.length > 0)
    throw notAnImage(
      `it has ${others.length + 1} inputs (${graph.input.map((i) => i.name).join(', ')})`,
    );

  const type = image.type?.value;
  const dims = type?.case === 'tensorType' ? type.value.shape?.dim : undefined;
  if (type?.case !== 'tensorType' || dims?.length !== 4)
    throw notAnImage(`its input “${image.name}” is not [batch, 3, height, width]`);
  const channels = fixed(dims[1]) ?? 3;
  if (channels !== 3)
    throw notAnImage(`its input “${image.name}” has ${channels} channels where an RGB image has 3`);
  const open = wanted ?? likelySize(graph);
  const size = [fixed(dims[2]) ?? open[0], fixed(dims[3]) ?? open[1]];
  if (wanted && (size[0] !== wanted[0] || size[1] !== wanted[1]))
    throw new EngineError(
      'model-not-a-vit',
      `The model takes images of ${size.join('×')} pixels only, not ${wanted.join('×')}.`,
      'Leave the input size of this model as it is.',
    );
  type.value.shape = create(TensorShapeProtoSchema, {
    dim: [1, 3, ...size].map((dim) =>
      create(TensorShapeProto_DimensionSchema, { value: { case: 'dimValue', value: BigInt(dim) } }),
    ),
  });
  for (const output of graph.output) {
    const tensor = output.type?.value;
    if (tensor?.case === 'tensorType') delete tensor.value.shape;
  }
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
