/** Notices when a model's weights or its manifest are written anew, by the editor or by any program. */
import * as vscode from 'vscode';
import type { ModelDescription } from '../../shared/model';
import { watchFile } from '../watch-file';
import { manifestOf } from './open-manifest';

export class ModelFiles implements vscode.Disposable {
  private readonly watchers = new Map<string, vscode.Disposable>();
  /** Models by the files that they rest on. */
  private readonly models = new Map<string, Set<string>>();

  constructor(private readonly onChanged: (modelId: string) => void) {}

  watch(model: ModelDescription): void {
    for (const file of [model.path, model.backbone?.path, manifestOf(model)]) {
      if (file !== undefined) {
        this.models.set(file, (this.models.get(file) ?? new Set()).add(model.id));
        this.watchOne(file);
      }
    }
  }

  dispose(): void {
    for (const watcher of this.watchers.values()) watcher.dispose();
  }

  private watchOne(file: string): void {
    if (!this.watchers.has(file)) {
      const changed = () => this.models.get(file)?.forEach(this.onChanged);
      this.watchers.set(file, watchFile(vscode.Uri.file(file), changed));
    }
  }
}
