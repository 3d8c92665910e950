/** Which pictures a command is about: the explorer's selection, the open picture, or one that is picked. */
import * as vscode from 'vscode';
import { findFiles } from './find-files';
import { isImagePath, pictureEndings, pictureFormats } from '../shared/picture-endings';

/** More panels than this at once are opened only when the person says so. */
const manyPanels = 8;
const listedPictures = 2000;

/**
 * @param clicked what the menu was opened on, or the text of its address from a link in a text; other
 *   things come from webview menus
 * @param selected the explorer's whole selection
 * @returns the pictures, none when the person changed their mind
 */
export async function picturesFor(
  clicked: unknown,
  selected: unknown,
): Promise<readonly vscode.Uri[]> {
  if (typeof clicked === 'string') return [vscode.Uri.parse(clicked, true)];
  const given =
    Array.isArray(selected) && selected.length > 0 ? (selected as unknown[]) : [clicked];
  const pictures = given.filter(
    (uri): uri is vscode.Uri => uri instanceof vscode.Uri && isImagePath(uri.path),
  );
  if (pictures.length > manyPanels && !(await confirmed(pictures.length))) return [];
  if (pictures.length > 0) return pictures;
  if (clicked instanceof vscode.Uri) {
    void vscode.window.showWarningMessage(
      `${clicked.path} is no picture that ViT Explainer reads: ${pictureFormats}.`,
    );
    return [];
  }
  const open = pictureInFront();
  if (open !== undefined) return [open];
  const picked = await pickPicture();
  return picked === undefined ? [] : [picked];
}

/** The picture in the active editor, as text (SVG) or in a preview. */
function pictureInFront(): vscode.Uri | undefined {
  const input = vscode.window.tabGroups.activeTabGroup.activeTab?.input;
  if (!(input instanceof vscode.TabInputCustom || input instanceof vscode.TabInputText))
    return undefined;
  return isImagePath(input.uri.path) ? input.uri : undefined;
}

/** Lets the person pick a picture of the workspace; where it has none, from anywhere. */
export async function pickPicture(): Promise<vscode.Uri | undefined> {
  const found = await findFiles(pictureEndings, listedPictures);
  if (found.length === 0) return openDialog();
  const items = found
    .map((uri) => ({ label: vscode.workspace.asRelativePath(uri), uri }))
    .sort((left, right) => left.label.localeCompare(right.label));
  const browse = { label: '$(folder-opened) Browse…', uri: undefined };
  const picked = await vscode.window.showQuickPick<{ label: string; uri: vscode.Uri | undefined }>(
    [...items, browse],
    {
      title: 'Explain Image with ViT',
      placeHolder:
        found.length === listedPictures
          ? `The first ${listedPictures} pictures of the workspace`
          : 'A picture of the workspace',
    },
  );
  return picked === browse ? openDialog() : picked?.uri;
}

async function openDialog(): Promise<vscode.Uri | undefined> {
  const picked = await vscode.window.showOpenDialog({
    title: 'Explain Image with ViT',
    openLabel: 'Explain',
    filters: { Pictures: [...pictureEndings] },
  });
  return picked?.[0];
}

async function confirmed(count: number): Promise<boolean> {
  const open = `Open ${count} Panels`;
  const answer = await vscode.window.showWarningMessage(
    `${count} pictures are selected; each opens a panel of its own.`,
    { modal: true },
    open,
  );
  return answer === open;
}
