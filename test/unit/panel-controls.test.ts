import { describe, expect, it } from 'vitest';
import { failureActionNames, failureActions } from '../../src/webview/failure-actions';
import {
  formatBytes,
  formatDuration,
  formatFigure,
  formatFigures,
  formatLogit,
  formatShare,
} from '../../src/shared/format-number';
import { cellAt, moveCell } from '../../src/webview/patch-cursor';
import { searchClasses } from '../../src/webview/search-classes';
import { shortcutFor } from '../../src/webview/shortcuts';
import { processorMilliseconds } from '../processor-time';

describe('finding a class', () => {
  const labels = [
    'tabby cat',
    'catamaran',
    'dog',
    'Persian cat',
    'scatter',
    'bobcat',
    'Egyptian cat',
  ];
  const names = (typed: string, most = 10) =>
    searchClasses(labels, typed, most).map(({ label }) => label);

  it('prefers beginnings of names, then of words', () => {
    expect(names('cat')).toEqual([
      'catamaran',
      'tabby cat',
      'Persian cat',
      'Egyptian cat',
      'bobcat',
      'scatter',
    ]);
  });

  it('finds by number first', () => {
    expect(searchClasses(labels, ' 2 ', 5)[0]).toEqual({ index: 2, label: 'dog' });
  });

  it('ignores case, gives all for nothing typed and no more than asked', () => {
    expect(names('PERS')).toEqual(['Persian cat']);
    expect(names('', 3)).toEqual(['tabby cat', 'catamaran', 'dog']);
    expect(names('giraffe')).toEqual([]);
  });

  it('takes any number of a model without names', () => {
    expect(searchClasses([], '417', 5)).toEqual([{ index: 417, label: 'Class 417' }]);
    expect(searchClasses([], 'cat', 5)).toEqual([]);
  });

  it('is fast among many', () => {
    const many = Array.from({ length: 21_000 }, (_, index) => `class of things ${index}`);
    const start = processorMilliseconds();
    expect(searchClasses(many, 'things 20', 50)).toHaveLength(50);
    expect(processorMilliseconds() - start).toBeLessThan(500);
  });
});

describe('keys', () => {
  const key = (name: string, modifiers = {}) => ({
    key: name,
    ctrlKey: false,
    metaKey: false,
    altKey: false,
    shiftKey: false,
    ...modifiers,
  });

  it('work anywhere but where one types', () => {
    expect(shortcutFor(key('o'), 'elsewhere', false)).toEqual({ kind: 'original' });
    expect(shortcutFor(key('O'), 'button', false)).toEqual({ kind: 'original' });
    expect(shortcutFor(key('o'), 'text', false)).toBeUndefined();
    expect(shortcutFor(key('3'), 'elsewhere', false)).toEqual({ kind: 'class', position: 2 });
  });

  it('leave the space key to buttons, and chords to the editor', () => {
    expect(shortcutFor(key(' '), 'elsewhere', false)).toEqual({ kind: 'original' });
    expect(shortcutFor(key(' '), 'button', false)).toBeUndefined();
    expect(shortcutFor(key('s', { ctrlKey: true }), 'elsewhere', false)).toBeUndefined();
  });

  it('zoom in and out by one letter, whether or not capitals are locked', () => {
    const zoom = (name: string, shiftKey: boolean) =>
      shortcutFor(key(name, { shiftKey }), 'elsewhere', false);
    expect(zoom('z', false)).toEqual({ kind: 'zoom', by: 'in' });
    expect(zoom('Z', false)).toEqual({ kind: 'zoom', by: 'in' });
    expect(zoom('Z', true)).toEqual({ kind: 'zoom', by: 'out' });
    expect(zoom('z', true)).toEqual({ kind: 'zoom', by: 'out' });
    expect(zoom('0', false)).toEqual({ kind: 'zoom', by: 'fit' });
  });
});

describe('the cursor over the patches', () => {
  const shape = [4, 6] as const;

  it('finds the patch at a point', () => {
    expect(cellAt(0.99, 0.26, shape)).toEqual({ row: 1, column: 5 });
    expect(cellAt(1, 0.5, shape)).toBeUndefined();
    expect(cellAt(0.5, -0.01, shape)).toBeUndefined();
  });

  it('appears in the middle, moves and stops at the borders', () => {
    expect(moveCell(undefined, 'ArrowUp', shape, false)).toEqual({ row: 2, column: 3 });
    expect(moveCell({ row: 0, column: 0 }, 'ArrowUp', shape, false)).toEqual({ row: 0, column: 0 });
    expect(moveCell({ row: 0, column: 0 }, 'ArrowRight', shape, false)).toEqual({
      row: 0,
      column: 1,
    });
    expect(moveCell({ row: 1, column: 2 }, 'End', shape, false)).toEqual({ row: 1, column: 5 });
    expect(moveCell({ row: 1, column: 2 }, 'PageDown', shape, false)).toEqual({
      row: 3,
      column: 2,
    });
    expect(moveCell({ row: 1, column: 2 }, 'x', shape, false)).toBeUndefined();
  });

  it('goes a patch at a time over pixels with Shift', () => {
    expect(moveCell({ row: 0, column: 0 }, 'ArrowDown', [224, 224], true)).toEqual({
      row: 16,
      column: 0,
    });
  });
});

describe('failures', () => {
  it('each have a button, and each button a name', () => {
    for (const actions of Object.values(failureActions)) {
      expect(actions.length).toBeGreaterThan(0);
      for (const action of actions) expect(failureActionNames[action]).not.toBe('');
    }
  });
});

describe('figures', () => {
  it.each([
    [0, '0\u00A0%'],
    [0.0004, '< 0.1\u00A0%'],
    [0.034, '3.4\u00A0%'],
    [0.0999, '10\u00A0%'],
    [1, '100\u00A0%'],
  ])('share %f', (share, text) => expect(formatShare(share)).toBe(text));

  it.each([
    [0, '0'],
    [0.01234, '0.0123'],
    [-2.5, '−2.5'],
    [12345, '12345'],
    [1.234e-7, '1.23\u00A0·\u00A010⁻⁷'],
    [-2e9, '−2\u00A0·\u00A010⁹'],
  ])('relevance %f', (value, text) => expect(formatFigure(value)).toBe(text));

  it('values of one list with the same number of decimals', () => {
    expect(formatFigures([0.722, 1.55, -0.78])).toEqual(['0.722', '1.550', '−0.780']);
    expect(formatFigures([31.4, 0])).toEqual(['31.4', '0.0']);
    expect(formatFigures([0.722, 15_500])).toEqual(['0.722', '15500']);
    expect(formatFigures([2e-7, 1.5])).toEqual([formatFigure(2e-7), '1.5']);
    expect(formatFigures([])).toEqual([]);
  });

  it('logits, durations and sizes', () => {
    expect(formatLogit(-3.456)).toBe('−3.46');
    expect(formatDuration(85)).toBe('85\u00A0ms');
    expect(formatDuration(840)).toBe('0.84\u00A0s');
    expect(formatDuration(12_300)).toBe('12\u00A0s');
    expect(formatBytes(23.4e6)).toBe('23\u00A0MB');
    expect(formatBytes(1.23e9)).toBe('1.2\u00A0GB');
  });
});
