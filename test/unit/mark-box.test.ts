/** Rectangles that are drawn on a picture: never beyond it, in whole pixels, of the shape that is asked for. */
import { describe, expect, it } from 'vitest';
import { boxBetween, firstBox, keyedBox, movedBox } from '../../src/webview/mark-box';

const size = { width: 400, height: 200 };

describe('a rectangle that the pointer draws', () => {
  it('lies between where it began and where the pointer is, whichever way', () => {
    const box = { left: 10, top: 20, width: 30, height: 40 };
    const [near, far] = [
      { x: 10.2, y: 19.6 },
      { x: 40.1, y: 60.3 },
    ];
    expect(boxBetween(near, far, size)).toEqual({ ...box, height: 41 });
    expect(boxBetween(far, near, size)).toEqual({ ...box, height: 41 });
  });

  it('ends at the edge of the picture', () => {
    expect(boxBetween({ x: 390, y: 190 }, { x: 900, y: 900 }, size)).toEqual({
      left: 390,
      top: 190,
      width: 10,
      height: 10,
    });
    expect(boxBetween({ x: 5, y: 5 }, { x: -50, y: -80 }, size)).toEqual({
      left: 0,
      top: 0,
      width: 5,
      height: 5,
    });
  });

  it('keeps its shape, as large as the picture has room for', () => {
    const square = boxBetween({ x: 100, y: 50 }, { x: 160, y: 60 }, size, 1);
    expect(square).toEqual({ left: 100, top: 50, width: 60, height: 60 });
    const bounded = boxBetween({ x: 100, y: 150 }, { x: 300, y: 190 }, size, 1);
    expect(bounded).toEqual({ left: 100, top: 150, width: 50, height: 50 });
    const leftwards = boxBetween({ x: 100, y: 150 }, { x: 20, y: 60 }, size, 2);
    expect(leftwards).toEqual({ left: 0, top: 100, width: 100, height: 50 });
  });

  it('is never nothing', () => {
    expect(boxBetween({ x: 400, y: 200 }, { x: 400, y: 200 }, size)).toEqual({
      left: 399,
      top: 199,
      width: 1,
      height: 1,
    });
  });
});

describe('a rectangle that is there', () => {
  const box = { left: 100, top: 50, width: 40, height: 20 };

  it('moves by keys and pointer, up to the edges', () => {
    expect(keyedBox(box, 'ArrowRight', false, size)).toEqual({ ...box, left: 110 });
    expect(keyedBox(box, 'ArrowUp', false, size)).toEqual({ ...box, top: 40 });
    expect(movedBox(box, 1000, -1000, size)).toEqual({ ...box, left: 360, top: 0 });
    expect(keyedBox(box, 'a', false, size)).toBeUndefined();
  });

  it('grows and shrinks by keys, down to a pixel and up to the edges', () => {
    expect(keyedBox(box, 'ArrowRight', true, size)).toEqual({ ...box, width: 50 });
    expect(keyedBox(box, 'ArrowDown', true, size)).toEqual({ ...box, height: 30 });
    const small = { ...box, width: 4, height: 4 };
    expect(keyedBox(small, 'ArrowLeft', true, size)).toEqual({ ...small, width: 1 });
    const wide = { ...box, width: 298 };
    expect(keyedBox(wide, 'ArrowRight', true, size)).toEqual({ ...box, width: 300 });
  });

  it('keeps the shape of a window', () => {
    const window = { left: 100, top: 50, width: 80, height: 40 };
    for (const key of ['ArrowRight', 'ArrowDown', 'ArrowLeft', 'ArrowUp']) {
      const { width = 0, height = 0 } = keyedBox(window, key, true, size, 2) ?? {};
      expect(width).toBe(2 * height);
      expect(width > 80).toBe(key === 'ArrowRight' || key === 'ArrowDown');
    }
    const most = { left: 100, top: 50, width: 300, height: 150 };
    expect(keyedBox(most, 'ArrowRight', true, size, 2)).toEqual(most);
  });
});

describe('a rectangle to begin with', () => {
  it('is a quarter of each side, in the middle or around a point', () => {
    expect(firstBox(size)).toEqual({ left: 150, top: 75, width: 100, height: 50 });
    expect(firstBox(size, undefined, { x: 0, y: 190 })).toEqual({
      left: 0,
      top: 150,
      width: 100,
      height: 50,
    });
  });

  it('is the largest window of the shape, or one that can be moved', () => {
    expect(firstBox(size, 1)).toEqual({ left: 100, top: 0, width: 200, height: 200 });
    expect(firstBox(size, 2)).toEqual({ left: 50, top: 25, width: 300, height: 150 });
  });
});
