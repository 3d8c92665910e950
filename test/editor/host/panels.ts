/** Panels as the `vscode` API sees them. */
import assert from 'node:assert/strict';
import * as vscode from 'vscode';
import { commandIds, panelType } from '../../../src/extension/commands/command-ids';
import type { HostTest } from './host-test';
import { hostMarks } from './marks';
import { MemoryFiles } from './memory-files';

const { explainImage, keepPanel } = commandIds;

function workspaceFile(name: string): vscode.Uri {
  const folder = vscode.workspace.workspaceFolders?.[0];
  assert.ok(folder, 'a folder is open');
  return vscode.Uri.joinPath(folder.uri, name);
}

function ourTabs(): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(panelType),
    );
}

function labels(): readonly string[] {
  return ourTabs().map(({ label }) => label);
}

async function closeAll(): Promise<void> {
  await vscode.window.tabGroups.close(ourTabs());
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

const told = 'same.jpg (one) – ViT,same.jpg (other) – ViT';
const apart = 'another.jpg – ViT,same.jpg – ViT';

export const panelTests: readonly HostTest[] = [
  {
    name: 'a picture has one panel, however often it is explained',
    body: async () => {
      await vscode.commands.executeCommand(explainImage, workspaceFile('third.jpg'));
      await until('its tab is there', () => ourTabs().length === 1);
      await vscode.commands.executeCommand(explainImage, workspaceFile('third.jpg'));
      await until('it is in front', () => ourTabs()[0]?.isActive === true);
      await vscode.commands.executeCommand(keepPanel);
      await vscode.commands.executeCommand(explainImage, workspaceFile('second.webp'));
      await until('both tabs are there', () => ourTabs().length === 2);
      assert.deepEqual(labels(), ['third.jpg – ViT', 'second.webp – ViT']);
      await vscode.commands.executeCommand(explainImage, workspaceFile('third.jpg'));
      assert.equal(ourTabs().length, 2);
      await closeAll();
    },
  },
  {
    name: 'the next picture takes the place of the one before, unless that is kept, pinned, or the setting says otherwise',
    body: async () => {
      const explain = (name: string): Thenable<unknown> =>
        vscode.commands.executeCommand(explainImage, workspaceFile(name));
      await explain('third.jpg');
      await until('its tab is there', () => ourTabs()[0]?.isActive === true);
      await explain('second.webp');
      await until('it is another picture’s', () => labels().join() === 'second.webp – ViT');
      await vscode.commands.executeCommand('workbench.action.pinEditor');
      await until('the tab is pinned', () => ourTabs()[0]?.isPinned === true);
      await explain('third.jpg');
      await until('it was left alone', () => ourTabs().length === 2);
      await explain('scan.TIFF');
      await until('the new one was not', () => labels().includes('scan.TIFF – ViT'));
      assert.equal(ourTabs().length, 2);
      const configuration = vscode.workspace.getConfiguration('vitExplainer');
      await configuration.update('previewPanel', false, vscode.ConfigurationTarget.Global);
      try {
        await explain('third.jpg');
        await until('each has a panel', () => ourTabs().length === 3);
      } finally {
        await configuration.update('previewPanel', undefined, vscode.ConfigurationTarget.Global);
      }
      await closeAll();
    },
  },
  {
    name: 'the selection counts, not only what was clicked, and other files are left out',
    body: async () => {
      const selected = ['third.jpg', 'notes.txt', 'scan.TIFF'].map(workspaceFile);
      await vscode.commands.executeCommand(explainImage, selected[0], selected);
      await until('both pictures have tabs', () => ourTabs().length === 2);
      await closeAll();
    },
  },
  {
    name: 'commands take paths, addresses, parts of addresses and lists of these',
    body: async () => {
      const { fsPath } = workspaceFile('third.jpg');
      const parts: unknown = JSON.parse(JSON.stringify(workspaceFile('second.webp')));
      const address = workspaceFile('scan.TIFF').toString();
      await vscode.commands.executeCommand(explainImage, [fsPath, parts, address]);
      await until('all three have tabs', () => ourTabs().length === 3);
      await closeAll();
      await vscode.commands.executeCommand(explainImage, '${workspaceFolder}/third.jpg');
      await until('it has a tab', () => ourTabs().length === 1);
      await closeAll();
    },
  },
  {
    name: 'what names no file, and the web, opens no panel',
    body: async () => {
      for (const given of ['https://example.org/cat.jpg', 7, { file: 'cat.jpg' }])
        void vscode.commands.executeCommand(explainImage, given);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      assert.deepEqual(ourTabs(), []);
    },
  },
  {
    name: 'an SVG that is open as text is the open picture',
    body: async () => {
      const drawing = workspaceFile('drawing.svg');
      const text = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>';
      await vscode.workspace.fs.writeFile(drawing, Buffer.from(text));
      await vscode.window.showTextDocument(drawing);
      await vscode.commands.executeCommand(explainImage);
      await until('it has a tab', () => ourTabs().length === 1);
      assert.equal(ourTabs()[0]?.label, 'drawing.svg – ViT');
      await closeAll();
      await vscode.workspace.fs.delete(drawing);
    },
  },
  {
    name: 'pictures of the same name are told apart, and renamed ones are followed',
    body: async () => {
      const bytes = await vscode.workspace.fs.readFile(workspaceFile('third.jpg'));
      const [one, other] = ['one/same.jpg', 'other/same.jpg'].map(workspaceFile);
      assert.ok(one && other);
      for (const file of [one, other]) await vscode.workspace.fs.writeFile(file, bytes);
      await vscode.commands.executeCommand(explainImage, [one, other]);
      await until('both tabs say their folders', () => labels().join() === told);
      const rename = async (before: string, after: string): Promise<void> => {
        const edit = new vscode.WorkspaceEdit();
        edit.renameFile(workspaceFile(before), workspaceFile(after));
        assert.ok(await vscode.workspace.applyEdit(edit));
      };
      await rename('one', 'first');
      await until('the folder is followed', () => labels()[0] === 'same.jpg (first) – ViT');
      await rename('first/same.jpg', 'first/another.jpg');
      await until('the file is followed', () => labels().join() === apart);
      await closeAll();
      for (const folder of ['first', 'other'])
        await vscode.workspace.fs.delete(workspaceFile(folder), { recursive: true });
    },
  },
  {
    name: 'a picture of a virtual file system is shown and explained',
    body: async () => {
      const bytes = await vscode.workspace.fs.readFile(workspaceFile('third.jpg'));
      const files = new MemoryFiles({ '/pictures/virtual.jpg': bytes });
      const registration = vscode.workspace.registerFileSystemProvider('memory', files, {
        isReadonly: true,
      });
      const marks = hostMarks(__dirname);
      try {
        const picture = vscode.Uri.parse('memory:/pictures/virtual.jpg');
        await vscode.commands.executeCommand(explainImage, picture);
        await until('its tab is there', () => ourTabs().length === 1);
        if (process.env.NO_PAGE !== undefined) return; // nobody can look into the panel
        marks.leave('virtual-picture-opened');
        const deadline = Date.now() + 100_000;
        while (marks.read('virtual-picture-seen') === undefined) {
          const missed = marks.read('virtual-picture-missed');
          assert.equal(missed, undefined);
          assert.ok(Date.now() < deadline, 'the page looked into the panel');
          await new Promise((resolve) => setTimeout(resolve, 200));
        }
      } finally {
        registration.dispose();
        await closeAll();
      }
    },
  },
];
