/** Once a panel is closed and the worker has been idle, nothing of the extension's runs. */
import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import * as vscode from 'vscode';
import { commandIds, panelType } from '../../../src/extension/commands/command-ids';
import { ourExtension } from './activation';
import type { HostTest } from './host-test';

/** Long enough for the look through the caches that comes ten seconds after the last call. */
const longest = 60_000;

/** The worker processes below this extension host, as the operating system lists them. */
function workers(): readonly string[] {
  return execFileSync('ps', ['-eo', 'ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line.startsWith(`${process.pid} `) && /\bworker\.js\b/.test(line));
}

/** The timers that the extension's own programs set meanwhile and that are still to fire. */
function timersOf(programs: string): { readonly pending: () => number; readonly end: () => void } {
  const pending = new Map<number, NodeJS.Timeout>();
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = 40;
  const hook = createHook({
    init: (id, type, _cause, resource) => {
      if (type === 'Timeout' && new Error('set here').stack?.includes(programs) === true)
        pending.set(id, resource as NodeJS.Timeout);
    },
    destroy: (id) => pending.delete(id),
  }).enable();
  return {
    pending: () => pending.size,
    end: () => {
      hook.disable();
      Error.stackTraceLimit = limit;
    },
  };
}

async function until(what: string, isSo: () => boolean): Promise<void> {
  const deadline = Date.now() + longest;
  while (!isSo()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

function ourTabs(): readonly vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(panelType),
    );
}

export const atRestTests: readonly HostTest[] = [
  {
    name: 'with its panel closed and its worker idle, nothing of it runs',
    body: async () => {
      if (process.platform === 'win32') return; // no `ps`
      const [folder] = vscode.workspace.workspaceFolders ?? [];
      assert.ok(folder, 'a folder is open');
      const configuration = vscode.workspace.getConfiguration('vitExplainer');
      await ourExtension().activate();
      await configuration.update('idleSeconds', 2, vscode.ConfigurationTarget.Global);
      const timers = timersOf(path.join(ourExtension().extensionPath, 'dist'));
      let most = 0;
      try {
        await until('no worker of another test is there', () => workers().length === 0);
        const picture = vscode.Uri.joinPath(folder.uri, 'third.jpg');
        await vscode.commands.executeCommand(commandIds.explainImage, picture);
        await until('a worker runs', () => workers().length === 1);
        // One call after the other: what the panel asks for is answered before the second of these.
        for (const k of [1, 2]) {
          most = Math.max(most, timers.pending());
          const input = { path: picture.fsPath, k };
          await vscode.lm.invokeTool('explain_image', { input, toolInvocationToken: undefined });
        }
        await vscode.window.tabGroups.close(ourTabs());
        assert.equal(workers().length, 1, 'it was not ended, but left alone');
        await until('it has ended by itself', () => workers().length === 0);
        most = Math.max(most, timers.pending());
        assert.ok(most > 0, 'timers are seen');
        await until('none of its timers is left', () => timers.pending() === 0);
      } finally {
        timers.end();
        await configuration.update('idleSeconds', undefined, vscode.ConfigurationTarget.Global);
      }
    },
  },
];
