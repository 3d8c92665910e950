/** The one reverse walk: it alone accumulates, completes, un-broadcasts and checks shapes. */
import { EngineError } from '../engine-error';
import type { GraphNode } from '../onnx/graph';
import { kindOf } from '../ops/kind-of';
import type { Contribution, Cotangent, ProductRole, Rules, Step } from './rule';
import { classAxisPlaceholder } from './tape';
import type { Slice, Tape } from './tape';

/** Where products stand in the blocks: tensor name to role. */
export type Roles = ReadonlyMap<string, ProductRole>;

/** Where a walk begins. */
export interface WalkStart {
  /** A forward tensor; the logits unless said otherwise. */
  readonly from?: string;
  /** Its cotangent, `[K, ...shape]`. */
  readonly seed: string;
}

export interface WalkRequest {
  /** Cotangent of `from`, `[K, ...shape]`. */
  readonly seed: string;
  /** Forward tensor where the walk begins, usually the logits. */
  readonly from: string;
  /** Forward tensors whose cotangents are asked for; the walk goes no further than they need. */
  readonly to: readonly string[];
  readonly rules: Rules;
  readonly roles: Roles;
}

/** The cotangents of a walk. */
export class Cotangents {
  constructor(
    private readonly tape: Tape,
    private readonly found: ReadonlyMap<string, Cotangent>,
  ) {}

  /**
   * Cotangent of a forward tensor, `[K, ...shape]`; undefined if nothing flows there.
   */
  whole(name: string): string | undefined {
    const cotangent = this.found.get(name);
    return cotangent && completed(this.tape, cotangent, this.tape.shape(name));
  }
}

/**
 * Walks from one tensor back to others and records the cotangents of all classes.
 * @throws EngineError `model-unknown-op` for an operator without a rule on the way.
 */
export function walkBack(tape: Tape, request: WalkRequest): Cotangents {
  const { graph } = tape;
  checkSeed(tape, request);
  const needed = downstreamOf(tape, request.to);
  const stops = new Set(request.to);
  const pending = new Map<string, Contribution[]>([[request.from, [{ name: request.seed }]]]);
  const found = new Map<string, Cotangent>();

  const settle = (name: string): Cotangent | undefined => {
    const parts = pending.get(name);
    if (!parts) return undefined;
    pending.delete(name);
    const cotangent = accumulated(tape, parts, tape.shape(name));
    if (stops.has(name) || name === request.from) found.set(name, cotangent);
    return cotangent;
  };

  const passNode = (node: GraphNode) => {
    const outputs = node.outputs.map((name) => (name === '' ? undefined : settle(name)));
    if (!node.inputs.some((name) => needed.has(name))) return;
    for (const [name, contribution] of stepBack(tape, request, node, outputs, needed)) {
      const list = pending.get(name);
      if (list) list.push(contribution);
      else pending.set(name, [contribution]);
    }
  };

  for (let i = graph.nodes.length - 1; i >= 0; i--) {
    const node = graph.nodes[i];
    if (node?.outputs.some((name) => pending.has(name))) tape.at(i, () => passNode(node));
  }
  for (const name of [...pending.keys()]) settle(name);
  return new Cotangents(tape, found);
}

/** A seed of another shape would go on through every rule that broadcasts. */
function checkSeed(tape: Tape, { seed, from }: WalkRequest): void {
  const [got, want] = [tape.shape(seed), [classAxisPlaceholder, ...tape.shape(from)]];
  if (got.length !== want.length || want.some((dim, i) => got[i] !== dim)) {
    throw new Error(
      `a walk from “${from}” needs a seed of shape [${want.join(', ')}], not [${got.join(', ')}]`,
    );
  }
}

function stepBack(
  tape: Tape,
  request: WalkRequest,
  node: GraphNode,
  outputs: readonly (Cotangent | undefined)[],
  needed: ReadonlySet<string>,
): [string, Contribution][] {
  const kind = kindOf(node, tape);
  const rule = request.rules[kind];
  const [output = ''] = node.outputs;
  const first = outputs[0];
  const base = {
    tape,
    node,
    role: request.roles.get(output) ?? 'other',
    wanted: (index: number) => needed.has(node.inputs[index] ?? ''),
    shape: (index: number) => tape.shape(node.inputs[index] ?? ''),
  };
  const keep = (slice: Slice | undefined): Slice | undefined => {
    if (!slice || outputs.length !== 1) return undefined;
    const step = { ...base, slice, ...readers(tape, node, slice) };
    return rule.rows?.(step, slice) ? slice : undefined;
  };
  const slice = keep(first?.slice);
  const whole = outputs.map((cotangent, i) => {
    if (!cotangent) return undefined;
    return slice ? cotangent.name : completed(tape, cotangent, tape.shape(node.outputs[i] ?? ''));
  });
  const step: Step = {
    ...base,
    slice,
    cotangent: whole[0] ?? whole.find((name) => name !== undefined) ?? '',
    cotangents: whole,
    ...readers(tape, node, slice),
  };
  const given = rule.apply(step);
  const result: [string, Contribution][] = [];
  for (const [index, entry] of given.entries()) {
    const name = node.inputs[index];
    if (entry === undefined || name === undefined || !needed.has(name)) continue;
    const parts =
      typeof entry === 'string' ? [{ name: entry, slice }] : 'name' in entry ? [entry] : entry;
    for (const part of parts) result.push([name, fitted(tape, node, name, part)]);
  }
  return result;
}

/** Forward tensors as a rule reads them: only the rows in question, where they have them. */
function readers(tape: Tape, node: GraphNode, slice: Slice | undefined) {
  const [output = ''] = node.outputs;
  const size = slice ? tape.shape(output)[slice.axis] : undefined;
  const rank = tape.shape(output).length;
  const read = (name: string): string => {
    const value = tape.value(name);
    if (!slice) return value;
    const dims = tape.shape(name);
    const axis = slice.axis - (rank - dims.length);
    if (dims[axis] !== size) return value;
    const key = `rows|${value}|${axis}|${slice.start}|${slice.length}`;
    return tape.once(key, () => tape.slice(value, axis, slice.start, slice.length));
  };
  return { input: (index: number) => read(node.inputs[index] ?? ''), output: () => read(output) };
}

/** Sums over the axes that broadcasting had stretched, and checks that the shape is the input's. */
function fitted(
  tape: Tape,
  node: GraphNode,
  name: string,
  contribution: Contribution,
): Contribution {
  const own = tape.shape(name);
  const { slice } = contribution;
  const want = own.map((dim, axis) => (slice?.axis === axis ? slice.length : dim));
  const have = tape.shape(contribution.name).slice(1);
  const extra = have.length - want.length;
  const axes: number[] = [];
  for (const [i, dim] of have.entries())
    if (i < extra || (want[i - extra] === 1 && dim !== 1)) axes.push(i + 1);
  let result = contribution.name;
  if (axes.length > 0) result = tape.sum(result, axes);
  result =
    tape.shape(result).length === want.length + 1
      ? result
      : tape.reshape(result, [classAxisPlaceholder, ...want]);
  const got = tape.shape(result);
  if (got[0] !== classAxisPlaceholder || want.some((dim, i) => got[i + 1] !== dim)) {
    throw new EngineError(
      'model-unknown-op',
      `The backward rule of ${node.op} (node “${node.name}”) gave the shape [${got.join(', ')}] for “${name}” of shape [${own.join(', ')}].`,
      'Please report this with the name of the model: the rule does not cover this form of the operator.',
    );
  }
  return { name: result, slice };
}

/** The sum of all contributions to one tensor. */
function accumulated(
  tape: Tape,
  parts: readonly Contribution[],
  shape: readonly number[],
): Cotangent {
  const bySlice = new Map<string, Cotangent>();
  for (const { name, slice } of parts) {
    const key = slice ? `${slice.axis}:${slice.start}:${slice.length}` : '';
    const before = bySlice.get(key);
    bySlice.set(key, { name: before ? tape.add(before.name, name) : name, slice });
  }
  const groups = [...bySlice.values()];
  const [only] = groups;
  if (only && groups.length === 1) return only;
  const tiled = tiles(groups, shape);
  if (tiled) {
    const { axis } = tiled;
    return { name: tape.concat(tiled.names, axis + 1), slice: undefined };
  }
  const names = groups.map((group) => completed(tape, group, shape));
  return { name: names.reduce((sum, name) => tape.add(sum, name)), slice: undefined };
}

/** The parts in order, if side by side they make up the whole axis. */
function tiles(
  groups: readonly Cotangent[],
  shape: readonly number[],
): { axis: number; names: string[] } | undefined {
  const axis = groups[0]?.slice?.axis;
  if (axis === undefined || groups.some((group) => group.slice?.axis !== axis)) return undefined;
  const sorted = [...groups].sort((a, b) => (a.slice?.start ?? 0) - (b.slice?.start ?? 0));
  let next = 0;
  for (const { slice } of sorted) {
    if (slice?.start !== next) return undefined;
    next += slice.length;
  }
  return next === shape[axis] ? { axis, names: sorted.map(({ name }) => name) } : undefined;
}

/** The whole cotangent: rows that were left out are zero. */
function completed(tape: Tape, cotangent: Cotangent, shape: readonly number[]): string {
  const { name, slice } = cotangent;
  if (!slice) return name;
  const size = shape[slice.axis] ?? 0;
  return tape.once(`whole|${name}|${slice.axis}|${slice.start}|${size}`, () =>
    tape.pad(name, slice.axis + 1, slice.start, size - slice.start - slice.length),
  );
}

/** All tensors that depend on one of these by a slope, these included. */
function downstreamOf(tape: Tape, names: readonly string[]): Set<string> {
  const reached = new Set(names);
  for (const node of tape.graph.nodes) {
    if (node.inputs.some((name) => reached.has(name)))
      for (const output of node.outputs) if (!tape.isHeld(output)) reached.add(output);
  }
  return reached;
}
