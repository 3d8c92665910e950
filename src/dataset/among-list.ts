/** Which classes the answers to a dataset's pictures are taken among. */
import { tidyClasses, whyNotAmong, type AmongChoice, type AmongList } from '../shared/among';
import { readClassList } from '../shared/class-list';
import type { OutputKind } from '../shared/output-kind';

/** What is known of a model and a dataset to tell. */
interface AmongWhat {
  readonly output: OutputKind;
  /** Names of all classes of the model. */
  readonly classes: readonly string[];
  /** Classes that labels of the dataset stand for. */
  readonly labelled: Iterable<number>;
}

/** A list, or why there is none, in sentences; neither where answers are taken among all. */
export interface AmongAnswer {
  readonly list?: AmongList;
  readonly whyAll?: string;
}

export function amongList(
  choice: AmongChoice,
  { output, classes, labelled }: AmongWhat,
): AmongAnswer {
  if (choice.of === 'all') return {};
  const { of } = choice;
  const read =
    choice.of === 'list'
      ? readClassList(choice.text, classes)
      : { classes: [...labelled], problems: [] };
  if (read.problems.length > 0) return { whyAll: read.problems.join(' ') };
  const list = { of, classes: tidyClasses(read.classes) };
  const whyAll = whyNotAmong(output, classes.length, list.classes);
  return whyAll === undefined ? { list } : { whyAll };
}
