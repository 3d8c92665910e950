/** Where the evidence of a map lies, in one or two sentences. */
import { subjectOf } from './class-name';
import type { Heatmap, InputWindow } from './explanation';
import { formatShare } from './format-number';

export interface EvidenceContext {
  readonly classSpecific: boolean;
  readonly signed: boolean;
  /** Whether the model saw the whole picture, or only a crop of it. */
  readonly wholePicture: boolean;
}

/** A sentence like: Evidence for “cat” is strongest left of the centre; half of it lies in 12 % of the picture. */
export function summariseEvidence(heatmap: Heatmap, context: EvidenceContext): string {
  const coarse = pool(heatmap, 16);
  const half = smallestHalf(coarse);
  const subject = context.classSpecific ? `Evidence for ${subjectOf(heatmap)}` : 'The attention';
  if (half.size === 0) {
    return shareAgainst(heatmap.values) > 0
      ? `Nothing in this map speaks for ${subjectOf(heatmap)}: all of its relevance speaks against it.`
      : 'The map is empty: the method found nothing that speaks for a place.';
  }
  const share = smallestHalf(heatmap).size / heatmap.values.length;
  const area = context.wholePicture ? 'the picture' : 'the part the model saw';
  const where =
    share > 0.35 ? 'is spread widely' : `is strongest ${joinPlaces(places(coarse, half))}`;
  const sentence = `${subject} ${where}; half of it lies in ${formatShare(share)} of ${area}.`;
  const against = context.signed ? shareAgainst(heatmap.values) : 0;
  return against >= 0.01
    ? `${sentence} ${formatShare(against)} of the relevance speaks against it.`
    : sentence;
}

/** Whether the model saw all of the picture but a sliver, and nothing but the picture: no padding. */
export function isWholePicture(window: InputWindow): boolean {
  const { imageWidth, imageHeight, left, top, width, height } = window;
  const seenWidth = Math.min(left + width, imageWidth) - Math.max(left, 0);
  const seenHeight = Math.min(top + height, imageHeight) - Math.max(top, 0);
  return seenWidth * seenHeight > 0.98 * Math.max(imageWidth * imageHeight, width * height);
}

type Map = Pick<Heatmap, 'values' | 'shape'>;

/** Averages blocks of pixels so that neither side has more than `most` cells; smaller maps stay. */
function pool({ values, shape: [rows, columns] }: Map, most: number): Map {
  if (rows <= 2 * most && columns <= 2 * most) return { values, shape: [rows, columns] };
  const height = Math.min(rows, most);
  const width = Math.min(columns, most);
  const sums = new Float32Array(height * width);
  values.forEach((value, at) => {
    const row = Math.floor((Math.floor(at / columns) * height) / rows);
    const cell = row * width + Math.floor(((at % columns) * width) / columns);
    sums[cell] = (sums[cell] ?? 0) + value;
  });
  return { values: sums, shape: [height, width] };
}

/** The fewest cells that hold half of all positive relevance. */
function smallestHalf({ values }: Map): ReadonlySet<number> {
  const positive = Array.from(values.keys()).filter((at) => (values[at] ?? 0) > 0);
  positive.sort((a, b) => (values[b] ?? 0) - (values[a] ?? 0));
  const total = positive.reduce((sum, at) => sum + (values[at] ?? 0), 0);
  const half = new Set<number>();
  let sum = 0;
  for (const at of positive) {
    if (sum >= total / 2) break;
    half.add(at);
    sum += values[at] ?? 0;
  }
  return half;
}

/** Names of the places of the strongest patches of connected cells: the first, and a second of nearly its weight. */
function places(map: Map, cells: ReadonlySet<number>): readonly string[] {
  const [first, second] = islands(map, cells).sort((a, b) => b.weight - a.weight);
  if (first === undefined) return [];
  const strongest = placeName(first);
  if (second === undefined || second.weight < first.weight / 2) return [strongest];
  return [...new Set([strongest, placeName(second)])];
}

interface Island {
  readonly weight: number;
  /** Centre of mass, 0 … 1 from the left and from the top. */
  readonly x: number;
  readonly y: number;
}

/** The connected groups (eight neighbours) among the given cells. */
function islands({ values, shape: [rows, columns] }: Map, cells: ReadonlySet<number>): Island[] {
  const left = new Set(cells);
  const found: Island[] = [];
  for (const start of cells) {
    if (!left.delete(start)) continue;
    const queue = [start];
    let weight = 0;
    let x = 0;
    let y = 0;
    for (let cell = queue.pop(); cell !== undefined; cell = queue.pop()) {
      const row = Math.floor(cell / columns);
      const column = cell % columns;
      const value = values[cell] ?? 0;
      weight += value;
      x += value * ((column + 0.5) / columns);
      y += value * ((row + 0.5) / rows);
      for (let dy = -1; dy <= 1; dy++) {
        for (let dx = -1; dx <= 1; dx++) {
          const inside = column + dx >= 0 && column + dx < columns;
          const neighbour = (row + dy) * columns + column + dx;
          if (inside && left.delete(neighbour)) queue.push(neighbour);
        }
      }
    }
    found.push({ weight, x: x / weight, y: y / weight });
  }
  return found;
}

function placeName({ x, y }: Island): string {
  const side = x < 1 / 3 ? 'left' : x > 2 / 3 ? 'right' : '';
  const level = y < 1 / 3 ? 'upper' : y > 2 / 3 ? 'lower' : '';
  if (side !== '' && level !== '') return `at the ${level} ${side}`;
  if (side !== '') return `${side} of the centre`;
  if (level !== '') return level === 'upper' ? 'above the centre' : 'below the centre';
  return 'in the centre';
}

function joinPlaces(names: readonly string[]): string {
  return names.join(' and ');
}

/** Share of all relevance, by magnitude, that is negative. */
function shareAgainst(values: Float32Array): number {
  let against = 0;
  let all = 0;
  for (const value of values) {
    all += Math.abs(value);
    if (value < 0) against -= value;
  }
  return all === 0 ? 0 : against / all;
}
