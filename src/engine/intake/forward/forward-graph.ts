/** A forward graph under construction: nodes and small constants in memory, weights as promises of values. */
import { create, toBinary } from '@bufbuild/protobuf';
import { encodeConstant, encodeNode } from '../../onnx/encode';
import type { Constant } from '../../onnx/constant';
import type { GraphNode } from '../../onnx/graph';
import { lieAt } from '../../onnx/external-tensor';
import {
  ModelProtoSchema,
  TensorProto_DataType as DataType,
  TensorProtoSchema,
} from '../../onnx/onnx_pb';
import { nextPage } from '../../onnx/stored-weights';
import { constantBytes, floatBytes, int64Bytes } from '../../onnx/tensor-bytes';
import type { Attributes } from '../../ops/attributes';

/** Opset that has Gelu, LayerNormalization and ReduceMean as single operators; IR version 9 belongs to it. */
const opset = 20n;
const irVersion = 9n;

/** A float32 weight whose values are read only when the file is written. */
export interface StreamedWeight {
  readonly name: string;
  readonly dims: readonly number[];
  readonly load: () => Promise<Float32Array>;
}

/** A dimension of a port: fixed, or free under a name. */
export type PortDim = number | string;

export interface ForwardPort {
  readonly name: string;
  readonly dims: readonly PortDim[];
}

export class ForwardGraph {
  readonly weights: StreamedWeight[] = [];
  private readonly nodes: GraphNode[] = [];
  private readonly constants = new Map<string, Constant>();

  /** Adds a node with one output, which carries the node's name. */
  node(name: string, op: string, inputs: readonly string[], attributes: Attributes = {}): string {
    this.nodes.push({ name, op, inputs, outputs: [name], attributes });
    return name;
  }

  /** Equal parts along an axis, named `name:0`, `name:1`, …. */
  split(name: string, input: string, axis: number, parts: readonly number[]): string[] {
    const outputs = parts.map((_, i) => `${name}:${i}`);
    this.nodes.push({
      name,
      op: 'Split',
      inputs: [input, this.ints(parts)],
      outputs,
      attributes: { axis },
    });
    return outputs;
  }

  weight(name: string, dims: readonly number[], load: () => Promise<Float32Array>): string {
    this.weights.push({ name, dims, load });
    return name;
  }

  /** A small int64 constant; a plain number is a scalar. Equal ones share a name. */
  ints(values: readonly number[] | number): string {
    const list = typeof values === 'number' ? [values] : values;
    const dims = typeof values === 'number' ? [] : [values.length];
    const name = `int${dims.length === 0 ? '' : 's'}_${list.join('_')}`;
    this.constants.set(name, { name, type: 'int64', dims, data: int64Bytes(list) });
    return name;
  }

  /** A float32 scalar. */
  scalar(value: number): string {
    const name = `scalar_${value}`;
    this.constants.set(name, { name, type: 'float32', dims: [], data: floatBytes([value]) });
    return name;
  }

  /** A float32 constant of one value throughout. */
  filled(value: number, size: number): string {
    const name = `filled_${value}_${size}`;
    const data = floatBytes(new Float32Array(size).fill(value));
    this.constants.set(name, { name, type: 'float32', dims: [size], data });
    return name;
  }

  /** The model without its streamed weights. @param weightsFile that they lie in, as they are `placed` */
  header(input: ForwardPort, output: ForwardPort, weightsFile: string): Uint8Array {
    const beside = [...placed(this.weights)].map(({ weight, offset, length }) => {
      const { name, dims } = weight;
      const described = { name, dims: dims.map(BigInt), dataType: DataType.FLOAT };
      const tensor = create(TensorProtoSchema, described);
      lieAt(tensor, { location: weightsFile, offset, length });
      return tensor;
    });
    return toBinary(
      ModelProtoSchema,
      create(ModelProtoSchema, {
        irVersion,
        producerName: 'ViT Explainer',
        opsetImport: [{ domain: '', version: opset }],
        graph: {
          name: 'vit',
          node: this.nodes.map(encodeNode),
          initializer: [...[...this.constants.values()].map(encodeConstant), ...beside],
          input: [portMessage(input)],
          output: [portMessage(output)],
        },
      }),
    );
  }
}

/** Where each weight lies in the file of weights, in bytes: at the beginning of a page, as memory is mapped. */
export function* placed(weights: readonly StreamedWeight[]): Generator<{
  readonly weight: StreamedWeight;
  readonly offset: number;
  readonly length: number;
}> {
  let offset = 0;
  for (const weight of weights) {
    const length = constantBytes({ type: 'float32', dims: weight.dims });
    yield { weight, offset, length };
    offset = nextPage(offset + length);
  }
}

function portMessage(port: ForwardPort) {
  return {
    name: port.name,
    type: {
      value: {
        case: 'tensorType' as const,
        value: {
          elemType: DataType.FLOAT,
          shape: {
            dim: port.dims.map((dim) => ({
              value:
                typeof dim === 'number'
                  ? { case: 'dimValue' as const, value: BigInt(dim) }
                  : { case: 'dimParam' as const, value: dim },
            })),
          },
        },
      },
    },
  };
}
