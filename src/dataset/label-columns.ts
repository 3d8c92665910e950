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
  readonly labelOf: (row: ManifestRow) => string | undefined;
  /** Where they were found, if that is not plain, in sentences. */
  readonly notices: readonly string[];
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
 * @param taken columns that hold something else
 */
export function findLabels(
  rows: readonly ManifestRow[],
  columns: readonly string[],
  taken: readonly string[],
  file: string,
): FoundLabels {
  const free = columns.filter(
    (column) => !taken.includes(column) && rows.some((row) => isSaid(row[column])),
  );
  const isNumbers = (column: string): boolean =>
    rows.every((row) => !isSaid(row[column]) || /^[+-]?\d+(\.0*)?$/.test(row[column] ?? ''));
  const known = [...nameColumns, ...labelColumns].flatMap((name) => findColumn(free, [name]) ?? []);
  const column = known.find((one) => !isNumbers(one)) ?? known[0];
  if (column !== undefined) {
    const others = known.filter((one) => one !== column);
    return {
      labelOf: (row) => onlyLabel(row[column]),
      notices: [
        ...(others.length === 0
          ? []
          : [
              `The labels of ${file} are those of its column “${column}”; ${quoted(others)} left aside.`,
            ]),
        ...severalNotice(rows, column, file),
      ],
    };
  }
  return oneHot(rows, free, file);
}

/** A list of one label is that label; a list of several stays as it is written, and names no class. */
function onlyLabel(text: string | undefined): string | undefined {
  if (!isSaid(text)) return undefined;
  const labels = listIn(text);
  return labels?.length === 1 ? labels[0] : text;
}

function severalNotice(rows: readonly ManifestRow[], column: string, file: string): string[] {
  const several = rows.filter((row) => (listIn(row[column] ?? '')?.length ?? 1) !== 1).length;
  return several === 0
    ? []
    : [
        `Rows of ${file} with several labels at once, or an empty list: ${several}. They count in no accuracy.`,
      ];
}

/** Of `["cat", "dog"]` or `[3]` as JSON writes it, or Python. */
function listIn(text: string): readonly string[] | undefined {
  const item = String.raw`\s*(?:"[^"]*"|'[^']*'|-?\d+(?:\.\d+)?)\s*`;
  if (!new RegExp(`^\\[(?:${item}(?:,${item})*)?\\s*\\]$`).test(text)) return undefined;
  const items = text.match(/"[^"]*"|'[^']*'|-?\d+(?:\.\d+)?/g) ?? [];
  return items.map((one) => one.replace(/^["'](.*)["']$/s, '$1'));
}

/** A class a column, 0 or 1 in each: two such columns at least, and never two 1 in a row. */
function oneHot(rows: readonly ManifestRow[], free: readonly string[], file: string): FoundLabels {
  const classes = free.filter((column) =>
    rows.every((row) => !isSaid(row[column]) || flagIn(row[column]) !== undefined),
  );
  const marked = (row: ManifestRow): readonly string[] =>
    classes.filter((column) => flagIn(row[column]) === true);
  const counts = rows.map((row) => marked(row).length);
  const several = counts.filter((count) => count > 1).length;
  const none = counts.filter((count) => count === 0).length;
  if (classes.length < 2 || none === rows.length) {
    return {
      labelOf: () => undefined,
      notices:
        free.length === 0
          ? []
          : [
              `No column of ${file} is known to hold labels; ${quoted(free)} left aside. Name the one that does “label”.`,
            ],
    };
  }
  // Attributes, not classes: hardly a row has one.
  if (several > rows.length / 2) {
    return {
      labelOf: () => undefined,
      notices: [
        `${file} has columns of 0 and 1 (${quoted(classes, false)}), but most rows have several 1: no label is taken from them.`,
      ],
    };
  }
  const unclear = several + none;
  return {
    labelOf: (row) => {
      const [label, ...others] = marked(row);
      return others.length === 0 ? label : undefined;
    },
    notices: [
      `The labels of ${file} are the names of its columns of 0 and 1: ${quoted(classes, false)}.${
        unclear === 0
          ? ''
          : ` Rows without a 1, or with several, and so without a label: ${unclear}.`
      }`,
    ],
  };
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
