/** Pictures and tensors on their way to the model; the last few stay prepared. */
import { createHash } from 'node:crypto';
import { Failure } from '../../shared/failure';
import type { Preprocessing } from '../../shared/preprocessing';
import type { ImageSource } from '../../shared/protocol/explain';
import { changedPicture } from './changed-picture';
import type { DecodedPicture } from './decode';
import { fitted } from './fit';
import type { ModelInput } from './preprocess';
import { LeastRecentlyUsed } from '../least-recently-used';

/** A prepared input and the key that tells it from every other one. */
export interface KeyedInput extends PreparedInput {
  readonly key: string;
}

interface PreparedInput extends Partial<Pick<DecodedPicture, 'remarks' | 'levels'>> {
  readonly input: ModelInput;
}

const keptInputs = 8;

export class ModelInputs {
  private readonly inputs = new LeastRecentlyUsed<PreparedInput>(keptInputs, () => 1);

  /** @throws Failure `image-unreadable`, `image-too-large`, `change-not-applicable` */
  async prepare(image: ImageSource, preprocessing: Preprocessing): Promise<KeyedInput> {
    if (image.kind === 'tensor') {
      const key = `${hashOf(bytesOf(image.values))} ${image.shape.join()}`;
      return { key, input: tensorInput(image) };
    }
    const { bytes, name, change } = image;
    const key = `${hashOf(bytes)} ${JSON.stringify([preprocessing, change])}`;
    const known = this.inputs.get(key);
    if (known) return { key, ...known };
    const picture = await changedPicture(image, preprocessing);
    const { remarks, levels } = picture;
    const input = await fitted(picture, preprocessing, change?.fit, name);
    const prepared = { input, remarks, ...(levels && { levels }) };
    this.inputs.set(key, prepared);
    return { key, ...prepared };
  }
}

function tensorInput({
  values,
  shape,
  name,
}: Extract<ImageSource, { kind: 'tensor' }>): ModelInput {
  const [, , height, width] = shape;
  if (values.length !== 3 * height * width) {
    throw new Failure(
      'image-unreadable',
      `“${name}” has ${values.length} values, which is not [${shape.join(', ')}].`,
      'Give a float32 tensor of shape [1, 3, height, width].',
    );
  }
  const at = values.findIndex((value) => !Number.isFinite(value));
  if (at !== -1) {
    const [channel, row, column] = [
      Math.floor(at / (height * width)),
      Math.floor(at / width) % height,
      at % width,
    ];
    throw new Failure(
      'image-unreadable',
      `“${name}” holds ${String(values[at])} in channel ${channel}, row ${row}, column ${column} (counted from 0), where a picture has numbers.`,
      'Check how the tensor was made.',
    );
  }
  const window = { imageWidth: width, imageHeight: height, left: 0, top: 0, width, height };
  return { values: new Float32Array(values), shape, window };
}

function bytesOf(values: Float32Array): Uint8Array {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
}

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('base64');
}
