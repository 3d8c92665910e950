/** The extension starts when it is asked for, quickly, and offers what its manifest says. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds } from '../../../src/extension/commands/command-ids';
import type { HostTest } from './host-test';

const extensionId = 'vit-explainer.vit-explainer';

export function ourExtension(): vscode.Extension<unknown> {
  const extension = vscode.extensions.getExtension(extensionId);
  assert.ok(extension, 'the extension is installed');
  return extension;
}

export const activationTests: readonly HostTest[] = [
  {
    // Newer editors keep JSON of their own from the first moment on, which wakes every extension for
    // JSON. One of theirs, which waits for JSON and Markdown alone, tells whether that has happened.
    name: 'the extension is not active before the editor meets one of its languages',
    body: async () => {
      const theirs = vscode.extensions.getExtension('vscode.extension-editing');
      assert.ok(theirs, 'the editor’s own extension is there');
      const deadline = performance.now() + 5000;
      while (ourExtension().isActive !== theirs.isActive && performance.now() < deadline)
        await new Promise((resolve) => setTimeout(resolve, 50));
      assert.equal(ourExtension().isActive, theirs.isActive);
    },
  },
  // The bench compares: the first one that an editor activates costs more than later ones.
  ...['search-result', 'media-preview'].map((name) => ({
    name: `the editor’s own ${name} activates`,
    body: async () => {
      const theirs = vscode.extensions.getExtension(`vscode.${name}`);
      assert.ok(theirs, 'it is there');
      await theirs.activate();
    },
  })),
  {
    name: 'it activates within a second',
    body: async () => {
      const started = performance.now();
      await ourExtension().activate();
      const milliseconds = performance.now() - started;
      assert.ok(milliseconds < 1000, `it took ${milliseconds} ms`);
    },
  },
  {
    name: 'code without pictures loads nothing that answers, code with them does',
    body: async () => {
      const isLoaded = (): boolean =>
        Object.keys(require.cache).some((file) => /extension-code-answers-\w+\.js$/.test(file));
      const links = async (content: string): Promise<void> => {
        const { uri } = await vscode.workspace.openTextDocument({ language: 'python', content });
        await vscode.commands.executeCommand('vscode.executeLinkProvider', uri);
      };
      await links('import torch\n');
      assert.equal(isLoaded(), false);
      await links('Image.open("nowhere/none.jpg")\n');
      assert.equal(isLoaded(), true);
    },
  },
  {
    name: 'every command is registered',
    body: async () => {
      const known = new Set(await vscode.commands.getCommands(true));
      for (const id of Object.values(commandIds)) assert.ok(known.has(id), id);
    },
  },
];
