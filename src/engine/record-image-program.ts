/** Records forward run and map of a method as one program. */
import type { MethodOptions } from '../shared/explanation';
import type { OutputKind } from '../shared/output-kind';
import { attributionModel } from './backward/attribution-model';
import { jointModel } from './backward/joint-model';
import type { InputRole } from './backward/tape';
import { modelBytes } from './onnx/model-parts';
import type { ImageProgram } from './image-program';
import { Attribution } from './methods/attribution';
import { bestClassSeed } from './methods/best-class-seed';
import type { Method } from './methods/method';
import { inDoublePrecision } from './onnx/double-precision';
import type { Precision } from './onnx/double-precision';
import type { Graph } from './onnx/graph';
import { GraphBuilder } from './onnx/graph-builder';
import { storedFolder } from './onnx/stored-weights';
import { sessionBytes } from './memory/session-bytes';
import type { VitStructure } from './vit/structure';

/** What a session takes with its forward run in float64, in sessions in float32. */
const inFloat64 = 2;

/** The model that images go through. */
export interface ProgramModel {
  readonly graph: Graph;
  readonly structure: VitStructure;
  /** What its numbers mean: by it the class to explain is chosen. */
  readonly kind: OutputKind;
  /** Of the forward run. */
  readonly precision: Precision;
}

/**
 * @returns undefined for methods that read several images, and for those that cannot run on this
 * model
 * @throws EngineError `model-unknown-op`
 */
export function imageProgram(
  { graph, structure, kind, precision }: ProgramModel,
  method: Method,
  options: MethodOptions,
): ImageProgram | undefined {
  if (method.images || method.unavailable?.(structure) !== undefined) return undefined;
  const attribution = new Attribution(graph, structure, 'all');
  const model = attributionModel(attribution.tape, method.record(attribution, options));
  const { pixels, inputSize, logits } = structure;
  const builder = new GraphBuilder(graph, 'between/');
  const sources = {
    pixels: () => pixels,
    seed: () => bestClassSeed(builder, logits, kind, method.seed ?? 'logit'),
  } satisfies Record<InputRole, () => string>;
  const own = new Map(model.inputs.map(({ name, role }) => [name, sources[role]()]));
  const forward = precision === 'double' ? inDoublePrecision(graph) : graph;
  const { tape } = attribution;
  const bytes = sessionBytes({
    nodes: [...graph.nodes, ...model.parts.nodes],
    isConstant: (name) => tape.isConstant(name),
    shape: (name) => tape.shape(name),
  });
  return {
    model: modelBytes(jointModel(forward, model, { own, builder }, logits)),
    weightsFolder: storedFolder(graph),
    bytes: precision === 'double' ? inFloat64 * bytes : bytes,
    input: pixels,
    inputDims: [1, 3, ...inputSize],
    outputs: [logits, model.output],
  };
}
