/** Faults of a graph: what a converter, an optimiser or an editor by hand might get wrong. */
import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  AttributeProto_AttributeType as AttributeType,
  ModelProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation as DataLocation,
} from '../../../src/engine/onnx/onnx_pb';
import type {
  GraphProto,
  ModelProto,
  NodeProto,
  TensorProto,
  ValueInfoProto,
} from '../../../src/engine/onnx/onnx_pb';
import { floatValues } from '../../fixtures/edit-model';
import { floatBytes, int64Bytes } from '../../../src/engine/onnx/tensor-bytes';
import { below, pick, type Edit, type Random } from '../input';

type Change = (graph: GraphProto, random: Random, model: ModelProto) => void;

function onnxEdit(change: Change): Edit {
  return (bytes, random) => {
    let model: ModelProto;
    try {
      model = fromBinary(ModelProtoSchema, new Uint8Array(bytes));
    } catch {
      return bytes;
    }
    if (!model.graph || model.graph.node.length === 0) return bytes;
    change(model.graph, random, model);
    return toBinary(ModelProtoSchema, model);
  };
}

const edges = [
  0n,
  1n,
  -1n,
  2n,
  3n,
  -2n,
  1000n,
  2n ** 20n,
  2n ** 31n,
  -(2n ** 31n),
  2n ** 40n,
  2n ** 62n,
];
const operators = [
  ...[
    'Add',
    'Sub',
    'Mul',
    'Div',
    'Pow',
    'Max',
    'Where',
    'MatMul',
    'Gemm',
    'Conv',
    'Softmax',
    'Relu',
  ],
  ...[
    'Reshape',
    'Transpose',
    'Concat',
    'Split',
    'Slice',
    'Gather',
    'Expand',
    'Tile',
    'Pad',
    'Squeeze',
  ],
  ...[
    'Identity',
    'Cast',
    'Erf',
    'Tanh',
    'Sigmoid',
    'Exp',
    'Log',
    'Neg',
    'Sqrt',
    'Round',
    'Sign',
    'Abs',
  ],
  ...[
    'ReduceMean',
    'ReduceSum',
    'ReduceMax',
    'LayerNormalization',
    'Shape',
    'Range',
    'ConstantOfShape',
  ],
  ...[
    'ArgMax',
    'TopK',
    'RandomNormal',
    'Dropout',
    'If',
    'Loop',
    'QuantizeLinear',
    'Einsum',
    'Unknown',
    '',
  ],
];
const attributeNames = [
  ...[
    'axis',
    'axes',
    'perm',
    'keepdims',
    'epsilon',
    'alpha',
    'transA',
    'pads',
    'strides',
    'group',
    'to',
  ],
  ...[
    'equation',
    'approximate',
    'value',
    'kernel_shape',
    'auto_pad',
    'num_outputs',
    '__proto__',
    '',
  ],
];

const attributeTypes = Object.values(AttributeType).filter((type) => typeof type === 'number');

const attributesOf = (graph: GraphProto) => graph.node.flatMap(({ attribute }) => attribute);

function tensorsOf(graph: GraphProto): TensorProto[] {
  return [...graph.initializer, ...attributesOf(graph).flatMap(({ t }) => (t ? [t] : []))];
}

function smallTensor(graph: GraphProto, random: Random): TensorProto | undefined {
  const small = tensorsOf(graph).filter(
    ({ rawData }) => rawData.length > 0 && rawData.length <= 64,
  );
  return small.length === 0 ? undefined : pick(random, small);
}

const namesIn = (graph: GraphProto) => [
  ...graph.node.flatMap(({ output }) => output),
  ...graph.initializer.map(({ name }) => name),
  ...graph.input.map(({ name }) => name),
];

function port(graph: GraphProto, random: Random): ValueInfoProto {
  return pick(random, [...graph.input, ...graph.input, ...graph.output, ...graph.valueInfo]);
}

const changeAttribute: Change = (graph, random) => {
  const attributes = attributesOf(graph);
  if (attributes.length === 0) return;
  const one = pick(random, attributes);
  const step = pick(random, [1n, -1n, pick(random, edges)]);
  const at = below(random, one.ints.length);
  const how = one.ints.length > 1 ? below(random, 6) : 6;
  if (how === 0) one.ints.reverse();
  else if (how === 1) one.ints.pop();
  else if (one.ints.length > 0) one.ints[at] = (one.ints[at] ?? 0n) + step;
  else if (one.type === AttributeType.FLOAT)
    one.f *= pick(random, [0, -1, 0.1, 0.9, 30, 1e38, NaN]);
  else if (one.type === AttributeType.INT) one.i += step;
  else if (one.type === AttributeType.STRING) one.s = Buffer.from(pick(random, operators));
};

const mistakeAttribute: Change = (graph, random) => {
  const attributes = attributesOf(graph);
  if (attributes.length === 0) return;
  const one = pick(random, attributes);
  if (random() < 0.5) one.type = pick(random, attributeTypes);
  else one.name = pick(random, attributeNames);
};

const dropAttribute: Change = (graph, random) => {
  const { attribute } = pick(random, graph.node);
  attribute.splice(below(random, attribute.length), 1);
};

const giveAttribute: Change = (graph, random) => {
  const attributes = attributesOf(graph);
  if (attributes.length > 0) pick(random, graph.node).attribute.push(pick(random, attributes));
};

const changeConstant: Change = (graph, random) => {
  const tensor = smallTensor(graph, random);
  if (!tensor) return;
  if (tensor.dataType === 1) {
    const values = floatValues(tensor.rawData.subarray(0, tensor.rawData.length & ~3));
    const at = below(random, values.length);
    values[at] = pick(random, [0, 1, 2, -1, 0.5, NaN, Infinity, 1e38, (values[at] ?? 0) * 1.02]);
    tensor.rawData = floatBytes(values);
  } else if (tensor.dataType === 7 && tensor.rawData.length % 8 === 0) {
    const values = [...new BigInt64Array(new Uint8Array(tensor.rawData).buffer)];
    const at = below(random, values.length);
    values[at] =
      random() < 0.6 ? (values[at] ?? 0n) + pick(random, [1n, -1n]) : pick(random, edges);
    tensor.rawData = new Uint8Array(BigInt64Array.from(values).buffer);
  } else {
    tensor.rawData = tensor.rawData.map((byte) => byte ^ below(random, 256));
  }
};

const reshapeTensor: Change = (graph, random) => {
  const { dims } = pick(random, tensorsOf(graph).concat(graph.initializer));
  const at = below(random, dims.length);
  const how = below(random, 4);
  if (how === 0) dims.reverse();
  else if (how === 1) dims.splice(at, 1);
  else if (how === 2) dims.splice(at, 0, pick(random, [1n, ...edges]));
  else dims[at] = pick(random, edges);
};

const mistakeTensor: Change = (graph, random) => {
  const tensor = pick(random, tensorsOf(graph).concat(graph.initializer));
  const how = below(random, 4);
  if (how === 0) tensor.dataType = below(random, 24);
  else if (how === 1)
    tensor.rawData = tensor.rawData.subarray(0, below(random, tensor.rawData.length));
  else if (how === 2) tensor.name = pick(random, namesIn(graph));
  else tensor.int64Data = [1n, 2n];
};

const moveOutside: Change = (graph, random) => {
  const tensor = pick(random, graph.initializer);
  tensor.dataLocation = DataLocation.EXTERNAL;
  const location = [
    'weights.bin',
    '../weights.bin',
    '/dev/zero',
    '',
    '.',
    'model.onnx',
    'x\0y',
    '*/x',
  ];
  const number = ['0', '-1', '1e3', '99999999999999999999', 'x', '', '64'];
  const entries = {
    location: pick(random, location),
    offset: pick(random, number),
    length: pick(random, number),
  };
  tensor.externalData = Object.entries(entries).map(([key, value]) =>
    create(StringStringEntryProtoSchema, { key, value }),
  );
};

const rewire: Change = (graph, random) => {
  const { input } = pick(random, graph.node);
  input[below(random, input.length)] = pick(random, ['', ...namesIn(graph), ...namesIn(graph)]);
};

const renameOutput: Change = (graph, random) => {
  const { output } = pick(random, graph.node);
  output[below(random, output.length)] = pick(random, ['', 'new', ...namesIn(graph)]);
};

const changeOperator: Change = (graph, random) => {
  const node = pick(random, graph.node);
  if (random() < 0.9) node.opType = pick(random, operators);
  else node.domain = pick(random, ['com.microsoft', 'ai.onnx.ml', 'nowhere', 'ai.onnx']);
};

const dropNode: Change = (graph, random) => {
  graph.node.splice(below(random, graph.node.length), 1);
};

/** Whoever read its result reads what it was made from. */
const passOver: Change = (graph, random) => {
  const [node] = graph.node.splice(below(random, graph.node.length), 1);
  const [read, written] = [node?.input[0], node?.output[0]];
  if (read === undefined || written === undefined) return;
  const instead = (names: string[]) => names.map((name) => (name === written ? read : name));
  for (const other of graph.node) other.input = instead(other.input);
};

/** Between a result and those who read it. */
const putBetween: Change = (graph, random) => {
  const at = below(random, graph.node.length);
  const before = graph.node[at];
  const name = before?.output[0];
  if (!before || name === undefined) return;
  const opType = pick(random, operators);
  before.output[0] = `${name} before`;
  const input = [before.output[0], ...(random() < 0.3 ? [pick(random, namesIn(graph))] : [])];
  const node: NodeProto = {
    ...before,
    name: `${name} between`,
    opType,
    domain: '',
    input,
    attribute: [],
  };
  graph.node.splice(at + 1, 0, { ...node, output: [name] });
};

const swapNodes: Change = (graph, random) => {
  const [one, other] = [below(random, graph.node.length), below(random, graph.node.length)];
  const { [one]: first, [other]: second } = graph.node;
  if (first && second) [graph.node[one], graph.node[other]] = [second, first];
};

const multiplyNode: Change = (graph, random) => {
  const at = below(random, graph.node.length);
  const node = graph.node[at];
  if (!node) return;
  const copies = Array.from({ length: 10 ** below(random, 5) }, (_, copy) => ({
    ...node,
    name: `${node.name} ${copy}`,
    output: node.output.map((name) => `${name} ${copy}`),
  }));
  graph.node.splice(at + 1, 0, ...copies);
};

const changePort: Change = (graph, random) => {
  const one = port(graph, random);
  const type = one.type?.value;
  if (type?.case !== 'tensorType') return;
  const tensor = type.value;
  const dims = tensor.shape?.dim ?? [];
  const at = below(random, dims.length);
  const dim = dims[at];
  const how = below(random, 6);
  if (how === 0) {
    tensor.elemType = below(random, 24);
  } else if (how === 1) {
    dims.splice(at, 1);
  } else if (how === 2 && dim) {
    dims.splice(at, 0, dim);
  } else if (how === 3) {
    delete tensor.shape;
  } else if (how === 4 && dim) {
    dim.value = { case: 'dimParam', value: pick(random, ['batch', 'n', '']) };
  } else if (dim) {
    const size = dim.value.case === 'dimValue' ? dim.value.value : 1n;
    dim.value = {
      case: 'dimValue',
      value: pick(random, [size + 1n, size * 2n, size - 1n, ...edges]),
    };
  }
};

const changePorts: Change = (graph, random) => {
  const ports = pick(random, [graph.input, graph.output, graph.valueInfo]);
  const how = below(random, 3);
  if (how === 0) ports.splice(below(random, ports.length), 1);
  else if (how === 1) ports.push(port(graph, random));
  else ports.push({ ...port(graph, random), name: pick(random, namesIn(graph)) });
};

const changeVersions: Change = (_graph, random, model) => {
  const versions = [0n, 1n, 7n, 11n, 13n, 17n, 18n, 20n, 21n, 23n, 99n, -1n, 2n ** 40n];
  const opset = model.opsetImport[below(random, model.opsetImport.length)];
  if (random() < 0.2) model.irVersion = pick(random, versions);
  else if (opset && random() < 0.8) opset.version = pick(random, versions);
  else model.opsetImport.splice(below(random, model.opsetImport.length), 1);
};

/** Graphs within a node, each holding the one before. */
const nest: Change = (graph, random) => {
  const node = pick(random, graph.node);
  node.opType = pick(random, ['If', 'Loop', 'Scan', node.opType]);
  let inner: GraphProto = { ...graph, node: [{ ...node }], initializer: [] };
  for (let depth = 10 ** below(random, 3); depth > 0; depth--) {
    const attribute = [{ ...emptyAttribute, name: 'body', type: AttributeType.GRAPH, g: inner }];
    inner = { ...inner, node: [{ ...node, attribute }] };
  }
  node.attribute = [
    { ...emptyAttribute, name: 'then_branch', type: AttributeType.GRAPH, g: inner },
  ];
};

const emptyAttribute = {
  $typeName: 'onnx.AttributeProto' as const,
  ...{ name: '', f: 0, i: 0n, s: new Uint8Array(), floats: [], ints: [], strings: [] },
  type: AttributeType.UNDEFINED,
};

const sizeByConstant: Change = (graph, random) => {
  const shapes = graph.initializer.filter(({ dataType }) => dataType === 7);
  if (shapes.length === 0) return;
  const shape = pick(random, shapes);
  const values = Array.from({ length: 1 + below(random, 5) }, () => Number(pick(random, edges)));
  shape.dims = [BigInt(values.length)];
  shape.rawData = int64Bytes(values.map((value) => Math.min(value, Number.MAX_SAFE_INTEGER)));
};

const likely = [changeAttribute, changeConstant, changeConstant, rewire, putBetween, changePort];
const changes = [
  ...[...likely, mistakeAttribute, dropAttribute, giveAttribute, reshapeTensor, mistakeTensor],
  ...[moveOutside, renameOutput, changeOperator, dropNode, passOver, swapNodes, multiplyNode],
  ...[changePorts, changeVersions, nest, sizeByConstant],
];

export const onnxEdits: readonly Edit[] = changes.map(onnxEdit);
