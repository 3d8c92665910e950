/** Labels of a dataset and the phrases that a zero-shot model compares its pictures with. */
import synsetNames from '../../models/labels/imagenet-1k.json';
import synsets from '../../models/labels/imagenet1k-synsets.json';
import { matchLabels, type LabelMapping } from './match-labels';

/** More labels than this are no list that one compares a picture with unasked. */
const mostPhrases = 200;

/**
 * Phrases to begin with where the samples carry labels: one for each.
 *
 * @returns none where there are too few to compare, or too many
 */
export function phrasesOfLabels(labels: readonly string[]): readonly string[] {
  if (labels.length < 2 || labels.length > mostPhrases) return [];
  return labels.map((label) => {
    const name = spoken(label);
    return `a photo of ${/^[aeiou]/i.test(name) ? 'an' : 'a'} ${name}`;
  });
}

/** Which phrase each label means: the one that is the label, or the only one that names it. */
export function phrasesMeant(labels: readonly string[], phrases: readonly string[]): LabelMapping {
  const { indexByLabel } = matchLabels(labels, phrases, {});
  const meant: Record<string, number> = {};
  for (const label of labels) {
    const same = indexByLabel.get(label);
    const [only, ...others] = phrases.flatMap((phrase, index) =>
      names(phrase, spoken(label)) ? [index] : [],
    );
    if (same !== undefined) meant[label] = same;
    else if (only !== undefined && others.length === 0) meant[label] = only;
  }
  return meant;
}

function names(phrase: string, label: string): boolean {
  return ` ${words(phrase)} `.toLowerCase().includes(` ${label} `.toLowerCase());
}

/** What a label is called: a WordNet synset by its first name, a folder’s name without its joints. */
function spoken(label: string): string {
  const synset = synsets.indexOf(label.trim().split(/[\s_]/, 1)[0] ?? '');
  const name = synset < 0 ? undefined : synsetNames[synset]?.split(',', 1)[0];
  return words(name ?? label);
}

function words(text: string): string {
  return text.replace(/[^\p{L}\p{N}’']+/gu, ' ').trim();
}
