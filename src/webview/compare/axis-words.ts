/** What stands on the axes of a comparison, in words. */
import { changeInFull } from '../../shared/change-in-words';
import { classOfKey } from '../../shared/compare/compared-class';
import { picturesOf, type Axis, type Comparison } from '../../shared/compare/comparison';
import type { Cell, ComparisonState } from '../../shared/compare/comparison-state';
import { toldApart } from '../../shared/picture-names';

export const axisNames: Readonly<Record<Axis, { readonly one: string; readonly many: string }>> = {
  methods: { one: 'Method', many: 'Methods' },
  classes: { one: 'Class', many: 'Classes' },
  models: { one: 'Model', many: 'Models' },
  pictures: { one: 'Picture', many: 'Pictures' },
};

/** Of a method, class, model or picture. */
export function itemName(state: ComparisonState, axis: Axis, item: string): string {
  switch (axis) {
    case 'methods':
      return state.methods.find(({ id }) => id === item)?.name ?? item;
    case 'classes':
      return className(state, item);
    case 'models':
      return modelName(state, item);
    case 'pictures':
      return pictureTitleAmong(state, item);
  }
}

/** How the one picture is changed that is, with the place of every rectangle; undefined where none is. */
export function changedInWords(state: ComparisonState, asked: Comparison): string | undefined {
  const { changed } = asked;
  if (changed === undefined) return undefined;
  const name = pictureTitleAmong(state, changed.picture);
  return `${name} is changed before a model sees it: ${changeInFull(changed.change)}.`;
}

/** Told apart from the other pictures of the comparison. */
function pictureTitleAmong({ asked }: ComparisonState, item: string): string {
  const pictures = [item, ...(asked === undefined ? [] : picturesOf(asked))];
  return toldApart(pictures)[0] ?? item;
}

function modelName({ opened, models }: ComparisonState, item: string): string {
  const known = [...opened, ...models].find(({ id }) => id === item);
  return known?.name ?? item.slice(item.lastIndexOf('/') + 1);
}

function className(state: ComparisonState, key: string): string {
  const labels = state.opened.find(({ id }) => id === state.asked?.classesOf)?.labels ?? [];
  const nameOf = (index: number): string => labels[index] ?? `class ${index}`;
  const compared = classOfKey(key);
  switch (compared.kind) {
    case 'named':
      return nameOf(compared.index);
    case 'contrast':
      return `${nameOf(compared.index)} rather than ${nameOf(compared.against)}`;
    case 'ranked': {
      const place = compared.rank === 1 ? 'Most probable' : `${compared.rank}. most probable`;
      const name = state.asked && onlyName(state.cells, state.asked, key);
      return name === undefined ? `${place} class` : `${compared.rank}. ${name}`;
    }
  }
}

/** Of a place in the ranking, where it is the same class in all cells that there may be. */
function onlyName(cells: readonly Cell[], { rows, columns, held }: Comparison, key: string) {
  const spread = [rows, columns];
  if (spread.includes('pictures') || spread.includes('models')) return undefined;
  const cell = cells.find(
    ({ address: { pictures, models, classes }, outcome }) =>
      outcome.kind === 'map' &&
      pictures === held.pictures &&
      models === held.models &&
      classes === key,
  );
  return cell?.outcome.kind === 'map' ? cell.outcome.heatmap.label : undefined;
}

/** A heading of its own for a cell: what differs from its neighbours. */
export function cellName(state: ComparisonState, asked: Comparison, cell: Cell['address']): string {
  const { rows, columns } = asked;
  const names = rows === 'none' ? [columns] : [rows, columns];
  return names.map((axis) => itemName(state, axis, cell[axis])).join(', ');
}
