/** A model file as it came, and how the canonical input becomes its input. */
import { TensorProto_DataType as DataType } from './onnx_pb';
import type { GraphProto, ValueInfoProto } from './onnx_pb';
import type { TensorData } from './model-process';
import type { ModelMessage } from './read-model';

export interface Original {
  readonly file: string;
  readonly input: {
    readonly name: string;
    readonly type: number;
    readonly dims: readonly number[];
  };
  /** Of old files that list their weights among the inputs: ONNX Runtime wants them at every run. */
  readonly asksForWeights: boolean;
  /**
   * Whether it computes with numbers of 16 bits or with packed weights, which may round what is
   * computed with them: then its answer is only roughly that of the same model in float32.
   */
  readonly rounds: boolean;
}

/** To be called before anything is changed in the graph. */
export function describeOriginal(file: string, { graph, irVersion }: ModelMessage): Original {
  const weights = new Set(graph.initializer.map(({ name }) => name));
  const [input] = graph.input.filter(({ name }) => !weights.has(name));
  const asksForWeights = irVersion < 4n && graph.input.length > 1;
  return { file, input: describeInput(input), asksForWeights, rounds: rounds(graph) };
}

/** A picture as the file's element type can hold it: bytes are whole numbers. */
export function pictureFor({ input }: Original, picture: Float32Array): Float32Array {
  return input.type === byteType ? picture.map((value) => Math.round(Math.abs(value))) : picture;
}

/**
 * The input of the file that stands for a picture `[3, height, width]` of the canonical graph;
 * undefined if ONNX Runtime cannot run the file on a picture alone.
 */
export function originalInput(
  { input: { name, type, dims }, asksForWeights }: Original,
  picture: Float32Array,
  [height, width]: readonly [height: number, width: number],
): Readonly<Record<string, TensorData>> | undefined {
  if (asksForWeights) return undefined;
  const [batch = 0] = dims;
  const isLast = dims[1] !== 3 && dims[3] === 3;
  const one = isLast ? channelsLast(picture, height * width) : picture;
  const count = Math.max(1, batch);
  const all = new Float32Array(count * one.length);
  for (let i = 0; i < count; i++) all.set(one, i * one.length);
  const shape = isLast ? [count, height, width, 3] : [count, 3, height, width];
  const converted = inType(type, all);
  return converted && { [name]: { ...converted, dims: shape } };
}

function describeInput(input: ValueInfoProto | undefined): Original['input'] {
  const type = input?.type?.value;
  const tensor = type?.case === 'tensorType' ? type.value : undefined;
  const dims = tensor?.shape?.dim ?? [];
  return {
    name: input?.name ?? '',
    type: tensor?.elemType ?? 0,
    // Open ones are 0.
    dims: dims.map(({ value }) => (value.case === 'dimValue' ? Number(value.value) : 0)),
  };
}

const byteType: number = DataType.UINT8;

const halfTypes: ReadonlySet<number> = new Set([DataType.FLOAT16, DataType.BFLOAT16]);

function rounds(graph: GraphProto): boolean {
  return (
    graph.initializer.some(({ dataType }) => halfTypes.has(dataType)) ||
    graph.node.some(
      ({ opType, attribute }) =>
        opType === 'MatMulNBits' ||
        attribute.some(({ name, t, i }) =>
          t ? halfTypes.has(t.dataType) : name === 'to' && halfTypes.has(Number(i)),
        ),
    )
  );
}

/** Undefined for a type that ONNX Runtime takes no pictures in. */
function inType(type: number, values: Float32Array): Omit<TensorData, 'dims'> | undefined {
  return converters.get(type)?.(values);
}

type Convert = (values: Float32Array) => Omit<TensorData, 'dims'>;

const converters: ReadonlyMap<number, Convert> = new Map<number, Convert>([
  [DataType.FLOAT, (values) => ({ type: 'float32', data: values })],
  [DataType.DOUBLE, (values) => ({ type: 'float64', data: Float64Array.from(values) })],
  [DataType.FLOAT16, (values) => ({ type: 'float16', data: Uint16Array.from(values, halfBits) })],
  [byteType, (values) => ({ type: 'uint8', data: Uint8Array.from(values) })],
]);

/** Of a number that float16 holds exactly and that is not below its normal range. */
function halfBits(value: number): number {
  if (value === 0) return 0;
  const exponent = Math.floor(Math.log2(Math.abs(value)));
  const fraction = Math.abs(value) / 2 ** exponent - 1;
  return (value < 0 ? 0x8000 : 0) + ((exponent + 15) << 10) + fraction * 1024;
}

function channelsLast(picture: Float32Array, pixels: number): Float32Array {
  return Float32Array.from(
    { length: 3 * pixels },
    (_, i) => picture[(i % 3) * pixels + Math.floor(i / 3)] ?? 0,
  );
}
