/** The editor of model files: read-only, since all that can be stated of a model stands in its manifest. */
import * as vscode from 'vscode';
import { modelEditorTypes } from '../commands/command-ids';
import type { LoadParts } from '../parts';

export function registerModelEditors(loadParts: LoadParts): vscode.Disposable {
  const provider: vscode.CustomReadonlyEditorProvider = {
    openCustomDocument: (uri) => ({ uri, dispose: () => undefined }),
    resolveCustomEditor: async ({ uri }, panel) => (await loadParts()).showModel(panel, uri),
  };
  const registered = modelEditorTypes.map((type) =>
    vscode.window.registerCustomEditorProvider(type, provider, {
      supportsMultipleEditorsPerDocument: true,
    }),
  );
  return vscode.Disposable.from(...registered);
}
