import { create, toBinary } from '@bufbuild/protobuf';
import * as ort from 'onnxruntime-node';
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  ModelProtoSchema,
  TensorProto_DataType,
} from '../onnx/onnx_pb';
import type { LabelledFeatures } from './labelled-features';
import { lbfgs, type Minimum } from './lbfgs';

/** A linear classifier: `logits = features · weightᵀ + bias`. */
export interface LinearHead {
  /** `[classes, dim]`. */
  readonly weight: Float32Array;
  /** `[classes]`. */
  readonly bias: Float32Array;
  readonly classes: number;
  readonly dim: number;
}

export interface RegressionOptions {
  /** λ of the penalty λ/2 · ‖weight‖² added to the mean negative log-likelihood; the bias is free. */
  readonly penalty: number;
  readonly threads: number;
  readonly start?: LinearHead;
  readonly onStep?: (iteration: number, loss: number) => void;
}

/** Rows of one ONNX Runtime call: bounds the memory for logits to `rowsAtOnce × classes` floats. */
const rowsAtOnce = 8192;

/**
 * Multinomial logistic regression by L-BFGS. The products (rows × dim × classes, both ways) run in
 * ONNX Runtime; sums over chunks of rows are kept in double precision, so the result does not
 * depend on how the rows are cut.
 */
export async function softmaxRegression(
  data: LabelledFeatures,
  options: RegressionOptions,
): Promise<{ head: LinearHead; minimum: Minimum }> {
  const { dim, classes } = data;
  const rows = data.labels.length;
  const session = await ort.InferenceSession.create(regressionGraph(classes), {
    intraOpNumThreads: options.threads,
  });
  try {
    const weights = classes * dim;
    const labels = BigInt64Array.from(data.labels, (label) => BigInt(label));
    const objective = async (point: Float64Array) => {
      const head = Float32Array.from(point);
      const gradient = new Float64Array(point.length);
      let loss = 0;
      for (let first = 0; first < rows; first += rowsAtOnce) {
        const last = Math.min(rows, first + rowsAtOnce);
        const result = await session.run({
          features: new ort.Tensor('float32', data.features.subarray(first * dim, last * dim), [
            last - first,
            dim,
          ]),
          labels: new ort.Tensor('int64', labels.subarray(first, last), [last - first]),
          weight: new ort.Tensor('float32', head.subarray(0, weights), [classes, dim]),
          bias: new ort.Tensor('float32', head.subarray(weights), [classes]),
        });
        loss += (floats(result, 'loss')[0] ?? 0) / rows;
        floats(result, 'weight_gradient').forEach((g, index) => {
          gradient[index] = (gradient[index] ?? 0) + g / rows;
        });
        floats(result, 'bias_gradient').forEach((g, index) => {
          gradient[weights + index] = (gradient[weights + index] ?? 0) + g / rows;
        });
      }
      for (let index = 0; index < weights; index++) {
        const weight = point[index] ?? 0;
        loss += (options.penalty / 2) * weight * weight;
        gradient[index] = (gradient[index] ?? 0) + options.penalty * weight;
      }
      return { value: loss, gradient };
    };
    const start = new Float64Array(weights + classes);
    if (options.start !== undefined) {
      start.set(options.start.weight);
      start.set(options.start.bias, weights);
    }
    const minimum = await lbfgs(objective, start, {
      tolerance: 1e-5,
      // What sums in float32 over a chunk of rows resolve.
      precision: 1e-7,
      iterations: 500,
      ...(options.onStep === undefined ? {} : { onStep: options.onStep }),
    });
    const point = Float32Array.from(minimum.point);
    return {
      head: { weight: point.slice(0, weights), bias: point.slice(weights), classes, dim },
      minimum,
    };
  } finally {
    await session.release();
  }
}

/** Logits of every row, `[rows, classes]`. */
export async function logitsOf(
  features: Float32Array,
  head: LinearHead,
  threads: number,
): Promise<Float32Array> {
  const rows = features.length / head.dim;
  const session = await ort.InferenceSession.create(logitsGraph(), { intraOpNumThreads: threads });
  try {
    const logits = new Float32Array(rows * head.classes);
    for (let first = 0; first < rows; first += rowsAtOnce) {
      const last = Math.min(rows, first + rowsAtOnce);
      const result = await session.run({
        features: new ort.Tensor('float32', features.subarray(first * head.dim, last * head.dim), [
          last - first,
          head.dim,
        ]),
        weight: new ort.Tensor('float32', head.weight, [head.classes, head.dim]),
        bias: new ort.Tensor('float32', head.bias, [head.classes]),
      });
      logits.set(floats(result, 'logits'), first * head.classes);
    }
    return logits;
  } finally {
    await session.release();
  }
}

function floats(result: ort.InferenceSession.OnnxValueMapType, name: string): Float32Array {
  const data = result[name]?.data;
  if (!(data instanceof Float32Array)) throw new Error(`The regression graph gave no ${name}.`);
  return data;
}

/** loss = −Σ log softmax(logits)[label]; gradients of it by weight and bias. */
function regressionGraph(classes: number): Uint8Array {
  return modelBytes(
    [
      node('Gemm', ['features', 'weight', 'bias'], 'logits', { transB: 1 }),
      node('LogSoftmax', ['logits'], 'log_probability', { axis: 1 }),
      node('OneHot', ['labels', 'depth', 'off_on'], 'target', { axis: 1 }),
      node('Mul', ['log_probability', 'target'], 'picked'),
      node('ReduceSum', ['picked', 'all_axes'], 'log_likelihood', { keepdims: 0 }),
      node('Neg', ['log_likelihood'], 'loss'),
      node('Exp', ['log_probability'], 'probability'),
      node('Sub', ['probability', 'target'], 'residual'),
      node('Gemm', ['residual', 'features'], 'weight_gradient', { transA: 1 }),
      node('ReduceSum', ['residual', 'row_axis'], 'bias_gradient', { keepdims: 0 }),
    ],
    [
      integers('depth', [classes], []),
      floatConstant('off_on', [0, 1]),
      integers('all_axes', [0, 1], [2]),
      integers('row_axis', [0], [1]),
    ],
    ['features', 'labels', 'weight', 'bias'],
    ['loss', 'weight_gradient', 'bias_gradient'],
  );
}

function logitsGraph(): Uint8Array {
  return modelBytes(
    [node('Gemm', ['features', 'weight', 'bias'], 'logits', { transB: 1 })],
    [],
    ['features', 'weight', 'bias'],
    ['logits'],
  );
}

const ranks: Readonly<Record<string, number>> = { features: 2, weight: 2, labels: 1, bias: 1 };

function node(
  opType: string,
  input: string[],
  output: string,
  attributes: Record<string, number> = {},
) {
  return {
    opType,
    input,
    output: [output],
    attribute: Object.entries(attributes).map(([name, value]) =>
      create(AttributeProtoSchema, {
        name,
        type: AttributeProto_AttributeType.INT,
        i: BigInt(value),
      }),
    ),
  };
}

function integers(name: string, values: number[], dims: number[]) {
  return {
    name,
    dataType: TensorProto_DataType.INT64,
    dims: dims.map(BigInt),
    int64Data: values.map(BigInt),
  };
}

function floatConstant(name: string, values: number[]) {
  return {
    name,
    dataType: TensorProto_DataType.FLOAT,
    dims: [BigInt(values.length)],
    floatData: values,
  };
}

function modelBytes(
  nodes: ReturnType<typeof node>[],
  initializer: (ReturnType<typeof integers> | ReturnType<typeof floatConstant>)[],
  inputs: string[],
  outputs: string[],
): Uint8Array {
  const port = (name: string, free: boolean) => ({
    name,
    type: {
      value: {
        case: 'tensorType' as const,
        value: {
          elemType: name === 'labels' ? TensorProto_DataType.INT64 : TensorProto_DataType.FLOAT,
          ...(free
            ? {
                shape: {
                  dim: Array.from({ length: ranks[name] ?? 0 }, (_, axis) => ({
                    value: { case: 'dimParam' as const, value: `${name}_${String(axis)}` },
                  })),
                },
              }
            : {}),
        },
      },
    },
  });
  return toBinary(
    ModelProtoSchema,
    create(ModelProtoSchema, {
      irVersion: 8n,
      opsetImport: [{ domain: '', version: 17n }],
      graph: {
        name: 'softmax_regression',
        node: nodes,
        initializer,
        input: inputs.map((name) => port(name, true)),
        output: outputs.map((name) => port(name, false)),
      },
    }),
  );
}
