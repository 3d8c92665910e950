/** How faithful maps of one picture are: curves, figures and controls. */
import type { Faithfulness, FaithfulnessFigures, Measuring } from '../../shared/faithfulness';
import { patchSums } from '../../shared/patch-sums';
import type { Explainer } from '../explainer';
import { seededRandom, shuffled } from '../../shared/random';
import { centreMap } from './centre-map';
import { countsAway } from './curves';
import type { MaskedAnswers } from './masked-answers';
import { mostRelevantFirst } from './patch-order';
import { RankedOrder } from './ranked-order';
import { scoreOf, type Target } from './target';
import { verdictOf } from './verdict';

/** A map of one class: a value a patch, or a value a pixel, which are summed in each patch. */
export interface MeasuredMap {
  readonly values: Float32Array;
  readonly shape: readonly [rows: number, columns: number];
}

/** What the measure has to know of a model. */
export type MeasuredModel = Pick<Explainer, 'structure' | 'output' | 'classifyWithout'>;

/**
 * Measures maps of one target, signed values as they are. All of them share the controls, the
 * picture whole and the picture gone; a mask that `answers` knows costs nothing.
 * @param answers of the picture; they fix how patches are taken away
 * @param onProgress told of the forward runs made of those that it takes
 * @returns one for each map, in their order
 * @throws EngineError as `Explainer.classifyWithout` does
 */
export async function measureFaithfulness(
  explainer: MeasuredModel,
  answers: MaskedAnswers,
  target: Target,
  maps: readonly MeasuredMap[],
  { steps, seed, randomOrders }: Omit<Measuring, 'removal'>,
  onProgress?: (done: number, total: number) => void,
): Promise<Faithfulness[]> {
  const { structure, output } = explainer;
  const { grid } = structure;
  const patches = grid[0] * grid[1];
  const counts = countsAway(patches, mostAway(structure, answers), steps);
  const ordered = (values: Float32Array) => ({
    values,
    ranked: new RankedOrder(mostRelevantFirst(values, seed), counts),
  });
  const measured = maps.map(({ values, shape }) => ordered(patchSums(values, shape, grid)));
  const centre = ordered(centreMap(grid));
  const random = seededRandom(seed);
  const lots = Array.from(
    { length: randomOrders },
    () => new RankedOrder([...shuffled(patches, random)], counts),
  );

  const before = answers.runs;
  const masksOf = ({ ranked }: typeof centre) => [...ranked.curveMasks(), ...ranked.groupMasks()];
  const shared = [...masksOf(centre), ...lots.flatMap((lot) => lot.curveMasks())];
  const own = measured.map(masksOf);
  await answers.prepare(explainer, [...shared, ...own.flat()], onProgress);
  const runs = answers.runs - before;

  const score = (mask: Uint8Array) => scoreOf(answers.logits(mask), output.kind, target);
  const figuresOf = ({ values, ranked }: typeof centre): FaithfulnessFigures => ({
    ...ranked.figures(score),
    saco: ranked.saco(values, score),
  });
  const chance = lots.map((lot) => lot.figures(score));
  const controls = { random: ofBothEnds(chance), centre: figuresOf(centre) };
  const luck = Math.sqrt(mean(chance.map(({ abc }) => abc ** 2)));
  return measured.map((one, i) => {
    const figures = figuresOf(one);
    return {
      removal: answers.removal,
      shares: one.ranked.shares(),
      ...one.ranked.curves(score),
      figures,
      controls,
      luck,
      order: [...one.ranked.order],
      ...verdictOf(figures, controls, luck),
      runs: i === 0 ? runs : 0,
    };
  });
}

/** Where tokens are left out, a model that pools its patches must keep one. */
function mostAway(
  { readout, grid }: MeasuredModel['structure'],
  { removal }: MaskedAnswers,
): number {
  const patches = grid[0] * grid[1];
  return removal === 'tokens' && readout.kind !== 'token' ? patches - 1 : patches;
}

/**
 * The mean over random orders and the same orders turned round, whose curves are each other's: what
 * they rank right by luck cancels out.
 */
function ofBothEnds(figures: readonly FaithfulnessFigures[]): FaithfulnessFigures {
  const middle = mean(figures.flatMap(({ deletion, insertion }) => [deletion, insertion]));
  return { abc: 0, abcLogit: 0, deletion: middle, insertion: middle, saco: 0 };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
