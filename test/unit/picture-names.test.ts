import { expect, it } from 'vitest';
import { namedPicture, pictureTitle, toldApart } from '../../src/shared/picture-names';

function ofGit(path: string, ref: string): string {
  return `git:${path}?${encodeURIComponent(JSON.stringify({ path, ref }))}`;
}

it.each([
  ['file:///data/cat.jpg', 'cat.jpg'],
  ['file:///c%3A/my%20cats/a%20%231.jpg', 'a #1.jpg'],
  ['vscode-remote://ssh-remote%2Bhost/data/cat.jpg', 'cat.jpg'],
  ['memory:/pictures/virtual.jpg', 'virtual.jpg'],
  ['file:///data/100%.jpg', '100%.jpg'],
  [ofGit('/data/cat.jpg', 'HEAD'), 'cat.jpg (HEAD)'],
  [ofGit('/data/cat.jpg', ''), 'cat.jpg (Index)'],
  [ofGit('/data/cat.jpg', '~'), 'cat.jpg (Index)'],
  [ofGit('/data/cat.jpg', '0123456789abcdef0123456789abcdef01234567'), 'cat.jpg (0123456)'],
  [ofGit('/data/cat.jpg', '0123456789abcdef0123456789abcdef01234567^'), 'cat.jpg (0123456^)'],
  [ofGit('/data/cat.jpg', 'main'), 'cat.jpg (main)'],
  ['git:/data/cat.jpg?no%20json', 'cat.jpg (git)'],
])('%s is called %s', (uri, title) => {
  expect(pictureTitle(uri)).toBe(title);
});

it('knows the folders', () => {
  expect(namedPicture('file:///data/train/cat.jpg').folders).toEqual(['', 'data', 'train']);
});

it('pictures of other names need no folder', () => {
  expect(toldApart(['file:///a/cat.jpg', 'file:///a/dog.jpg'])).toEqual(['cat.jpg', 'dog.jpg']);
});

it('those of the same name are told apart by as few folders as do', () => {
  const uris = ['file:///d/train/cat.jpg', 'file:///d/test/cat.jpg', 'file:///d/dog.jpg'];
  expect(toldApart(uris)).toEqual(['cat.jpg (train)', 'cat.jpg (test)', 'dog.jpg']);
  expect(toldApart(['file:///a/x/cat.jpg', 'file:///b/x/cat.jpg', 'file:///b/y/cat.jpg'])).toEqual([
    'cat.jpg (a/x)',
    'cat.jpg (b/x)',
    'cat.jpg (y)',
  ]);
});

it('one at the root of the disk, and one whose folders end those of the other', () => {
  expect(toldApart(['file:///cat.jpg', 'file:///a/cat.jpg'])).toEqual([
    'cat.jpg (/)',
    'cat.jpg (a)',
  ]);
  expect(toldApart(['file:///a/cat.jpg', 'file:///b/a/cat.jpg'])).toEqual([
    'cat.jpg (/a)',
    'cat.jpg (b/a)',
  ]);
});

it('versions of one file are told apart by their versions, and by folders where these are the same', () => {
  const head = ofGit('/d/train/cat.jpg', 'HEAD');
  expect(toldApart(['file:///d/train/cat.jpg', head])).toEqual(['cat.jpg', 'cat.jpg (HEAD)']);
  expect(toldApart([head, ofGit('/d/test/cat.jpg', 'HEAD')])).toEqual([
    'cat.jpg (HEAD, train)',
    'cat.jpg (HEAD, test)',
  ]);
});

it('the same picture twice is one', () => {
  expect(toldApart(['file:///a/cat.jpg', 'file:///a/cat.jpg'])).toEqual(['cat.jpg', 'cat.jpg']);
});
