/** Whether scores are what a file's own outputs say, as logits or as one of the ways to write probabilities. */
import type { ClassScore } from '../../../src/shared/explanation';

/** Of the spread of the numbers: what `check-prepared.ts` lets the worst of models differ by. */
const tolerance = 1e-2;

/** @param scores of all classes, in any order */
export function isAmong(scores: readonly ClassScore[], outputs: readonly Float32Array[]): boolean {
  const sorted = scores.toSorted((a, b) => a.index - b.index);
  const forms = [
    sorted.map(({ logit, value }) => logit ?? value),
    ...formsOf(sorted.map(({ probability }) => probability)),
  ];
  return outputs.some((output) => forms.some((form) => isSame(form, output)));
}

type Numbers = readonly (number | undefined)[];

function formsOf(shares: Numbers): Numbers[] {
  const of = (form: (share: number) => number) =>
    shares.map((share) => (share === undefined ? undefined : form(share)));
  const forms = [shares, of(Math.log), of((p) => 1 - p), of((p) => Math.log(p / (1 - p)))];
  const [only] = shares;
  if (shares.length === 1 && only !== undefined) forms.push([1 - only, only], [only, 1 - only]);
  return [...forms, ...forms.map((form) => form.map((number) => number && 100 * number))];
}

/** An output of one number may be that of any class. */
function isSame(form: Numbers, output: Float32Array): boolean {
  if (output.length === 1) return form.some((number) => isNear(number, output[0] ?? NaN, 1));
  if (form.length !== output.length) return false;
  const mean = output.reduce((sum, number) => sum + number, 0) / output.length;
  const spread = Math.max(...output.map((number) => Math.abs(number - mean)), Number.MIN_VALUE);
  return form.every((number, at) => isNear(number, output[at] ?? NaN, spread));
}

function isNear(ours: number | undefined, theirs: number, spread: number): boolean {
  if (ours === undefined) return false;
  return ours === theirs || Math.abs(ours - theirs) <= tolerance * spread + 1e-6 * Math.abs(theirs);
}
