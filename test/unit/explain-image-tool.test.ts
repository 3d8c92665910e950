/** What an assistant names: nothing is touched before the person's yes, and no other machine after it. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { LanguageModelTool, LogOutputChannel } from 'vscode';
import {
  explainImageTool,
  registerExplainImageTool,
} from '../../src/extension/code/explain-image-tool';
import { pictureOf, type ExplainImageInput } from '../../src/extension/code/explain-image-input';
import { disk, newDisk, tools, Uri, workspace } from '../fixtures/editor-api';

vi.mock('vscode', () => import('../fixtures/editor-api'));

const elsewhere = [
  '//host/share/cat.jpg',
  '\\\\host\\share\\cat.jpg',
  '/\\host/share/cat.jpg',
  '\\\\?\\UNC\\host\\share\\cat.jpg',
  '/??/UNC/host/cat.jpg',
  'file://host/share/cat.jpg',
  'file://localhost:80/cat.jpg',
  'file:////host/share/cat.jpg',
  'file:///%5Chost/share/cat.jpg',
  'FILE://host/share/cat.jpg',
  'http://host/cat.jpg',
  'vscode-vfs://github/owner/cat.jpg',
];

beforeEach(() => {
  newDisk(['/disk/cat.jpg', '/share/cat.jpg']);
  workspace.workspaceFolders = [{ uri: Uri.file('/disk') }];
});

describe('explain_image', () => {
  it.each(elsewhere)('asks no other machine for %s', async (path) => {
    await expect(pictureOf({ path })).rejects.toMatchObject({
      code: 'image-unreadable',
      message: expect.stringContaining('no other machine is asked for pictures') as string,
      nextStep: expect.stringContaining('the workspace is in') as string,
    });
    expect(disk).toMatchObject({ stats: [], listings: [] });
  });

  it('reads from the host that the workspace is on anyway', async () => {
    workspace.workspaceFolders = [{ uri: Uri.file('//Host/share') }];
    const uri = await pictureOf({ path: '//host/share/cat.jpg' });
    expect(uri.toString()).toBe('file://host/share/cat.jpg');
    await expect(pictureOf({ path: '//other/share/cat.jpg' })).rejects.toThrow('no other machine');
  });

  it('reads what is here', async () => {
    for (const path of ['/disk/cat.jpg', 'file:///disk/cat.jpg'])
      expect((await pictureOf({ path })).path).toBe('/disk/cat.jpg');
  });

  it('asks the person without touching anything, and shows the path as it is', async () => {
    const loaded = vi.fn();
    registerExplainImageTool(loaded, {} as LogOutputChannel);
    const tool = tools.get(explainImageTool) as LanguageModelTool<ExplainImageInput>;
    const ask = async (path: string) => {
      const options = { input: { path } };
      const prepared = await tool.prepareInvocation?.(options, {} as never);
      return JSON.stringify(prepared);
    };
    for (const path of elsewhere)
      expect(await ask(path)).toContain(JSON.stringify(path).slice(1, -1));
    expect(await ask('/a\u202egnp.exe\n\nYes.png')).toContain(
      '/a\\\\u202egnp.exe\\\\x0a\\\\x0aYes.png',
    );
    expect(loaded).not.toHaveBeenCalled();
    expect(disk).toMatchObject({ stats: [], listings: [] });
  });
});
