/** `explain_image` as the editor offers it to assistants; what it does is loaded with its first call. */
import path from 'node:path';
import * as vscode from 'vscode';
import { failureData } from '../../shared/failure';
import { harmless } from '../../shared/harmless';
import type { LoadParts } from '../parts';
import type { ExplainImageInput } from './explain-image-input';

export const explainImageTool = 'explain_image';

/** Undefined in an editor that knows no such tools. */
export function registerExplainImageTool(
  loadParts: LoadParts,
  log: vscode.LogOutputChannel,
): vscode.Disposable | undefined {
  const { lm } = vscode as { readonly lm?: Partial<typeof vscode.lm> };
  return lm?.registerTool?.(explainImageTool, new ExplainImageTool(loadParts, log));
}

class ExplainImageTool implements vscode.LanguageModelTool<ExplainImageInput> {
  constructor(
    private readonly loadParts: LoadParts,
    private readonly log: vscode.LogOutputChannel,
  ) {}

  prepareInvocation({
    input,
  }: vscode.LanguageModelToolInvocationPrepareOptions<ExplainImageInput>): vscode.PreparedToolInvocation {
    const file = typeof input.path === 'string' ? harmless(input.path) : '';
    // The path stands last: a dialog shows this as plain text, without the lines between blocks.
    const message = new vscode.MarkdownString(
      'Read this picture and run the Vision Transformer of your settings on it, on this machine?\n\n',
    );
    message.appendCodeblock(file, 'text');
    return {
      invocationMessage: `Explaining ${path.basename(file)} with ViT`,
      confirmationMessages: { title: 'Explain Image with ViT', message },
    };
  }

  /** @throws Error whose message says what to call the tool with instead, where that would help */
  async invoke(
    { input }: vscode.LanguageModelToolInvocationOptions<ExplainImageInput>,
    token: vscode.CancellationToken,
  ): Promise<vscode.LanguageModelToolResult> {
    const abort = new AbortController();
    const listener = token.onCancellationRequested(() => abort.abort());
    try {
      const { explainImage } = await this.loadParts();
      return await explainImage.answer(input, abort.signal);
    } catch (error) {
      const { code, message, nextStep, detail } = failureData(error);
      if (code === 'cancelled' && token.isCancellationRequested)
        throw new vscode.CancellationError();
      this.log.error(`${explainImageTool}: ${message}`, detail ?? '');
      throw new Error(`${message} ${nextStep}`, { cause: error });
    } finally {
      listener.dispose();
    }
  }
}
