/** What the extension does where code is written: hovers, links, light bulbs, and a tool for assistants. */
import * as vscode from 'vscode';
import type { LoadParts } from '../parts';
import type { WorkerHost } from '../worker-host';
import { registerExplainImageTool } from './explain-image-tool';
import { ImageActions } from './image-actions';
import { ImageHover } from './image-hover';
import { ImageLinks } from './image-links';
import { ImagePreviews } from './image-previews';

/** Every language, also in the cells of notebooks; the settings turn single ones off. */
const everywhere: vscode.DocumentSelector = '*';

export function registerCode(
  loadParts: LoadParts,
  worker: WorkerHost,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const { languages } = vscode;
  const tool = registerExplainImageTool(loadParts, log);
  return vscode.Disposable.from(
    languages.registerHoverProvider(everywhere, new ImageHover(new ImagePreviews(worker))),
    languages.registerDocumentLinkProvider(everywhere, new ImageLinks()),
    languages.registerCodeActionsProvider(everywhere, new ImageActions(), {
      providedCodeActionKinds: [ImageActions.kind],
    }),
    ...(tool === undefined ? [] : [tool]),
  );
}
