/** Opens a model: canonical form, structure, and where it runs. */
import type { Provider } from '../shared/provider';
import { AttributionSessions } from './attribution-sessions';
import { forwardModel } from './backward/forward-model';
import type { HandedOver } from './backward/handed-over';
import { ForwardRun } from './backward/forward-run';
import { ForwardRuns } from './backward/forward-runs';
import { modelBytes } from './onnx/model-parts';
import { openSession } from './onnx/open-session';
import { place } from './backward/provider';
import { sessionOptions, type Memory } from './backward/session-options';
import { Explainer } from './explainer';
import { inTemporaryFolder } from './files/temporary-folder';
import { canonicalise } from './onnx/canonicalise';
import type { CanonicalModel } from './onnx/canonicalise';
import { inDoublePrecision } from './onnx/double-precision';
import type { Graph } from './onnx/graph';
import { enteringTensor, MaskedRuns } from './masking/masked-runs';
import { readOutput, type OutputRequest, type ReadOutput } from './outputs/read-output';
import { freeMemory as freeOfSystem } from './memory/free-memory';
import { footprintOf, handedOverFor, memoryFor } from './memory/footprint';
import { findStructure } from './vit/find-structure';

export interface EngineOptions {
  /** 0: ONNX Runtime's own choice. */
  readonly threads: number;
  readonly provider: Provider | 'auto';
  /** Where prepared models are kept; without it they are prepared anew each time. */
  readonly cacheFolder: string | undefined;
  /** For models that leave height and width open. */
  readonly inputSize?: readonly [height: number, width: number] | undefined;
  /** What is known of the output beside the graph. */
  readonly output?: OutputRequest;
  /** How sparing it is with memory; by the model's size unless said. */
  readonly memory?: Memory;
  /** Bytes that the process may still take; what the system says unless given. */
  readonly freeMemory?: () => number;
}

/** A canonical graph and where its weights lie; the checksum tells it from every other one. */
export type CanonicalGraph = Pick<
  CanonicalModel,
  'graph' | 'weightsFolder' | 'precision' | 'sha256' | 'notices'
>;

/** @throws EngineError as `canonicalise`, `readOutput` and `findStructure` do */
export async function openExplainer(
  modelPath: string,
  options: EngineOptions,
  onStage: (phrase: string) => void = () => undefined,
): Promise<Explainer> {
  onStage('Preparing the model');
  const { inputSize } = options;
  const open = async (cacheFolder: string, discard?: () => Promise<void>) =>
    explainerOf(
      await canonicalise(modelPath, { cacheFolder, inputSize, onStage }),
      options,
      onStage,
      discard,
    );
  return options.cacheFolder === undefined ? inTemporaryFolder(open) : open(options.cacheFolder);
}

/**
 * Explains a canonical graph that is in memory, e.g. a backbone with another head.
 * @param discard called when the explainer is released
 * @throws EngineError as `readOutput` and `findStructure` do
 */
export async function explainerOf(
  canonical: CanonicalGraph,
  options: Pick<EngineOptions, 'threads' | 'provider' | 'output' | 'memory' | 'freeMemory'>,
  onStage: (phrase: string) => void = () => undefined,
  discard: () => Promise<void> = () => Promise.resolve(),
): Promise<Explainer> {
  const output = await readOutput(canonical.graph, options.output ?? { names: 0 });
  return explainerOfOutput(canonical, output, options, onStage, discard);
}

/** @throws EngineError as `findStructure` does */
async function explainerOfOutput(
  canonical: CanonicalGraph,
  output: ReadOutput,
  {
    threads,
    provider: requested,
    memory: asked,
    freeMemory = () => freeOfSystem(),
  }: Pick<EngineOptions, 'threads' | 'provider' | 'memory' | 'freeMemory'>,
  onStage: (phrase: string) => void,
  discard: () => Promise<void>,
): Promise<Explainer> {
  const { weightsFolder, precision: finest, sha256, notices } = canonical;
  const { graph } = output;
  const structure = findStructure(graph);
  const { pixels, inputSize, logits } = structure;
  const footprint = footprintOf(graph, 'costly');
  const free = freeMemory();
  const memory = asked ?? memoryFor(footprint, free);
  const memoryOn = (on: Provider) => (on === 'cpu' ? memory : 'ample');
  const handedOver = (on: Provider): HandedOver => handedOverFor(footprint, memoryOn(on), free);
  onStage('Loading the model');
  const further = [logits, enteringTensor(graph, structure)];
  const openForward = (forward: Graph, handed: HandedOver, on: Provider) =>
    openSession(
      modelBytes(forwardModel(forward, graph, handed, further)),
      sessionOptions(threads, on, weightsFolder, memoryOn(on)),
    );
  const { open, provider, notice } = await place(
    requested,
    (on) => openForward(graph, handedOver(on), on),
    { pixels, dims: [1, 3, ...inputSize], logits },
  );
  // GPUs have no float64, and it takes twice the memory.
  const precision = provider === 'cpu' && memory === 'ample' ? finest : 'single';
  const openDouble = () => openForward(inDoublePrecision(graph), 'all', provider);
  const single = new ForwardRun(open, graph, structure);
  const double = precision === 'double' ? new ForwardRun(openDouble, graph, structure) : undefined;
  return new Explainer(
    graph,
    structure,
    output,
    sha256,
    provider,
    notice === undefined ? notices : [...notices, notice],
    new ForwardRuns(single, double),
    new AttributionSessions(graph, structure, {
      precision,
      handedOver: handedOver(provider),
      memory: memoryOn(provider),
      threads,
      provider,
    }),
    { graph, handedOver: handedOver(provider), memory: memoryOn(provider), freeMemory },
    new MaskedRuns(graph, structure, single, { threads, provider, memory: memoryOn(provider) }),
    (other) =>
      explainerOfOutput(
        canonical,
        { ...output, graph: other },
        { threads, provider, memory, freeMemory },
        () => undefined,
        () => Promise.resolve(),
      ),
    discard,
  );
}
