/** What a model’s numbers mean: from what its graph computes, what files state, and what is usual. */
import type { Assumption } from '../../shared/assumption';
import type { OutputKind, StatedOutput } from '../../shared/output-kind';
import { EngineError } from '../engine-error';
import type { Graph } from '../onnx/graph';
import { GraphView } from '../onnx/graph-view';
import { sizeOf } from '../onnx/tensor-bytes';
import { notAVit } from '../vit/not-a-vit';
import { classOutput, sourceOf, type ClassOutput } from './class-output';
import { endingIn, endingInBothSides, endingInColumns, endingInShares } from './end-graph';
import { matchEnd, rangeOf, type Column, type Match } from './match-end';
import { runTail } from './run-tail';
import { decided, decisionIn, endsInLayer, isAffine, tailOf, tensorsOf } from './tail';

/** What is known beside the graph. */
export interface OutputRequest {
  readonly stated?: StatedOutput | undefined;
  /** How many names for classes there are: two of them tell what both sides of one number are. */
  readonly names: number;
}

export interface ReadOutput {
  /** Its only output gives one number a class. */
  readonly graph: Graph;
  readonly kind: OutputKind;
  readonly assumed: readonly Assumption[];
}

/** What the graph itself says of its output. */
type Found =
  | Match
  | { readonly kind: 'distribution'; readonly whole: 1 | 100 }
  | { readonly kind: 'shares' }
  /** Numbers that could be logits; `bent` where something other than a linear layer made them. */
  | { readonly kind: 'open'; readonly bent: boolean };

/**
 * @param graph canonical
 * @throws EngineError `model-not-a-vit` where no output gives one number a class, or only what a
 * decision (TopK, ArgMax, a threshold) has left of it; `model-unreadable` where what the manifest
 * states cannot be
 */
export async function readOutput(
  graph: Graph,
  { stated, names }: OutputRequest,
): Promise<ReadOutput> {
  const view = new GraphView(graph);
  const output = classOutput(view);
  const { name, dims } = output.port;
  const found = await foundIn(view, output);
  const end: End = {
    graph,
    name,
    size: sizeOf(dims),
    names,
    match: 'columns' in found ? found : undefined,
  };
  if (stated?.by === 'manifest') return asStated(end, stated.kind);
  if (stated?.kind === 'value') return asValues(end);
  if ('columns' in found) return asLogits(end, found.kind === 'softmax' ? 'softmax' : 'sigmoid');
  if (found.kind === 'distribution') return asProbabilities(end, found.whole);
  if (found.kind === 'shares') return asProbabilities(end, 1, assumptions.shares);
  const kind = stated?.kind === 'sigmoid' ? 'sigmoid' : 'softmax';
  if (end.size > 1) return asLogits(end, kind, stated ? undefined : assumptions.softmax);
  if (stated?.kind === 'sigmoid' || names === 2) return asLogits(end, 'sigmoid');
  return found.bent
    ? asValues(end, assumptions.value)
    : asLogits(end, 'sigmoid', assumptions.sigmoid);
}

interface End {
  readonly graph: Graph;
  /** The output, and how many numbers it gives. */
  readonly name: string;
  readonly size: number;
  readonly names: number;
  readonly match: Match | undefined;
}

const assumptions = {
  softmax: assumption(
    'softmax',
    'softmax over the classes',
    'classes usually exclude each other, and nothing beside the model is understood to say otherwise',
  ),
  sigmoid: assumption(
    'binary',
    'one logit, whose sigmoid is a probability',
    'a classifier that gives one number is usually trained so, though a regression looks the same',
  ),
  shares: assumption('probability', 'probabilities as they are', 'its values lie between 0 and 1'),
  value: assumption(
    'value',
    'a value without a probability',
    'it ends in one number that is neither a plain logit nor a probability',
  ),
};

function assumption(setting: OutputKind, value: string, reason: string): Assumption {
  return { subject: 'output', value, reason, field: 'output', setting };
}

function asStated(end: End, kind: OutputKind): ReadOutput {
  const count = end.match?.columns.length ?? end.size;
  const one = count === 1 || end.match?.kind === 'binary';
  if (kind === 'softmax' && one)
    throw impossible('a softmax, but it gives one number, whose softmax is always 1', 'binary');
  if (kind === 'binary' && !one)
    throw impossible(`one logit, but it gives ${count} numbers`, 'softmax” or “sigmoid');
  if (kind === 'value') return asValues(end);
  if (kind === 'probability') return asProbabilities(end, 1);
  return asLogits(end, kind === 'softmax' ? 'softmax' : 'sigmoid');
}

function impossible(what: string, instead: string): EngineError {
  return new EngineError(
    'model-unreadable',
    `The manifest says that the model’s output is ${what}.`,
    `Write “${instead}” for “output” in its .vit.json, or “value” for a regression.`,
  );
}

function asLogits(
  { graph, name, size, names, match }: End,
  kind: 'softmax' | 'sigmoid',
  assumed?: Assumption,
): ReadOutput {
  const columns = match?.columns ?? plain(size);
  const [only, another] = columns;
  const both = only && !another && names === 2 ? bothSides(only) : columns;
  return {
    graph: endingInColumns(graph, match?.tensor ?? name, both),
    kind: another && match?.kind !== 'binary' ? kind : 'binary',
    assumed: assumed ? [assumed] : [],
  };
}

/** The first class is what speaks against the second, as training code numbers them. */
function bothSides({ of, factor }: Column): readonly Column[] {
  return [
    { of, factor: -factor },
    { of, factor },
  ];
}

function plain(size: number, factor = 1): readonly Column[] {
  return Array.from({ length: size }, (_, of) => ({ of, factor }));
}

function asProbabilities(
  { graph, name, size, names }: End,
  whole: 1 | 100,
  assumed?: Assumption,
): ReadOutput {
  const both = size === 1 && names === 2;
  return {
    graph: both ? endingInBothSides(graph, name) : endingInShares(graph, name, whole),
    kind: 'probability',
    assumed: assumed ? [assumed] : [],
  };
}

function asValues({ graph, name }: End, assumed?: Assumption): ReadOutput {
  return { graph: endingIn(graph, name), kind: 'value', assumed: assumed ? [assumed] : [] };
}

async function foundIn(view: GraphView, { port, derived }: ClassOutput): Promise<Found> {
  const own = await foundAt(view, port.name);
  if (own.kind !== 'open') return own;
  // A further output that is made from it says what it is.
  for (const { name } of derived) {
    const tail = tailOf(view, name);
    const match = matchEnd(await runTail(view.graph, tail), name, [sourceOf(view, port.name)]);
    if (match) return match;
  }
  return own;
}

async function foundAt(view: GraphView, output: string): Promise<Found> {
  const tail = tailOf(view, output);
  if (isAffine(view, tail)) return { kind: 'open', bent: false };
  const decision = decisionIn(view, tail, output);
  const values = await runTail(view.graph, tail).catch((error: unknown) => {
    // A canonical graph keeps no bool behind a decision, which ONNX Runtime asks for.
    if (decision) return new Map<string, readonly Float32Array[]>();
    throw error;
  });
  const behind = decided(tail);
  const match = matchEnd(
    values,
    output,
    tensorsOf(tail).filter((name) => !behind.has(name)),
  );
  if (match) return match;
  if (decision) {
    throw notAVit(
      `its output “${output}” is what ${decision.op} makes of the scores, and no score of a class.`,
      'Export the model so that it gives its logits or its probabilities, one number a class.',
    );
  }
  const given = values.get(output) ?? [];
  const range = rangeOf(given);
  if (range.kind === 'log-distribution') {
    const columns = plain(given[0]?.length ?? 0, range.factor);
    return { kind: 'softmax', tensor: output, columns };
  }
  if (range.kind === 'other') return { kind: 'open', bent: !endsInLayer(view, output) };
  return range;
}
