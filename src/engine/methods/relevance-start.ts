/** Where relevance begins: at the features that the last linear map reads. */
import { rulesOf } from '../backward/rule-sets';
import type { Tape } from '../backward/tape';
import { walkBack } from '../backward/walker';
import type { Roles, WalkStart } from '../backward/walker';
import type { OpKind } from '../ops/operator';
import { kindOf } from '../ops/kind-of';

/** What may stand behind the last linear map without changing what relevance makes of it. */
const passing: ReadonlySet<OpKind> = new Set(['view', 'bias', 'scale']);

/**
 * Relevance 1 of the number s·y that the seed s picks of the numbers y, at the features x of the last
 * linear map: with w = ∂(s·y)/∂x it is relu(x ⊙ w) / Σ relu(x ⊙ w). For one class that is the rule of
 * linear maps, started with 1 at the class. For the difference of two it is the same rule for a head
 * that gives the difference itself; started with 1 and −1 at the two classes, relevance would add up
 * to 0, and the rule of residual sums would have nothing to share out.
 *
 * @param seed s, `[K, ...shape of the logits]`
 * @returns undefined where the numbers are not one linear map of features
 */
export function relevanceStart(
  tape: Tape,
  { logits, seed, roles }: { logits: string; seed: string; roles: Roles },
): WalkStart | undefined {
  const features = lastFeatures(tape, logits);
  if (features === undefined) return undefined;
  const rules = rulesOf('gradient');
  const weights = walkBack(tape, { seed, from: logits, to: [features], rules, roles }).whole(
    features,
  );
  if (weights === undefined) return undefined;
  const positive = tape.relu(tape.mul(tape.value(features), weights));
  const axes = tape.shape(features).map((_, axis) => axis + 1);
  const sum = tape.add(tape.sum(positive, axes), tape.scalar(1e-9));
  return { from: features, seed: tape.div(positive, sum) };
}

function lastFeatures(tape: Tape, tensor: string): string | undefined {
  const node = tape.producer(tensor);
  if (!node) return undefined;
  const kind = kindOf(node, tape);
  const signal = node.inputs.find((name) => !tape.isHeld(name));
  if (signal === undefined || kind === 'linear') return signal;
  return passing.has(kind) ? lastFeatures(tape, signal) : undefined;
}
