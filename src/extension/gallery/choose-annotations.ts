/** Asks where the boxes or masks of a dataset are. */
import * as vscode from 'vscode';

/**
 * @param known where they are read from now; undefined: from files beside the pictures
 * @param dataset where the dialog begins
 * @returns undefined when the person changed their mind
 */
export async function chooseAnnotations(
  known: string | undefined,
  dataset: vscode.Uri | undefined,
): Promise<vscode.Uri | 'beside' | undefined> {
  const file = {
    label: '$(json) A COCO JSON file…',
    description: 'boxes, by the names of the pictures',
  };
  const folder = {
    label: '$(folder) A folder…',
    description: 'Pascal VOC XML files or mask PNGs, named as the pictures are',
  };
  const beside = {
    label: '$(discard) Only what lies beside the pictures',
    description: 'Pascal VOC XML files',
  };
  const picked = await vscode.window.showQuickPick([file, folder, beside], {
    title: 'Annotations',
    placeHolder: known ?? 'Pascal VOC XML files beside the pictures are found by themselves',
  });
  if (picked === undefined || picked === beside) return picked && 'beside';
  const answer = await vscode.window.showOpenDialog({
    title: 'Annotations',
    openLabel: 'Use',
    canSelectFiles: picked === file,
    canSelectFolders: picked === folder,
    ...(dataset !== undefined && { defaultUri: vscode.Uri.joinPath(dataset, '..') }),
    ...(picked === file && { filters: { 'COCO JSON': ['json'] } }),
  });
  return answer?.[0];
}
