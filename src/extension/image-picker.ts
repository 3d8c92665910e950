/** Which pictures a command is about: the explorer's selection, the open picture, or one that is picked. */
import * as vscode from 'vscode';
import { filesGiven } from './commands/given-files';
import { findFiles } from './find-files';
import { isImagePath, pictureEndings, pictureFormats } from '../shared/picture-endings';

/** More panels than this at once are opened only when the person says so. */
const manyPanels = 8;
const listedPictures = 2000;

/**
 * @param clicked what the command was given: by a menu, a link in a text, a key or another extension
 * @param selected the explorer's whole selection
 * @returns the pictures, none when the person changed their mind
 * @throws Failure `internal` for what names no file
 */
export async function picturesFor(
  clicked: unknown,
  selected: unknown,
): Promise<readonly vscode.Uri[]> {
  const given = filesGiven(clicked, selected);
  const pictures = given.filter(({ path }) => isImagePath(path));
  if (pictures.length > manyPanels && !(await confirmed(pictures.length))) return [];
  if (pictures.length > 0) return pictures;
  const [other] = given;
  if (other !== undefined) {
    void vscode.window.showWarningMessage(
      `${other.path} is no picture that ViT Explainer reads: ${pictureFormats}.`,
    );
    return [];
  }
  const meant = await meantPicture();
  return meant === undefined ? [] : [meant];
}

/** The picture in front; where none is, one that the person picks. */
export async function meantPicture(): Promise<vscode.Uri | undefined> {
  return pictureInFront() ?? (await pickPicture());
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
