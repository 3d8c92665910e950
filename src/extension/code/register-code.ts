/** What the extension does where code is written: hovers, links, light bulbs, and a tool for assistants. */
import * as vscode from 'vscode';
import type { PanelServices } from '../panel/panel-controller';
import { registerExplainImageTool } from './explain-image-tool';
import { ImageActions } from './image-actions';
import { ImageHover } from './image-hover';
import { ImageLinks } from './image-links';
import { ImagePreviews } from './image-previews';

/** Every language, also in the cells of notebooks; the settings turn single ones off. */
const everywhere: vscode.DocumentSelector = '*';

export function registerCode(services: PanelServices): vscode.Disposable {
  const { languages } = vscode;
  const tool = registerExplainImageTool(services);
  return vscode.Disposable.from(
    languages.registerHoverProvider(everywhere, new ImageHover(new ImagePreviews(services.worker))),
    languages.registerDocumentLinkProvider(everywhere, new ImageLinks()),
    languages.registerCodeActionsProvider(everywhere, new ImageActions(), {
      providedCodeActionKinds: [ImageActions.kind],
    }),
    ...(tool === undefined ? [] : [tool]),
  );
}
