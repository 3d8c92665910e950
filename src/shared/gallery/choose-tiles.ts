/** Which samples are shown, and in what order. */
import * as v from 'valibot';
import { classIndexSchema } from '../class-name';
import { sortingFigureNames } from '../sample-figures';
import type { Data } from '../schema';
import { byOtherAnswer, type Tile } from './tile';

export const sampleChoiceSchema = v.object({
  /** Whether answers are those among some classes, where these are known. */
  among: v.boolean(),
  show: v.picklist(['all', 'wrong', 'unsure', 'unreadable']),
  /** Samples of this class, by truth or by answer. */
  classIndex: v.optional(classIndexSchema),
  /** Samples of this cell of the confusion matrix. */
  cell: v.optional(v.object({ truth: classIndexSchema, answer: classIndexSchema })),
  text: v.string(),
  sort: v.picklist(['name', 'confidence', ...sortingFigureNames]),
  descending: v.boolean(),
});

export type SampleChoice = Data<typeof sampleChoiceSchema>;
export type SortKey = SampleChoice['sort'];

/** Below this the model is called unsure. */
const unsureBelow = 0.5;

/** All samples, by name. */
export const everySample: SampleChoice = {
  among: false,
  show: 'all',
  text: '',
  sort: 'name',
  descending: false,
};

/** Whether two ways of looking show the same samples in the same order. */
export function sameChoice(one: SampleChoice, other: SampleChoice): boolean {
  return choiceKeys.every((key) => JSON.stringify(one[key]) === JSON.stringify(other[key]));
}

const choiceKeys = Object.keys(sampleChoiceSchema.entries) as (keyof SampleChoice)[];

/**
 * By the answers that are chosen, among all classes or some.
 * Samples that cannot be sorted by a figure, for lack of it, come last; equal ones by name.
 */
export function chooseTiles(
  tiles: readonly Tile[],
  choice: SampleChoice,
  classes: readonly string[],
): readonly Tile[] {
  const words = choice.text.trim().toLowerCase();
  const seen = choice.among ? tiles.map(byOtherAnswer) : tiles;
  const chosen = seen.filter((tile) => passes(tile, choice, words, classes));
  return chosen.sort((a, b) => compare(a, b, choice) || byName(a, b));
}

export function isWrong(tile: Tile): boolean {
  return tile.ok && tile.truthRank !== undefined && tile.truthRank > 0;
}

function passes(
  tile: Tile,
  choice: SampleChoice,
  words: string,
  classes: readonly string[],
): boolean {
  const { show, classIndex, cell } = choice;
  if (show === 'unreadable' && tile.ok) return false;
  if (show === 'wrong' && !isWrong(tile)) return false;
  if (show === 'unsure' && !(tile.ok && (tile.probability ?? 1) < unsureBelow)) return false;
  if (classIndex !== undefined && !concerns(tile, classIndex)) return false;
  if (cell !== undefined)
    if (!tile.ok || tile.truth !== cell.truth || tile.answer !== cell.answer) return false;
  return words === '' || textOf(tile, classes).includes(words);
}

function concerns(tile: Tile, classIndex: number): boolean {
  return tile.ok && (tile.truth === classIndex || tile.answer === classIndex);
}

function textOf(tile: Tile, classes: readonly string[]): string {
  const names = tile.ok
    ? [classes[tile.answer], tile.truth === undefined ? '' : classes[tile.truth]]
    : [];
  return [tile.name, tile.label, ...names].join(' ').toLowerCase();
}

function compare(a: Tile, b: Tile, { sort, descending }: SampleChoice): number {
  const sign = descending ? -1 : 1;
  if (sort === 'name') return sign * byName(a, b);
  const left = figure(a, sort);
  const right = figure(b, sort);
  if (left === undefined || right === undefined)
    return Number(left === undefined) - Number(right === undefined);
  return sign * (left - right);
}

function figure(tile: Tile, sort: Exclude<SortKey, 'name'>): number | undefined {
  if (!tile.ok) return undefined;
  return sort === 'confidence' ? (tile.probability ?? tile.value) : tile[sort];
}

function byName(a: Tile, b: Tile): number {
  return a.name < b.name ? -1 : a.name > b.name ? 1 : 0;
}
