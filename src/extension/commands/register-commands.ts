/** Every command, by its id; what it does is loaded when it is run. */
import * as vscode from 'vscode';
import { failureData } from '../../shared/failure';
import type { LoadParts } from '../parts';
import { commandIds, explainWithProbe, needsTrust, type AnyCommandName } from './command-ids';

export function registerCommands(
  loadParts: LoadParts,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const run = async (name: AnyCommandName, clicked: unknown, selected: unknown): Promise<void> => {
    if (needsTrust(name) && !vscode.workspace.isTrusted) return tellOfTrust();
    try {
      const { commands } = await loadParts();
      await commands[name](clicked, selected);
    } catch (error) {
      const failure = failureData(error);
      log.error(failure.message, failure.detail ?? '');
      const [settings, openLog] = ['Open Settings', 'Open Log'];
      const answer = await vscode.window.showErrorMessage(
        `${failure.message} ${failure.nextStep}`,
        ...(failure.code === 'setting-invalid' ? [settings] : []),
        openLog,
      );
      if (answer === settings) {
        const { openSettings } = await import('../settings/read-setting');
        await openSettings(failure.message);
      }
      if (answer === openLog) log.show();
    }
  };
  const ids = Object.entries({ ...commandIds, explainWithProbe });
  const registered = ids.map(([name, id]) =>
    vscode.commands.registerCommand(id, (clicked: unknown, selected: unknown) =>
      run(name as AnyCommandName, clicked, selected),
    ),
  );
  return vscode.Disposable.from(...registered);
}

async function tellOfTrust(): Promise<void> {
  const manage = 'Manage Workspace Trust';
  const answer = await vscode.window.showWarningMessage(
    'Models, probes and their reports are not opened in Restricted Mode, since this workspace is not trusted. Trust it if you know where its files come from, then try again.',
    manage,
  );
  if (answer === manage) await vscode.commands.executeCommand('workbench.trust.manage');
}
