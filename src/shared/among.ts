/** Classes that answers are taken among, instead of all that a model knows. */
import * as v from 'valibot';
import type { ClassList } from './class-list';
import { classIndexSchema } from './class-name';
import { counted } from './counted';
import { Failure } from './failure';
import { noSuchClass } from './find-class';
import type { OutputKind } from './output-kind';
import type { Data } from './schema';

/** In characters; each name is looked for among all classes of the model. */
export const longestClassList = 100_000;

/** Whether answers are taken among all classes, those that a dataset's labels stand for, or a typed list. */
export const amongChoiceSchema = v.variant('of', [
  v.object({ of: v.literal('all') }),
  v.object({ of: v.literal('dataset') }),
  v.object({ of: v.literal('list'), text: v.pipe(v.string(), v.maxLength(longestClassList)) }),
]);

export type AmongChoice = Data<typeof amongChoiceSchema>;

export const amongAll: AmongChoice = { of: 'all' };

/** The numbers of the classes, ascending, none twice. */
export const amongClassesSchema = v.array(classIndexSchema);

/** The classes themselves, and what chose them. */
export const amongListSchema = v.object({
  of: v.picklist(['dataset', 'list']),
  classes: amongClassesSchema,
});

export type AmongList = Data<typeof amongListSchema>;

/** Ascending, none twice. */
export function tidyClasses(classes: Iterable<number>): readonly number[] {
  return [...new Set(classes)].sort((a, b) => a - b);
}

/**
 * Why answers cannot be taken among these classes, in a sentence; undefined where they can.
 *
 * @param output what the model's numbers mean
 * @param count how many classes the model has
 */
export function whyNotAmong(
  output: OutputKind,
  count: number,
  classes: readonly number[],
): string | undefined {
  if (output === 'value')
    return 'The model gives values and no classes, so answers cannot be taken among some of them.';
  if (output === 'binary' || count <= 2)
    return 'The model tells two classes apart, so its answers are among both of them in any case.';
  const unknown = classes.find((index) => index >= count);
  if (unknown !== undefined) return noSuchClass(unknown, count).message;
  if (classes.length < 2)
    return `Answers are taken among two classes or more, and there ${classes.length === 1 ? 'is only one' : 'are none'}.`;
  return classes.length === count
    ? 'These are all classes of the model, so answers among them are those among all.'
    : undefined;
}

/** What a list of classes comes to with a model. */
export interface UsableClasses {
  /** Ascending, none twice; undefined: among all. */
  readonly classes?: readonly number[];
  /** Why not those that were named, in sentences. */
  readonly problems: readonly string[];
}

/** All that was named, or nothing: no part of a list would be used alone. */
export function usableClasses(
  { classes, problems }: ClassList,
  labels: readonly string[],
): UsableClasses {
  if (problems.length > 0) return { problems };
  // How many classes a model without names has is known where it runs.
  const tidy = tidyClasses(classes);
  const why = whyNotAmong('softmax', labels.length || Infinity, tidy);
  return why === undefined ? { classes: tidy, problems } : { problems: [why] };
}

/** @throws Failure `class-unknown` as `whyNotAmong` says */
export function checkAmong(output: OutputKind, count: number, classes: readonly number[]): void {
  const why = whyNotAmong(output, count, classes);
  if (why !== undefined)
    throw new Failure('class-unknown', why, 'Name other classes, or take answers among all.');
}

/** What has to be known to read shares among some classes: nothing where they exclude each other. */
export function amongNotice(output: OutputKind): string | undefined {
  return output === 'sigmoid'
    ? 'The model judges each class on its own (a sigmoid): among fewer classes another one may be the best, but their percentages stay as they are.'
    : undefined;
}

/** Those that labels stand for; undefined where there are too few to choose among. */
export function datasetClassesInWords(count: number): string | undefined {
  return count < 2 ? undefined : `the dataset’s ${count} classes`;
}

/** `the dataset’s 10 classes`, `3 listed classes`. */
export function amongInWords({ of, classes }: AmongList): string {
  return of === 'dataset'
    ? `the dataset’s ${counted(classes.length, 'class', 'classes')}`
    : counted(classes.length, 'listed class', 'listed classes');
}
