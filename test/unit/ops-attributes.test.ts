/** Attributes of nodes, to protobuf and back: one type a name. */
import { create } from '@bufbuild/protobuf';
import { expect, test } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { decodeNode } from '../../src/engine/onnx/decode';
import { encodeNode } from '../../src/engine/onnx/encode';
import {
  AttributeProto_AttributeType as AttributeType,
  NodeProtoSchema,
} from '../../src/engine/onnx/onnx_pb';
import type { Attributes } from '../../src/engine/ops/attributes';

function node(op: string, attributes: Attributes) {
  return { name: 'n', op, inputs: ['x'], outputs: ['y'], attributes };
}

/** A node of a file whose axis is a text. */
function withAxisInWords(opType: string) {
  const s = new TextEncoder().encode('last');
  return create(NodeProtoSchema, {
    name: 'n',
    opType,
    input: ['x'],
    output: ['y'],
    attribute: [{ name: 'axis', type: AttributeType.STRING, s }],
  });
}

test('a number is written as its name says, whole or not', () => {
  const types = (attributes: Attributes) =>
    encodeNode(node('Any', attributes)).attribute.map(({ name, type }) => [name, type]);
  expect(types({ axis: 1, epsilon: 1, perm: [], value_floats: [1] })).toEqual([
    ['axis', AttributeType.INT],
    ['epsilon', AttributeType.FLOAT],
    ['perm', AttributeType.INTS],
    ['value_floats', AttributeType.FLOATS],
  ]);
  expect(types({ own: 1.5, mine: [0.5], words: ['a'], axis: undefined })).toEqual([
    ['own', AttributeType.FLOAT],
    ['mine', AttributeType.FLOATS],
    ['words', AttributeType.STRINGS],
  ]);
});

test('what is written is read back, names that are not known too', () => {
  const data = new Uint8Array([0, 0, 128, 63]);
  const attributes = {
    axis: -1,
    alpha: 0.5,
    mode: 'constant',
    perm: [1, 0],
    value: { name: 'v', type: 'float32', dims: [1], data },
    unheard: ['of', 'before'],
  } as const;
  expect(decodeNode(encodeNode(node('Softmax', attributes)))).toEqual(node('Softmax', attributes));
});

test('an attribute of another type is refused by name, of an operator that is not known it is kept', () => {
  const read = () => decodeNode(withAxisInWords('Softmax'));
  expect(read).toThrow(EngineError);
  expect(read).toThrow(
    'The attribute “axis” of the node “n” (Softmax) holds a text where the operator takes a whole number',
  );
  expect(decodeNode(withAxisInWords('Frobnicate')).attributes).toEqual({ axis: 'last' });
});
