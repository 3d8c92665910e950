/** What is compared, and what becomes of it as it is chosen and found. */
import { describe, expect, it } from 'vitest';
import * as v from 'valibot';
import { classKey, classOfKey, sameClass } from '../../src/shared/compare/compared-class';
import {
  cellKey,
  cellsAsked,
  cellsOf,
  comparisonSchema,
  mostCells,
  withColumns,
  withRows,
  type CellAddress,
  type Comparison,
} from '../../src/shared/compare/comparison';
import { intended, learned } from '../../src/shared/compare/comparison-facts';
import {
  emptyComparison,
  missingCells,
  type Cell,
  type ComparisonState,
} from '../../src/shared/compare/comparison-state';
import type { Looks } from '../../src/shared/panel/looks';
import { fromComparisonSchema } from '../../src/shared/protocol/compare';
import { gridStep } from '../../src/webview/compare/grid-step';
import { cellUnder, middleOf, pointerAt } from '../../src/webview/compare/shared-pointer';
import { movedBy, showing, zoomedAt } from '../../src/webview/compare/shared-zoom';
import { initialPage, update } from '../../src/webview/compare/comparison-page';

const comparison: Comparison = {
  rows: 'none',
  columns: 'methods',
  spread: {
    methods: ['gae', 'libra'],
    classes: ['top:1', 'top:2'],
    models: ['a'],
    pictures: ['p'],
  },
  held: { methods: 'gae', classes: 'class:7', models: 'a', pictures: 'p' },
  classesOf: 'a',
  phrases: [],
};

function none(address: CellAddress, kind: 'none' | 'failed' = 'none'): Cell {
  return { address, outcome: { kind, reason: 'Why.' } };
}

function asking(asked: Comparison, cells: readonly Cell[] = []): ComparisonState {
  return { ...emptyComparison, asked, cells };
}

describe('a class of a comparison', () => {
  it('is written as a text and read again', () => {
    for (const compared of [
      { kind: 'ranked', rank: 3 },
      { kind: 'named', index: 281 },
      { kind: 'contrast', index: 281, against: 0 },
    ] as const)
      expect(classOfKey(classKey(compared))).toEqual(compared);
    expect(() => classOfKey('top:0')).toThrow(RangeError);
  });

  it('is the class of the same name in another model, of the same number where one has no names', () => {
    expect(sameClass(1, ['cat', 'dog, hound'], ['Dog', 'bird'])).toBe(0);
    expect(sameClass(0, ['cat'], ['dog'])).toBeUndefined();
    expect(sameClass(5, [], ['dog'])).toBe(5);
  });
});

describe('the cells', () => {
  it('are those of two axes, with the others held', () => {
    const rows = cellsOf(withRows(comparison, 'classes'));
    expect(rows.map((row) => row.map(({ methods, classes }) => [methods, classes]))).toEqual([
      [
        ['gae', 'top:1'],
        ['libra', 'top:1'],
      ],
      [
        ['gae', 'top:2'],
        ['libra', 'top:2'],
      ],
    ]);
    expect(cellsOf(comparison)).toEqual([
      ['gae', 'libra'].map((methods) => ({ ...comparison.held, methods })),
    ]);
  });

  it('are never more than may be, in whole rows', () => {
    const methods = Array.from({ length: 60 }, (_, at) => `method ${at}`);
    const many = withRows({ ...comparison, spread: { ...comparison.spread, methods } }, 'classes');
    expect(cellsAsked(many)).toBe(120);
    expect(cellsOf(many)).toHaveLength(1);
    expect(cellsOf(many).flat().length).toBeLessThanOrEqual(mostCells);
  });

  it('change places where rows and columns are chosen alike', () => {
    const both = withRows(comparison, 'classes');
    expect(withRows(both, 'methods')).toMatchObject({ rows: 'methods', columns: 'classes' });
    expect(withColumns(both, 'classes')).toMatchObject({ rows: 'methods', columns: 'classes' });
    expect(withRows(comparison, 'methods')).toBe(comparison);
  });
});

describe('messages', () => {
  it('are a comparison of two different axes and classes that are well formed', () => {
    expect(v.is(comparisonSchema, comparison)).toBe(true);
    expect(v.is(comparisonSchema, { ...comparison, rows: 'methods' })).toBe(false);
    const asked = { ...comparison, held: { ...comparison.held, classes: 'tabby' } };
    expect(v.is(fromComparisonSchema, { kind: 'choose', asked })).toBe(false);
    expect(v.is(fromComparisonSchema, { kind: 'choose', asked: comparison })).toBe(true);
  });
});

describe('what is known', () => {
  it('is asked for once, and what went wrong again when it is tried again', () => {
    const [gae, libra] = cellsOf(comparison).flat();
    if (gae === undefined || libra === undefined) throw new Error('There are two cells.');
    const found = learned(asking(comparison), { kind: 'found', cells: [none(gae, 'failed')] });
    expect(missingCells(found)).toEqual([libra]);
    const retried = intended(found, { kind: 'retry' });
    expect(missingCells(retried)).toEqual([gae, libra]);
    expect(retried.activity.kind).toBe('busy');
  });

  it('is there at once where it was asked for before', () => {
    const cells = cellsOf(comparison)
      .flat()
      .map((address) => none(address));
    const elsewhere = { ...comparison, held: { ...comparison.held, classes: 'top:1' } };
    const state = intended(asking(comparison, cells), { kind: 'choose', asked: elsewhere });
    expect(state.activity.kind).toBe('busy');
    const back = intended(state, { kind: 'choose', asked: comparison });
    expect(back.activity.kind).toBe('idle');
  });

  it('no longer holds of a picture or a model that changed', () => {
    const [cell] = cellsOf(comparison).flat();
    if (cell === undefined) throw new Error('There is a cell.');
    const state = asking(comparison, [none(cell), none({ ...cell, pictures: 'q' })]);
    expect(learned(state, { kind: 'outdated', picture: 'q' }).cells).toEqual([none(cell)]);
    expect(learned(state, { kind: 'outdated', model: 'a' }).cells).toEqual([]);
    expect(learned(state, { kind: 'outdated', model: 'b' }).cells).toHaveLength(2);
    expect(learned(state, { kind: 'outdated' }).cells).toEqual([]);
  });

  it('is forgotten where it is too much, but for what is asked for now', () => {
    const asked = cellsOf(comparison)
      .flat()
      .map((address) => none(address));
    const others = Array.from({ length: 250 }, (_, at) =>
      none({ ...comparison.held, pictures: `other ${at}` }),
    );
    const { cells } = learned(asking(comparison, others), { kind: 'found', cells: asked });
    expect(cells.map(({ address }) => cellKey(address)).sort()).toEqual(
      asked.map(({ address }) => cellKey(address)).sort(),
    );
  });
});

describe('the page', () => {
  it('marks two maps, the oldest mark going, and none that is not compared any more', () => {
    const change = { asked: withRows(comparison, 'classes') };
    let { model } = update(initialPage(undefined), {
      kind: 'received',
      change: { kind: 'state', heard: 0, changed: change, gone: [] },
    });
    const keys = cellsOf(change.asked).flat().map(cellKey);
    for (const key of keys.slice(0, 3)) ({ model } = update(model, { kind: 'marked', key }));
    expect(model.view.marked).toEqual(keys.slice(1, 3));
    ({ model } = update(model, {
      kind: 'said',
      message: {
        kind: 'choose',
        asked: { ...comparison, held: { ...comparison.held, classes: 'top:1' } },
      },
    }));
    expect(model.view.marked).toEqual(keys.slice(1, 2));
  });

  it('draws as the panel did that opened it, and after a reload as the person chose since', () => {
    const looks: Looks = {
      opacity: 0.3,
      colourMap: 'jet',
      drawing: 'patches',
      evidence: 'for-and-against',
      showOriginal: true,
      otsu: true,
    };
    const changed = { asked: comparison, looks, colourMap: 'magma' };
    const change = { kind: 'state', heard: 0, changed, gone: [] } as const;
    const opened = update(initialPage(undefined), { kind: 'received', change }).model;
    expect(opened.view.look).toMatchObject({ ...looks, showOriginal: false });
    const chosen = { ...opened.view, look: { ...opened.view.look, opacity: 0.9 } };
    const again = initialPage({ asked: comparison, view: chosen });
    const { model } = update(again, { kind: 'received', change });
    expect(model.view.look).toMatchObject({ opacity: 0.9, colourMap: 'jet' });
  });
});

describe('the keys', () => {
  it('go along rows and columns, also of one row that is laid out as it fits', () => {
    const rows = [
      ['a', 'b', 'c'],
      ['d', 'e', 'f'],
    ];
    expect(gridStep('ArrowRight', rows, 'b', undefined)).toBe('c');
    expect(gridStep('ArrowRight', rows, 'c', undefined)).toBeUndefined();
    expect(gridStep('ArrowDown', rows, 'b', undefined)).toBe('e');
    expect(gridStep('Home', rows, 'f', undefined)).toBe('d');
    const flow = [['a', 'b', 'c', 'd', 'e']];
    expect(gridStep('ArrowDown', flow, 'b', 2)).toBe('d');
    expect(gridStep('End', flow, 'e', 2)).toBe('e');
    expect(gridStep('ArrowUp', flow, 'a', 2)).toBeUndefined();
  });
});

describe('the pointer', () => {
  const seen = { imageWidth: 100, imageHeight: 100, left: 0, top: 0, width: 50, height: 100 };

  it('is at the same place of the picture, whatever a model saw of it', () => {
    const pointer = pointerAt('p', seen, { x: 0.5, y: 0.5 }, 'pointer');
    const other = { ...seen, left: 20, width: 10 };
    expect(cellUnder(pointer, 'p', seen, [4, 4])).toEqual({ row: 2, column: 2 });
    expect(cellUnder(pointer, 'p', other, [4, 4])).toEqual({ row: 2, column: 2 });
    expect(cellUnder(pointer, 'p', { ...seen, left: 60, width: 40 }, [4, 4])).toBeUndefined();
  });

  it('is at the same place of what was seen of another picture', () => {
    const patch = { row: 1, column: 3 };
    const pointer = pointerAt('p', seen, middleOf(patch, [4, 4]), 'key');
    expect(cellUnder(pointer, 'q', { ...seen, left: 50 }, [4, 4])).toEqual(patch);
  });
});

describe('the zoom', () => {
  it('leaves what is under the pointer where it is, and shows nothing beyond the edges', () => {
    const part = zoomedAt({ zoom: 1, x: 0, y: 0 }, 2, { x: 0.25, y: 1 });
    expect(part).toEqual({ zoom: 2, x: 0.125, y: 0.5 });
    expect(movedBy(part, { x: 1, y: -1 })).toEqual({ zoom: 2, x: 0, y: 0.5 });
    expect(zoomedAt(part, 1)).toEqual({ zoom: 1, x: 0, y: 0 });
    expect(showing(part, { x: 0.9, y: 0.6 })).toEqual({ zoom: 2, x: 0.4, y: 0.5 });
  });
});
