import { beforeEach, expect, it, vi } from 'vitest';
import { Uri as EditorUri } from 'vscode';
import { readPicture } from '../../src/extension/panel/picture';
import { FileType, newDisk, special } from '../fixtures/editor-api';

vi.mock('vscode', () => import('../fixtures/editor-api'));

beforeEach(() => {
  special.clear();
  newDisk(['/disk/cat.jpg']);
});

it('a file is read', async () => {
  expect(await readPicture(EditorUri.file('/disk/cat.jpg'))).toHaveLength(1);
});

it.each([
  ['a folder', FileType.Directory, 0, /cat\.png is a folder and not a file/],
  ['a pipe', FileType.Unknown, 0, /cat\.png is a pipe or a device and not a file/],
  ['a link to a pipe', FileType.SymbolicLink, 0, /is a pipe or a device/],
  ['a file of 3 GB', FileType.File, 3e9, /has 3\.0\sGB, more than the 512 MB that are read/],
])('%s is refused before it is read', async (_, type, size, sentence) => {
  special.set('/disk/cat.png', { type, size });
  await expect(readPicture(EditorUri.file('/disk/cat.png'))).rejects.toMatchObject({
    code: 'image-unreadable',
    message: expect.stringMatching(sentence) as string,
  });
});

it('one that is not there is said to be gone', async () => {
  await expect(readPicture(EditorUri.file('/disk/gone.png'))).rejects.toMatchObject({
    message: 'gone.png is not there any more.',
  });
});
