import { beforeEach, expect, it, vi } from 'vitest';
import type { LogOutputChannel } from 'vscode';
import { commandIds, explainWithProbe } from '../../src/extension/commands/command-ids';
import { registerCommands } from '../../src/extension/commands/register-commands';
import type { Parts } from '../../src/extension/parts';
import { registered, told, workspace } from '../fixtures/editor-api';
import manifest from '../../package.json' with { type: 'json' };

vi.mock('vscode', () => import('../fixtures/editor-api'));

let ran: string[];
beforeEach(() => {
  ran = [];
  told.length = 0;
  const handlers = new Proxy({}, { get: (_, name) => () => ran.push(String(name)) });
  registerCommands(() => Promise.resolve({ commands: handlers } as Parts), {
    error: () => undefined,
  } as unknown as LogOutputChannel);
});

const needTrust = ['explainWithModel', 'trainProbe', 'showProbeReport', 'explainWithProbe'];
const ids = Object.entries({ ...commandIds, explainWithProbe });

it.each(ids)('%s in a workspace that is not trusted, whoever runs it', async (name, id) => {
  workspace.isTrusted = false;
  await registered.get(id)?.('file:///model.onnx');
  const isRefused = needTrust.includes(name);
  expect(ran).toEqual(isRefused ? [] : [name]);
  expect(told.map((message) => message.includes('Restricted Mode'))).toEqual(
    isRefused ? [true] : [],
  );
});

it.each(ids)('%s in a trusted one', async (name, id) => {
  workspace.isTrusted = true;
  await registered.get(id)?.('file:///model.onnx');
  expect(ran).toEqual([name]);
});

it('menus hide what would be refused', () => {
  const entries = Object.values(manifest.contributes.menus)
    .flat()
    .filter(({ when }) => when.includes('isWorkspaceTrusted'));
  for (const { command } of entries)
    expect(needTrust.map((name) => `vitExplainer.${name}`)).toContain(command);
});
