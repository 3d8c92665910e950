/** What is compared: of four axes two are spread over rows and columns, the others are held at one of theirs. */
import * as v from 'valibot';
import { pictureChangeSchema, type PictureChange } from '../picture-change';
import type { Data } from '../schema';
import { classKeySchema } from './compared-class';

export const axes = ['methods', 'classes', 'models', 'pictures'] as const;

export type Axis = (typeof axes)[number];

/** More maps than this are not compared at once. */
export const mostCells = 100;

const idSchema = v.pipe(v.string(), v.maxLength(8192));
const listOf = <Item extends v.GenericSchema>(item: Item) =>
  v.pipe(v.array(item), v.maxLength(mostCells));

export const comparisonSchema = v.pipe(
  v.object({
    /** `none`: one row, whose cells are laid out as they fit. */
    rows: v.picklist([...axes, 'none']),
    columns: v.picklist(axes),
    /** By axis, what stands beside each other where it is spread; nothing: what is held. */
    spread: v.object({
      methods: listOf(idSchema),
      classes: listOf(classKeySchema),
      models: listOf(idSchema),
      pictures: listOf(idSchema),
    }),
    /** By axis, the one that is shown where it is not spread. */
    held: v.object({
      methods: idSchema,
      classes: classKeySchema,
      models: idSchema,
      pictures: idSchema,
    }),
    /** The model whose class numbers are meant. */
    classesOf: idSchema,
    /** What models that compare pictures with phrases are asked about. */
    phrases: v.array(v.string()),
    /** The picture that is changed before the models see it, where the panel that it came from changed it. */
    changed: v.exactOptional(v.object({ picture: idSchema, change: pictureChangeSchema })),
  }),
  v.check(({ rows, columns }) => rows !== columns),
);

/** Methods, models and pictures by id or address, classes by `classKey`. */
export type Comparison = Data<typeof comparisonSchema>;

/** Which map a cell has. */
export type CellAddress = Readonly<Record<Axis, string>>;

export function cellKey({ pictures, models, methods, classes }: CellAddress): string {
  return JSON.stringify([pictures, models, methods, classes]);
}

/** All pictures that it knows, by their addresses. */
export function picturesOf({ spread, held }: Comparison): readonly string[] {
  return [...new Set([...spread.pictures, held.pictures])];
}

/** How a picture is changed before the models see it. */
export function changeOf({ changed }: Comparison, picture: string): PictureChange | undefined {
  return changed?.picture === picture ? changed.change : undefined;
}

/** The same comparison with other addresses of its pictures. */
export function withPictures(comparison: Comparison, to: (uri: string) => string): Comparison {
  const { spread, held, changed } = comparison;
  return {
    ...comparison,
    ...(changed && { changed: { ...changed, picture: to(changed.picture) } }),
    spread: { ...spread, pictures: spread.pictures.map(to) },
    held: { ...held, pictures: to(held.pictures) },
  };
}

/** What stands on an axis, in its order. */
export function itemsOf({ rows, columns, spread, held }: Comparison, axis: Axis) {
  const items: readonly string[] = axis === rows || axis === columns ? spread[axis] : [];
  return items.length === 0 ? [held[axis]] : [...new Set(items)];
}

/** Row by row; only so many rows, one at least, that there are no more cells than may be. */
export function cellsOf(comparison: Comparison): readonly (readonly CellAddress[])[] {
  const { rows, columns, held } = comparison;
  const row = itemsOf(comparison, columns)
    .slice(0, mostCells)
    .map((column): CellAddress => ({ ...held, [columns]: column }));
  if (rows === 'none') return [row];
  return itemsOf(comparison, rows)
    .slice(0, Math.max(1, Math.floor(mostCells / row.length)))
    .map((item) => row.map((address) => ({ ...address, [rows]: item })));
}

/** How many cells there would be without the limit. */
export function cellsAsked(comparison: Comparison): number {
  const { rows, columns } = comparison;
  const down = rows === 'none' ? 1 : itemsOf(comparison, rows).length;
  return down * itemsOf(comparison, columns).length;
}

/** Spreads an axis over the columns; where the rows had it, they change places. */
export function withColumns(comparison: Comparison, columns: Axis): Comparison {
  const rows = comparison.rows === columns ? comparison.columns : comparison.rows;
  return { ...comparison, rows, columns };
}

/** Spreads an axis over the rows, or none; where the columns had it, they change places, or there is one row. */
export function withRows(comparison: Comparison, rows: Comparison['rows']): Comparison {
  if (rows !== comparison.columns) return { ...comparison, rows };
  if (comparison.rows === 'none') return comparison;
  return { ...comparison, rows, columns: comparison.rows };
}
