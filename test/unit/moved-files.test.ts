import { expect, it, vi } from 'vitest';
import { Uri } from 'vscode';
import { movedTo } from '../../src/extension/page/moved-files';

vi.mock('vscode', () => import('../fixtures/editor-api'));

const files = [
  { oldUri: Uri.file('/data/cats'), newUri: Uri.file('/data/animals/cats') },
  { oldUri: Uri.file('/data/dog.jpg'), newUri: Uri.file('/data/hound.jpg') },
];

it.each([
  ['/data/dog.jpg', '/data/hound.jpg'],
  ['/data/cats/a.jpg', '/data/animals/cats/a.jpg'],
  ['/data/cats/deep/b.jpg', '/data/animals/cats/deep/b.jpg'],
  ['/data/cats.tar/a.jpg', undefined],
  ['/data/dog.jpg.png', undefined],
])('%s is at %s', (before, after) => {
  expect(movedTo(Uri.file(before), { files })?.path).toBe(after);
});

it('what lies elsewhere under the same path stays', () => {
  expect(movedTo(Uri.parse('git:/data/dog.jpg'), { files })).toBeUndefined();
});
