/** All open comparisons: opened by command, or revived after a reload of the window. */
import * as v from 'valibot';
import * as vscode from 'vscode';
import { keptComparisonSchema } from '../../shared/protocol/compare';
import { comparisonType } from '../commands/command-ids';
import { ComparisonController, type ComparisonPageServices } from './comparison-controller';
import type { ComparisonStart } from './comparison-start';

export class Comparisons implements vscode.Disposable, vscode.WebviewPanelSerializer {
  private readonly controllers = new Set<ComparisonController>();

  constructor(private readonly services: ComparisonPageServices) {
    services.models.onDidChange((modelId) => {
      for (const controller of this.controllers) controller.modelChanged(modelId);
    });
  }

  open(start: ComparisonStart): void {
    const { Active } = vscode.ViewColumn;
    this.adopt(vscode.window.createWebviewPanel(comparisonType, 'ViT', Active), start);
  }

  /** After a reload: the same comparison again. */
  deserializeWebviewPanel(panel: vscode.WebviewPanel, kept: unknown): Promise<void> {
    const { success, output } = v.safeParse(keptComparisonSchema, kept);
    if (success) {
      const { asked } = output;
      this.adopt(panel, { pictures: [], asked });
    } else {
      this.services.log.warn('A comparison could not be restored: what it kept is not readable.');
      panel.dispose();
    }
    return Promise.resolve();
  }

  dispose(): void {
    for (const { panel } of [...this.controllers]) panel.dispose();
  }

  private adopt(panel: vscode.WebviewPanel, start: ComparisonStart): void {
    const controller = new ComparisonController(panel, start, this.services);
    this.controllers.add(controller);
    panel.onDidDispose(() => {
      this.controllers.delete(controller);
      controller.dispose();
    });
  }
}
