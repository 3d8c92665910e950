/** Which pictures a comparison is of: the explorer's selection, or those that are ticked in a list. */
import type * as vscode from 'vscode';
import { mostCells } from '../../shared/compare/comparison';
import { isImagePath } from '../../shared/picture-endings';
import { filesGiven } from '../commands/given-files';
import { pickPictures } from '../dataset-picker';

const title = 'Compare Pictures with ViT';

/**
 * @param clicked what the command was given; nothing in the command palette
 * @param selected the explorer's whole selection
 * @returns at most as many as are compared at once; none when the person changed their mind
 * @throws Failure `internal` for what names no file
 */
export async function picturesToCompare(
  clicked: unknown,
  selected: unknown,
): Promise<readonly vscode.Uri[]> {
  const pictures = filesGiven(clicked, selected).filter(({ path }) => isImagePath(path));
  return (pictures.length > 0 ? pictures : await tickedPictures()).slice(0, mostCells);
}

/** Pictures of the workspace. */
export function tickedPictures(): Promise<readonly vscode.Uri[]> {
  return pickPictures(title);
}
