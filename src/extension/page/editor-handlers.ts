/** What any page may ask of the editor around it. */
import * as vscode from 'vscode';
import type { FailureData } from '../../shared/failure-data';
import type { editorMessages } from '../../shared/protocol/editor-messages';
import type { Handlers, MessageOf } from '../../shared/protocol/messages';
import { commandIds } from '../commands/command-ids';
import { openSettings } from '../settings/read-setting';

/** @param failure what the page shows now, if it is one */
export function editorHandlers(
  log: vscode.LogOutputChannel,
  failure: () => FailureData | undefined,
): Handlers<MessageOf<typeof editorMessages>, Promise<void> | void> {
  return {
    openLog: () => log.show(true),
    openSettings: () => openSettings(failure()?.message ?? ''),
    manageModels: async () => {
      await vscode.commands.executeCommand(commandIds.manageModels);
    },
  };
}
