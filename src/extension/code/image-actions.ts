/** The pictures of a line in its light bulb. */
import * as vscode from 'vscode';
import { commandIds } from '../commands/command-ids';
import { pictureName } from '../panel/picture';
import { FileLookups } from './file-lookups';
import { explainCommandOf } from './image-hover';
import { imageAt, imagesOfLine, looksForImages } from './image-at';

const mostActions = 5;
const kind = vscode.CodeActionKind.Empty.append('explain');

export class ImageActions implements vscode.CodeActionProvider {
  async provideCodeActions(
    document: vscode.TextDocument,
    { start }: vscode.Range,
    _: vscode.CodeActionContext,
    token: vscode.CancellationToken,
  ): Promise<vscode.CodeAction[]> {
    if (!looksForImages(document)) return [];
    const under = await imageAt(document, start, token);
    const lookups = new FileLookups(() => token.isCancellationRequested);
    const images =
      under === undefined
        ? await imagesOfLine(document, start.line, mostActions, lookups)
        : [under];
    return images.map(({ uri }) => {
      const command = explainCommandOf({ uri });
      const plain =
        command === commandIds.explainImage ? 'Explain Image with ViT' : 'Explain Folder with ViT';
      const title = images.length === 1 ? plain : `${plain}: ${pictureName(uri)}`;
      const action = new vscode.CodeAction(title, kind);
      action.command = { command, title, arguments: [uri] };
      return action;
    });
  }
}
