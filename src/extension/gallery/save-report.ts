/** A report is saved where the person wants it; a page can be opened at once. */
import * as vscode from 'vscode';

const formatNames = { html: 'Web Page', csv: 'CSV', jsonl: 'JSON Lines', json: 'JSON' } as const;

/**
 * @param proposed where the dialog begins
 * @param write asked when the person has said where to
 */
export async function saveReport(
  format: keyof typeof formatNames,
  proposed: vscode.Uri,
  write: () => string | Promise<string>,
): Promise<void> {
  const target = await vscode.window.showSaveDialog({
    title: 'Save Report',
    defaultUri: proposed,
    filters: { [formatNames[format]]: [format] },
  });
  if (target === undefined) return;
  await vscode.workspace.fs.writeFile(target, Buffer.from(await write()));
  if (format !== 'html') return;
  const open = 'Open';
  const answer = await vscode.window.showInformationMessage(
    `The report is in ${target.path.slice(target.path.lastIndexOf('/') + 1)}.`,
    open,
  );
  if (answer === open) await vscode.env.openExternal(target);
}
