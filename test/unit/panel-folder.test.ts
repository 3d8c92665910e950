/** The way through a folder’s pictures, without a gallery. */
import * as vscode from 'vscode';
import { expect, it, vi } from 'vitest';
import { PanelChannel } from '../../src/extension/panel/panel-channel';
import { PanelFolder } from '../../src/extension/panel/panel-folder';
import { emptyPanel, wayOf } from '../../src/shared/panel/panel-model';
import { newDisk } from '../fixtures/editor-api';

vi.mock('vscode', () => import('../fixtures/editor-api'));

const at = (name: string): vscode.Uri => vscode.Uri.file(`/photos/${name}`);

async function entered(name: string) {
  const channel = new PanelChannel(emptyPanel, () => undefined);
  const gone: string[] = [];
  const folder = new PanelFolder(channel, (picture) => gone.push(picture.path));
  await folder.enter(at(name), () => true);
  return { channel, folder, gone };
}

it('has the pictures of the folder alone, in the order in which the explorer lists them', async () => {
  newDisk(['b10.jpg', 'B2.png', 'a.webp', 'notes.txt', 'sub/c.jpg'].map((one) => `/photos/${one}`));
  const { channel, folder, gone } = await entered('B2.png');
  expect(channel.state.folder).toEqual({ title: 'photos', total: 3, at: 1, near: 1 });
  folder.step(at('B2.png'), 1);
  folder.step(at('B2.png'), -1);
  folder.step(at('a.webp'), -1);
  folder.goTo(at('a.webp'), 2);
  expect(gone).toEqual(['/photos/b10.jpg', '/photos/a.webp', '/photos/b10.jpg']);
});

it('goes on from where a picture stood that is gone', async () => {
  newDisk(['/photos/a.jpg', '/photos/c.jpg']);
  const { channel, folder, gone } = await entered('b.jpg');
  expect(channel.state.folder).toMatchObject({ total: 2, at: undefined, near: 1 });
  folder.step(at('b.jpg'), 1);
  folder.step(at('b.jpg'), -1);
  expect(gone).toEqual(['/photos/c.jpg', '/photos/a.jpg']);
});

it('is no way where a picture is alone, or nothing can be listed', async () => {
  newDisk(['/photos/a.jpg']);
  const alone = await entered('a.jpg');
  expect(wayOf(alone.channel.state)).toBeUndefined();
  newDisk([]);
  const unlisted = await entered('a.jpg');
  expect(unlisted.channel.state.folder).toBeUndefined();
  unlisted.folder.step(at('a.jpg'), 1);
  expect(unlisted.gone).toEqual([]);
});

it('is not that of a picture which was left while the folder was read', async () => {
  newDisk(['/photos/a.jpg', '/photos/b.jpg']);
  const channel = new PanelChannel(emptyPanel, () => undefined);
  await new PanelFolder(channel, () => undefined).enter(at('a.jpg'), () => false);
  expect(channel.state.folder).toBeUndefined();
});
