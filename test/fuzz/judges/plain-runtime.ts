/** What plain ONNX Runtime, without any optimisation of its own, answers for a file as it is. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import type { ModelInput } from '../../../src/service/pictures/preprocess';

export type PlainAnswer =
  | { readonly kind: 'outputs'; readonly outputs: readonly Float32Array[] }
  /** It does not open the file, or fails at the run. */
  | { readonly kind: 'refused'; readonly why: string }
  /** The file wants something that is no plain picture of floats. */
  | { readonly kind: 'other'; readonly why: string };

export async function plainAnswer(file: string, input: ModelInput): Promise<PlainAnswer> {
  let session: InferenceSession | undefined;
  try {
    session = await InferenceSession.create(file, {
      graphOptimizationLevel: 'disabled',
      intraOpNumThreads: 1,
      logSeverityLevel: 4,
    });
    const [only, ...others] = session.inputMetadata;
    if (only?.isTensor !== true || others.length > 0 || only.type !== 'float32')
      return { kind: 'other', why: 'its inputs' };
    const fed = pictureFor(only.shape, input);
    if (fed === undefined) return { kind: 'other', why: `its input of [${only.shape.join()}]` };
    const { values, dims } = fed;
    const results = await session.run({ [only.name]: new Tensor('float32', values, dims) });
    // Of several pictures at once, the first one's share.
    const outputs = Object.values(results).flatMap(({ data }) =>
      data instanceof Float32Array ? [data.slice(0, data.length / (dims[0] ?? 1))] : [],
    );
    return { kind: 'outputs', outputs };
  } catch (error) {
    return { kind: 'refused', why: error instanceof Error ? error.message : String(error) };
  } finally {
    await session?.release();
  }
}

/** The picture as often and in the layout that the input states; undefined where it is of another form. */
function pictureFor(
  shape: readonly (number | string)[],
  { values, shape: [, , height, width] }: ModelInput,
): { values: Float32Array; dims: readonly number[] } | undefined {
  const [batch, ...rest] = shape;
  const fits = (sizes: readonly number[]) =>
    rest.length === 3 &&
    sizes.every((size, at) => typeof rest[at] === 'string' || rest[at] === size);
  const times = typeof batch === 'number' && batch > 0 ? batch : 1;
  const repeated = (picture: Float32Array) => {
    const all = new Float32Array(times * picture.length);
    for (let at = 0; at < times; at++) all.set(picture, at * picture.length);
    return all;
  };
  if (times > 64) return undefined;
  if (fits([3, height, width]))
    return { values: repeated(values), dims: [times, 3, height, width] };
  if (!fits([height, width, 3])) return undefined;
  const plane = height * width;
  const channelsLast = values.map((_, at) => values[(at % 3) * plane + Math.floor(at / 3)] ?? 0);
  return { values: repeated(channelsLast), dims: [times, height, width, 3] };
}
