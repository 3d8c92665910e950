import { expect, it } from 'vitest';
import { findClass, findTwoClasses } from '../../src/shared/find-class';

const labels = ['tench', 'tabby, tabby cat', 'tiger cat', 'tiger', 'crane', 'crane'];

it.each([
  ['3', 3],
  ['77', 77],
  ['Tench', 0],
  ['tabby', 1],
  [' tabby cat ', 1],
  // A whole name wins over the beginning of another one.
  ['tiger', 3],
  ['tenc', 0],
])('“%s” is class %i', (text, index) => {
  expect(findClass(text, labels)).toBe(index);
});

it.each([
  ['cat', '1 tabby, tabby cat; 2 tiger cat'],
  ['crane', '4 crane; 5 crane'],
])('“%s” is ambiguous', (text, candidates) => {
  expect(() => findClass(text, labels)).toThrow(candidates);
});

it('names what is not there', () => {
  expect(() => findClass('submarine', labels)).toThrow('no class named “submarine”');
  expect(() => findClass('submarine', [])).toThrow('no class names');
});

it('does not list a thousand candidates', () => {
  const many = Array.from({ length: 1000 }, (_, index) => `bird ${index}`);
  expect(() => findClass('bird', many)).toThrow(/5 bird 5, and 994 more/);
});

it.each([
  ['3, 77', [3, 77]],
  ['tench,tiger', [0, 3]],
  ['tabby, tabby cat, tiger cat', [1, 2]],
  ['tiger cat,tabby', [2, 1]],
])('“%s” is the two classes %j', (text, classes) => {
  expect(findTwoClasses(text, labels)).toEqual(classes);
});

it.each([
  ['tench', 'does not name two classes'],
  ['tench,submarine', 'no class named “submarine”'],
  ['tench,cat', '“cat” fits several classes'],
  ['a,b,c', 'does not name two classes'],
])('“%s” is no two classes', (text, sentence) => {
  expect(() => findTwoClasses(text, [...labels, 'b, c'])).toThrow(sentence);
});

it('takes no comma by guess', () => {
  expect(() => findTwoClasses('one,two,three', ['one', 'two,three', 'one,two', 'three'])).toThrow(
    'in several ways',
  );
});
