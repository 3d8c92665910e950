/** Which samples a gallery shows, in words. */
import { amongInWords } from '../among';
import { shortName } from '../class-name';
import type { SampleChoice } from './choose-tiles';
import type { GalleryDataset } from './gallery-state';

/** Undefined where it shows all. */
export function choiceInWords(
  { among: isAmong, show, classIndex, cell, text }: SampleChoice,
  { classes, among }: Pick<GalleryDataset, 'classes' | 'among'>,
): string | undefined {
  const words = [
    shows[show],
    classIndex === undefined
      ? undefined
      : `labelled or answered “${shortName(classes, classIndex)}”`,
    cell && cellInWords(cell, classes),
    text.trim() === '' ? undefined : `with “${text.trim()}” in name, label or class`,
  ].filter((one) => one !== undefined);
  if (words.length === 0) return undefined;
  const judged = isAmong && among ? [`answers among ${amongInWords(among)}`] : [];
  return [...words, ...judged].join('; ');
}

const shows: Readonly<Record<SampleChoice['show'], string | undefined>> = {
  all: undefined,
  wrong: 'wrong answers',
  unsure: 'answers below 50 %',
  unreadable: 'not readable',
};

/** Of the confusion matrix. */
export function cellInWords(
  { truth, answer }: NonNullable<SampleChoice['cell']>,
  classes: readonly string[],
): string {
  const [is, says] = [shortName(classes, truth), shortName(classes, answer)];
  return truth === answer ? `${is}, right` : `${is} taken for ${says}`;
}
