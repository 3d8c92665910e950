/** Which of the models in a file is meant: the one that the manifest states, else by custom, which is then said. */
import { candidatesIn } from './candidates';
import type { Candidate } from './candidates';
import type { ArchitectureFacts } from './facts';
import type { WeightSet } from '../checkpoint/weight-sets';
import { EngineError } from '../../engine-error';

/**
 * Undefined where the file holds no Vision Transformer.
 * @throws EngineError `model-unreadable` where the manifest names none of them, or nothing tells
 * which of several is meant
 */
export function chooseWeights(
  sets: readonly WeightSet[],
  facts: ArchitectureFacts,
): { chosen: Candidate; others: readonly Candidate[] } | undefined {
  const candidates = candidatesIn(sets);
  const different = withoutCopies(candidates);
  const { weights } = facts.stated;
  const chosen =
    weights === undefined ? byCustom(different, facts) : stated(candidates, weights, facts);
  return chosen && { chosen, others: candidates.filter((one) => one !== chosen) };
}

/** Two names for the same numbers in the file are one model. */
function withoutCopies(candidates: readonly Candidate[]): readonly Candidate[] {
  const placeOf = ({ tensors }: Candidate) =>
    JSON.stringify([...tensors].map(([name, { position }]) => [name, position]));
  return [
    ...new Map(candidates.toReversed().map((one) => [placeOf(one), one])).values(),
  ].toReversed();
}

function stated(
  candidates: readonly Candidate[],
  path: string,
  { fileName }: ArchitectureFacts,
): Candidate {
  const exact = candidates.find((one) => one.path === path);
  const inside = candidates.filter((one) => one.path.startsWith(`${path}.`));
  const found = exact ?? (inside.length === 1 ? inside[0] : undefined);
  if (found) return found;
  throw new EngineError(
    'model-unreadable',
    `The manifest states the weights “${path}”, which “${fileName}” does not have. It has ${listed(candidates)}.`,
    'Correct "weights" under "architecture" in the manifest, or take it out.',
  );
}

function byCustom(
  candidates: readonly Candidate[],
  facts: ArchitectureFacts,
): Candidate | undefined {
  const ranked = candidates
    .map((candidate) => ({ candidate, ...rankOf(candidate, candidates) }))
    .sort((a, b) => a.rank - b.rank);
  const [first, second] = ranked;
  if (!first || !second) return first?.candidate;
  if (first.rank === second.rank && first.candidate.set.key === second.candidate.set.key) {
    throw new EngineError(
      'model-unreadable',
      `“${facts.fileName}” holds several models side by side (${listed(candidates)}), and nothing tells which of them is meant or how they work together.`,
      'State "architecture": {"weights": …} in its manifest, or export the whole to ONNX.',
    );
  }
  const rest = listed(ranked.slice(1).map(({ candidate }) => candidate));
  const why = first.rank === second.rank ? `“${first.candidate.path}” comes first` : second.reason;
  const { path } = first.candidate;
  facts.assume('weights', 'weights', path, path, `the file holds ${rest} as well, and ${why}`);
  return first.candidate;
}

/** The lower, the likelier; with why others go before it. */
function rankOf(candidate: Candidate, all: readonly Candidate[]): { rank: number; reason: string } {
  const words = candidate.path.toLowerCase().split(/[._]/);
  const has = (...some: readonly string[]) => some.some((word) => words.includes(word));
  if (has('ema', 'averaged', 'average', 'swa', 'shadow'))
    return { rank: 2, reason: 'plain weights go before averaged ones' };
  // MoCo and BYOL are used by the encoder that was trained, not by its slow copy.
  if (has('momentum', 'key', 'k', 'target'))
    return { rank: 2, reason: 'the trained encoder goes before its momentum copy' };
  const isTeacher = has('teacher');
  if (!isTeacher && !has('student')) return { rank: 0, reason: '' };
  const counterpart = all.find((one) =>
    one.path.toLowerCase().includes(isTeacher ? 'student' : 'teacher'),
  );
  // DINO, iBOT, DINOv2: the teacher is the student's average. Elsewhere it is another, fixed model.
  const isOwnAverage = counterpart !== undefined && shapesOf(counterpart) === shapesOf(candidate);
  return isOwnAverage
    ? {
        rank: isTeacher ? 0 : 1,
        reason: 'models that teach themselves are published as their teacher',
      }
    : { rank: isTeacher ? 3 : 0, reason: 'a model that was taught goes before its teacher' };
}

function shapesOf({ tensors, root, base }: Candidate): string {
  const encoder = base.slice(root.length);
  const blocks = [...tensors].filter(([name]) => name.startsWith(encoder) && /\.\d+\./.test(name));
  return blocks
    .map(([name, { dims }]) => `${name} ${dims.join()}`)
    .sort()
    .join('\n');
}

function listed(candidates: readonly Candidate[]): string {
  return candidates.map(({ path }) => `“${path}”`).join(', ');
}
