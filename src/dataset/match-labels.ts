/** From the words of a dataset to the classes of a model. */

/** Label as written in the dataset → class index of the model; what a person edited wins. */
export type LabelMapping = Readonly<Record<string, number>>;

export interface LabelMatch {
  /** Class index by label; labels without a class are absent. */
  readonly indexByLabel: ReadonlyMap<string, number>;
  /** Labels that no class fits, in the order given. */
  readonly unmatched: readonly string[];
}

/**
 * Matches each label to a class: by the person's mapping, by a class name (upper and lower case,
 * spaces, `_` and `-` alike; any of the comma-separated synonyms that ImageNet names carry), by
 * WordNet synset (`n01440764`) where `synsets` lists the classes' own, by number (`3`, or `3.0` as
 * tables write it that lack a label somewhere).
 *
 * Names go before numbers, so that a class called "7" is found by its name; but where classes are
 * called "1", "2", "3" and the dataset counts from 0, all its numbers are numbers.
 */
export function matchLabels(
  labels: readonly string[],
  classNames: readonly string[],
  synsets: readonly string[],
  mapping: LabelMapping,
): LabelMatch {
  const byName = new Map<string, number>();
  // Whole names first: a synonym of one class may be the name of another ("crane").
  classNames.forEach((name, index) => setOnce(byName, normal(name), index));
  classNames.forEach((name, index) => {
    for (const synonym of name.split(',')) setOnce(byName, normal(synonym), index);
  });
  const bySynset = new Map(synsets.map((synset, index) => [synset, index]));

  const numbers = labels.filter((label) => numberIn(label) !== undefined);
  const areNames = numbers.every((label) => byName.has(normal(label)));
  const areNumbers = numbers.every((label) => classNumber(label, classNames.length) !== undefined);
  const numbersFirst = areNumbers && !areNames;
  const named = (label: string) =>
    numbersFirst && numberIn(label) !== undefined ? undefined : byName.get(normal(label));

  const indexByLabel = new Map<string, number>();
  const unmatched: string[] = [];
  for (const label of labels) {
    const index =
      (Object.hasOwn(mapping, label) ? mapping[label] : undefined) ??
      named(label) ??
      bySynset.get(label.trim().split(/[\s_]/, 1)[0] ?? '') ??
      classNumber(label, classNames.length);
    if (index === undefined) unmatched.push(label);
    else indexByLabel.set(label, index);
  }
  return { indexByLabel, unmatched };
}

function normal(name: string): string {
  return name
    .normalize()
    .trim()
    .toLowerCase()
    .replaceAll(/[\s_-]+/g, ' ');
}

function setOnce(map: Map<string, number>, key: string, value: number): void {
  if (key !== '' && !map.has(key)) map.set(key, value);
}

function classNumber(label: string, classes: number): number | undefined {
  const number = numberIn(label);
  return number !== undefined && number < classes ? number : undefined;
}

function numberIn(label: string): number | undefined {
  return /^\d+(\.0+)?$/.test(label.trim()) ? Number(label) : undefined;
}
