import { create } from '@bufbuild/protobuf';
import { expect, it } from 'vitest';
import { dropDeadNodes } from '../../src/engine/onnx/drop-dead-nodes';
import {
  AttributeProtoSchema,
  GraphProtoSchema,
  NodeProtoSchema,
  ValueInfoProtoSchema,
} from '../../src/engine/onnx/onnx_pb';

const node = (input: string[], output: string[]) => create(NodeProtoSchema, { input, output });

/** What is left of a chain of two, written last first, and of two that nothing needs. */
function left(...further: ReturnType<typeof node>[]): string[] {
  const nodes = [node(['b'], ['c']), node(['a'], ['b', 'x']), node(['b'], ['d']), node(['d'], [])];
  const graph = create(GraphProtoSchema, {
    node: [...nodes, ...further],
    output: [create(ValueInfoProtoSchema, { name: 'c' })],
  });
  dropDeadNodes(graph);
  return graph.node.map(({ output }) => output.join());
}

it('keeps what an output needs, in its order', () => {
  expect(left()).toEqual(['c', 'b,x']);
});

it('keeps all where a graph within may read it', () => {
  const g = create(GraphProtoSchema, {});
  const attribute = [create(AttributeProtoSchema, { name: 'body', g })];
  expect(left(create(NodeProtoSchema, { attribute, output: ['e'] }))).toHaveLength(5);
});
