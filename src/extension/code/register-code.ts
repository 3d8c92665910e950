/** What the extension does where code is written: hovers, links, light bulbs, and a tool for assistants. */
import * as vscode from 'vscode';
import type { LoadParts } from '../parts';
import type { CodeAnswers, LoadCodeAnswers } from './code-answers';
import { registerExplainImageTool } from './explain-image-tool';
import { mayNamePictures } from './may-name-pictures';

/** Every language, also in the cells of notebooks; the settings turn single ones off. */
const everywhere: vscode.DocumentSelector = '*';

/** Of a text that is looked through in one go. */
const mostLines = 50_000;

export function registerCode(
  loadParts: LoadParts,
  loadAnswers: LoadCodeAnswers,
  log: vscode.LogOutputChannel,
): vscode.Disposable {
  const { languages } = vscode;
  const tool = registerExplainImageTool(loadParts, log);
  let answers: CodeAnswers | undefined;
  const seen = new WeakMap<
    vscode.TextDocument,
    { readonly version: number; readonly mayName: boolean }
  >();
  /** Asked at every move of the cursor, so a text is looked through once. */
  const mayName = (document: vscode.TextDocument): boolean => {
    const { version, lineCount, uri } = document;
    if (uri.scheme === 'output') return false;
    const known = seen.get(document);
    if (known?.version === version) return known.mayName;
    // What a cell says of pictures may stand in another one; a long table would keep the editor waiting.
    const isUnread = uri.scheme === 'vscode-notebook-cell' || lineCount > mostLines;
    const found = { version, mayName: isUnread || mayNamePictures(document.getText()) };
    seen.set(document, found);
    return found.mayName;
  };
  /** Most code has no pictures: that is found out before anything is loaded. */
  const answersFor = async (document: vscode.TextDocument): Promise<CodeAnswers | undefined> => {
    if (answers === undefined && mayName(document)) answers = await loadAnswers();
    return answers;
  };
  return vscode.Disposable.from(
    languages.registerHoverProvider(everywhere, {
      provideHover: async (document, ...asked) =>
        (await answersFor(document))?.hover.provideHover(document, ...asked),
    }),
    languages.registerDocumentLinkProvider(everywhere, {
      provideDocumentLinks: async (document, ...asked) =>
        (await answersFor(document))?.links.provideDocumentLinks(document, ...asked),
    }),
    languages.registerCodeActionsProvider(
      everywhere,
      {
        provideCodeActions: async (document, ...asked) =>
          (await answersFor(document))?.actions.provideCodeActions(document, ...asked),
      },
      { providedCodeActionKinds: [vscode.CodeActionKind.Empty.append('explain')] },
    ),
    ...(tool === undefined ? [] : [tool]),
  );
}
