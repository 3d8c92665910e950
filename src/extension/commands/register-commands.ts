/** Every command, by its id; what it does is loaded when it is run. */
import * as vscode from 'vscode';
import { failureData } from '../../shared/failure';
import type { LoadParts } from '../parts';
import { openSettings } from '../settings/read-setting';
import { commandIds, explainWithProbe, type AnyCommandName } from './command-ids';

export function registerCommands(
  loadParts: LoadParts,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const run = async (name: AnyCommandName, clicked: unknown, selected: unknown): Promise<void> => {
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
      if (answer === settings) await openSettings(failure.message);
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
