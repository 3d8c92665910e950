/** What the labels of a dataset mean to a model, and what a person should know of it. */
import {
  exampleWords,
  readingWords,
  type LabelReading,
  type LabelReadingChoice,
} from '../shared/label-reading';
import {
  mappingFileName,
  mappingFileOf,
  readFittingMapping,
  readLabelMapping,
  type LabelWords,
} from './label-mapping';
import { matchLabels, type LabelMapping, type LabelMatch } from './match-labels';

/** What a person said of the labels, and where. */
interface LabelRequest {
  /** The folder of the dataset. */
  readonly root: string;
  /** Whether labels are names of folders. */
  readonly folders: boolean;
  readonly mappingFile?: string | undefined;
  readonly meanings?: LabelMapping | undefined;
  readonly reading?: LabelReading | undefined;
}

/** What some labels mean, and what a person should know of it. */
export interface ReadLabels {
  readonly match: LabelMatch;
  readonly notices: readonly string[];
}

/** Names that a person still reads. */
const mostListed = 8;

/**
 * @param classes a name for each class of the model
 * @returns reads labels, each once; `decided` is how they are read where the first of them said so
 * @throws Failure `dataset-unusable` for a mapping that cannot be read
 */
export async function labelReader(
  request: LabelRequest,
  classes: readonly string[],
): Promise<(labels: readonly string[], decided?: LabelReading) => ReadLabels> {
  const { read: kept, mapping } = await wordsOf(request, classes);
  return (labels, decided) => {
    // An order numbers the folders of one model: kept beside the dataset, it may be of another one.
    const isOrder = kept === 'text-order' || kept === 'number-order';
    const fits = !isOrder || request.mappingFile !== undefined || labels.length === classes.length;
    const match = matchLabels(labels, classes, {
      mapping,
      reading: request.reading ?? (fits ? kept : undefined),
      decided,
      folders: request.folders,
    });
    const unfit =
      fits || request.reading !== undefined
        ? []
        : [
            `${mappingFileName} says “${kept}”, but there are ${labels.length} labels for ${classes.length} classes: it is left aside.`,
          ];
    return { match, notices: [...unfit, ...noticesOf(match, labels.length, classes)] };
  };
}

/** How the labels were read, in a sentence, and what each other way would make of them. */
export function readingSentences(
  { reading, said, choices, examples }: LabelReadingChoice,
  classes: readonly string[],
): string {
  const taken = `Labels are read as ${readingWords[reading]}: ${exampleWords(examples[reading], classes)}.`;
  const others = choices.filter((one) => examples[one].index !== examples[reading].index);
  if (said || others.length === 0) return taken;
  const otherwise = others.map((one) => `${one}, ${exampleWords(examples[one], classes)}`);
  return `${taken} Another way is said with --read-labels or in ${mappingFileName}: ${otherwise.join('; ')}.`;
}

async function wordsOf(
  { root, mappingFile, meanings }: LabelRequest,
  classes: readonly string[],
): Promise<LabelWords> {
  if (meanings !== undefined) return { read: undefined, mapping: meanings };
  return mappingFile === undefined
    ? readFittingMapping(mappingFileOf(root), classes)
    : readLabelMapping(mappingFile, classes);
}

function noticesOf(
  { near, ambiguous, choice }: LabelMatch,
  labels: number,
  classes: readonly string[],
): readonly string[] {
  const notices: string[] = [];
  if (near.length > 0) {
    const pairs = near.map(({ label, index }) => `“${label}” for “${classes[index] ?? ''}”`);
    notices.push(
      `Not written alike, but taken for the same: ${listed(pairs)}. Where one is wrong, say so in ${mappingFileName} beside the dataset.`,
    );
  }
  for (const { label, indices } of ambiguous.slice(0, mostListed)) {
    const named = indices.map((index) => `${index} “${classes[index] ?? ''}”`);
    notices.push(
      `“${label}” names several classes (${listed(named)}), so its samples count in no accuracy until ${mappingFileName} says which.`,
    );
  }
  const reading = choice?.reading;
  if ((reading === 'text-order' || reading === 'number-order') && labels !== classes.length) {
    notices.push(
      `There are ${labels} labels for ${classes.length} classes: where some are missing, the places of those behind them are wrong.`,
    );
  }
  return notices;
}

function listed(words: readonly string[]): string {
  const more = words.length > mostListed ? `, and ${words.length - mostListed} more` : '';
  return `${words.slice(0, mostListed).join(', ')}${more}`;
}
