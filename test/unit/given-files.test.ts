import os from 'node:os';
import { expect, it, vi } from 'vitest';
import { Uri } from 'vscode';
import { filesGiven } from '../../src/extension/commands/given-files';

vi.mock('vscode', () => import('../fixtures/editor-api'));

function paths(clicked: unknown, selected?: unknown): readonly string[] {
  return filesGiven(clicked, selected).map(String);
}

const cat = 'file:///disk/cat.jpg';

it.each([
  ['a Uri', Uri.file('/disk/cat.jpg')],
  ['the text of one', cat],
  ['a path', '/disk/cat.jpg'],
  ['a path from the workspace folder', 'cat.jpg'],
  ['one with a variable', '${workspaceFolder}/cat.jpg'],
  ['what is left of a Uri in JSON', { $mid: 1, scheme: 'file', path: '/disk/cat.jpg' }],
  ['a list', [Uri.file('/disk/cat.jpg')]],
  ['a list of a path', ['/disk/cat.jpg']],
])('%s', (_, given) => {
  expect(paths(given)).toEqual([cat]);
});

it('several of different kinds', () => {
  expect(paths(['/disk/cat.jpg', { scheme: 'git', path: '/disk/cat.jpg', query: 'x' }])).toEqual([
    cat,
    'git:///disk/cat.jpg',
  ]);
});

it('a path from the home folder', () => {
  expect(filesGiven('~/cat.jpg')[0]?.path).toBe(`${os.homedir()}/cat.jpg`);
});

it('the selection counts, where there is one', () => {
  expect(paths(Uri.file('/disk/dog.jpg'), ['/disk/cat.jpg'])).toEqual([cat]);
  expect(paths('/disk/cat.jpg', { groupId: 1 })).toEqual([cat]);
  expect(paths('/disk/cat.jpg', [])).toEqual([cat]);
});

it.each([
  ['nothing', undefined],
  ['null', null],
  ['an empty list', []],
  ['a page of the editor', { webview: 'imagePreview.previewEditor', preventDefault: true }],
  ['a group of editors', { groupId: 1 }],
])('%s names none', (_, given) => {
  expect(paths(given)).toEqual([]);
});

it.each([
  ['a number', 7, /was given 7, which names no file/],
  ['an empty text', '  ', /was given the text “ {2}”/],
  ['an object', { file: 'cat.jpg' }, /was given \{"file":"cat\.jpg"\}/],
  ['a list of lists', [['/disk/cat.jpg']], /names no file/],
  ['a function', () => 1, /something of the type function/],
  ['an address on the web', 'https://example.org/cat.jpg', /is on the web; pictures are read from/],
  ['parts of one', { scheme: 'https', authority: 'a.org', path: '/cat.jpg' }, /is on the web/],
])('%s is refused by a sentence', (_, given, sentence) => {
  expect(() => paths(given)).toThrow(sentence);
});
