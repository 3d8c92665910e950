/** Which pictures a comparison is of: the explorer's selection, or those that are ticked in a list. */
import * as vscode from 'vscode';
import { mostCells } from '../../shared/compare/comparison';
import { isImagePath } from '../../shared/picture-endings';
import { pickPictures } from '../dataset-picker';

const title = 'Compare Pictures with ViT';

/**
 * @param clicked what the menu was opened on; nothing in the command palette
 * @param selected the explorer's whole selection
 * @returns at most as many as are compared at once; none when the person changed their mind
 */
export async function picturesToCompare(
  clicked: unknown,
  selected: unknown,
): Promise<readonly vscode.Uri[]> {
  const given: unknown[] = Array.isArray(selected) && selected.length > 0 ? selected : [clicked];
  const pictures = given.filter(
    (uri): uri is vscode.Uri => uri instanceof vscode.Uri && isImagePath(uri.path),
  );
  return (pictures.length > 0 ? pictures : await tickedPictures()).slice(0, mostCells);
}

/** Pictures of the workspace. */
export function tickedPictures(): Promise<readonly vscode.Uri[]> {
  return pickPictures(title);
}
