/** Where in a table the labels stand. */
import type { ManifestRow } from './manifest-rows';

/** Columns that hold names, whatever they hold: numbers stand beside them in another column. */
const nameColumns = [
  'label_name',
  'class_name',
  'category_name',
  'target_name',
  'label_text',
  'text_label',
  'label_str',
  'class_label',
  'label_names',
  'class_names',
];
const labelColumns = [
  'label',
  'class',
  'target',
  'category',
  'y',
  'labels',
  'species',
  'label_id',
  'class_id',
  'category_id',
  'target_id',
  'label_index',
  'class_index',
  'label_idx',
  'class_idx',
];
/** Names that a person still reads. */
const mostListed = 12;

export interface FoundLabels {
  /** To be asked once of each row: rows whose labels are not plain are counted. */
  readonly labelOf: (row: ManifestRow) => string | undefined;
  /** Where they were found, if that is not plain, in sentences; of the rows so far. */
  readonly notices: () => readonly string[];
}

/** The first of these columns, whatever joins the words of its name. */
export function findColumn(
  columns: readonly string[],
  wanted: readonly string[],
): string | undefined {
  for (const name of wanted) {
    const column = columns.find((candidate) => joined(candidate) === joined(name));
    if (column !== undefined) return column;
  }
  return undefined;
}

/**
 * Labels are in a column of names, else in a column of labels that are words, else in one of numbers;
 * else each class has a column of its own, with a 1 where it is the picture's.
 *
 * @param rows the first ones: they decide
 * @param taken columns that hold something else
 */
export function findLabels(
  rows: readonly ManifestRow[],
  columns: readonly string[],
  taken: readonly string[],
  file: string,
): FoundLabels {
  const free = columns.filter(
    (column) => !taken.includes(column) && rows.some((row) => isSaid(row.get(column))),
  );
  const isNumbers = (column: string): boolean =>
    rows.every((row) => /^([+-]?\d+(\.0*)?)?$/.test(row.get(column) ?? ''));
  const known = [...nameColumns, ...labelColumns].flatMap((name) => findColumn(free, [name]) ?? []);
  const column = known.find((one) => !isNumbers(one)) ?? known[0];
  if (column !== undefined) {
    const others = known.filter((one) => one !== column);
    let several = 0;
    return {
      labelOf: (row) => {
        const text = row.get(column);
        if (!isSaid(text)) return undefined;
        const list = listIn(text);
        if (list !== undefined && list.length !== 1) several++;
        // A list of one label is that label; one of several stays as it is written, and names no class.
        return list?.length === 1 ? list[0] : text;
      },
      notices: () => [
        ...(others.length === 0
          ? []
          : [
              `The labels of ${file} are those of its column “${column}”; ${quoted(others)} left aside.`,
            ]),
        ...(several === 0
          ? []
          : [
              `Rows of ${file} with several labels at once, or an empty list: ${several}. They count in no accuracy.`,
            ]),
      ],
    };
  }
  return oneHot(rows, free, file);
}

/** Of the fields of a single sample: a name before a number. */
export function labelIn(fields: Readonly<Record<string, string>>): string | undefined {
  const column = findColumn(
    Object.keys(fields).filter((name) => isSaid(fields[name])),
    [...nameColumns, ...labelColumns, 'cls'],
  );
  const text = column === undefined ? undefined : fields[column];
  const list = listIn(text ?? '');
  return list?.length === 1 ? list[0] : text;
}

/** Of `["cat", "dog"]` or `[3]` as JSON writes it, or Python. */
function listIn(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  const item = String.raw`\s*(?:"[^"]*"|'[^']*'|-?\d+(?:\.\d+)?)\s*`;
  if (!new RegExp(`^\\[(?:${item}(?:,${item})*)?\\s*\\]$`).test(text)) return undefined;
  const items = text.match(/"[^"]*"|'[^']*'|-?\d+(?:\.\d+)?/g) ?? [];
  return items.map((one) => one.replace(/^["'](.*)["']$/s, '$1'));
}

/** A class a column, 0 or 1 in each: two such columns at least, and never two 1 in a row. */
function oneHot(rows: readonly ManifestRow[], free: readonly string[], file: string): FoundLabels {
  const classes = free.filter((column) =>
    rows.every((row) => !isSaid(row.get(column)) || flagIn(row.get(column)) !== undefined),
  );
  const marked = (row: ManifestRow): readonly string[] =>
    classes.filter((column) => flagIn(row.get(column)) === true);
  const counts = rows.map((row) => marked(row).length);
  if (classes.length < 2 || counts.every((count) => count === 0)) {
    return without(
      free.length === 0
        ? []
        : [
            `No column of ${file} is known to hold labels; ${quoted(free)} left aside. Name the one that does “label”.`,
          ],
    );
  }
  // Attributes, not classes: hardly a row has one.
  if (counts.filter((count) => count > 1).length > rows.length / 2) {
    return without([
      `${file} has columns of 0 and 1 (${quoted(classes, false)}), but most rows have several 1: no label is taken from them.`,
    ]);
  }
  let unclear = 0;
  return {
    labelOf: (row) => {
      const [label, ...others] = marked(row);
      if (label !== undefined && others.length === 0) return label;
      unclear++;
      return undefined;
    },
    notices: () => [
      `The labels of ${file} are the names of its columns of 0 and 1: ${quoted(classes, false)}.${
        unclear === 0
          ? ''
          : ` Rows without a 1, or with several, and so without a label: ${unclear}.`
      }`,
    ],
  };
}

function without(notices: readonly string[]): FoundLabels {
  return { labelOf: () => undefined, notices: () => notices };
}

function flagIn(text: string | undefined): boolean | undefined {
  const word = (text ?? '').toLowerCase();
  if (/^(?:1(?:\.0*)?|true)$/.test(word)) return true;
  return /^(?:0(?:\.0*)?|false)$/.test(word) ? false : undefined;
}

function isSaid(text: string | undefined): text is string {
  return text !== undefined && text !== '';
}

function joined(name: string): string {
  return name.toLowerCase().replaceAll(/[\s_.-]+/g, '');
}

function quoted(names: readonly string[], withVerb = true): string {
  const shown = names.slice(0, mostListed).map((name) => `“${name}”`);
  const more = names.length > mostListed ? [`${names.length - mostListed} more`] : [];
  const list = [...shown, ...more].join(', ');
  return withVerb ? `${list} ${names.length === 1 ? 'is' : 'are'}` : list;
}
