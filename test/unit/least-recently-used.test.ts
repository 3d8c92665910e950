import { expect, it } from 'vitest';
import { LeastRecentlyUsed } from '../../src/service/least-recently-used';

function cacheOf(limit: number) {
  const dropped: string[] = [];
  const cache = new LeastRecentlyUsed<{ name: string; cost: number }>(
    limit,
    ({ cost }) => cost,
    ({ name }) => dropped.push(name),
  );
  const add = (name: string, cost: number) => {
    cache.set(name, { name, cost });
  };
  return { cache, dropped, add };
}

it('drops what was used longest ago, once the sum exceeds the limit', () => {
  const { cache, dropped, add } = cacheOf(10);
  add('a', 4);
  add('b', 4);
  cache.get('a');
  add('c', 4);
  expect(dropped).toEqual(['b']);
  expect(cache.get('a')?.name).toBe('a');
  expect(cache.get('b')).toBeUndefined();
});

it('keeps the newest value whatever it costs', () => {
  const { cache, dropped, add } = cacheOf(10);
  add('a', 4);
  add('huge', 100);
  expect(dropped).toEqual(['a']);
  expect(cache.get('huge')?.cost).toBe(100);
});

it('drops again when a value has grown', () => {
  const { cache, dropped, add } = cacheOf(10);
  const growing = { name: 'growing', cost: 1 };
  add('a', 4);
  cache.set('growing', growing);
  growing.cost = 7;
  add('b', 3);
  expect(dropped).toEqual(['a']);
  add('c', 4);
  expect(dropped).toEqual(['a', 'growing']);
});
