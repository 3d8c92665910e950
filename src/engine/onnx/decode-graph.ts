/** The graph of a parsed model whose input dimensions are fixed. */
import { buildGraph } from './build-graph';
import { decodeConstants, decodeNode, decodePort } from './decode';
import type { Graph } from './graph';
import type { ModelMessage } from './read-model';

/**
 * @param folder where weights beside the model lie, if there are any.
 * @throws EngineError `model-unknown-op` for an operator, element type or control flow that the
 * engine does not know; `model-unreadable` for weights that do not fit their shape.
 */
export function decodeGraph(model: ModelMessage, folder?: string): Graph {
  const { graph } = model;
  const constants = decodeConstants(graph, folder);
  const opsets = new Map(
    model.opsetImport.map(({ domain, version }) => [
      domain === 'ai.onnx' ? '' : domain,
      Number(version),
    ]),
  );
  return buildGraph({
    nodes: graph.node.map(decodeNode),
    constants,
    inputs: graph.input.filter(({ name }) => !constants.has(name)).map(decodePort),
    outputs: graph.output.map(decodePort),
    opsets,
  });
}
