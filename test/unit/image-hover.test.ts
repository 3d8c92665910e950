/** The links of a hover. */
import { expect, it, vi } from 'vitest';
import { commandUri } from '../../src/extension/code/image-hover';

vi.mock('vscode', () => import('../fixtures/editor-api'));

it('no bracket of a file’s name ends the link of a command, and it comes out as it was', () => {
  const name = 'file:///photos/cat) (1).jpg';
  const uri = commandUri('explain', name);
  expect(uri).not.toMatch(/[()\s]/);
  expect(JSON.parse(decodeURIComponent(uri.slice(uri.indexOf('?') + 1)))).toEqual([name]);
});
