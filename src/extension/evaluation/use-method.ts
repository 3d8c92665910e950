/** Keeping the method that is best for a model: in its manifest where it has one of its own, else in the settings. */
import type * as vscode from 'vscode';
import type { MethodKeeper } from '../../shared/evaluation-page/evaluation-state';
import type { ModelDescription } from '../../shared/model';
import { writeManifest } from '../../store/manifest';
import type { ModelManager } from '../models/model-manager';
import { writeSetting } from '../settings/read-setting';

/** Only a file of one's own has a manifest that may be written. */
export function keeperOf({ id, backbone }: ModelDescription): MethodKeeper {
  return id.startsWith('file:') && backbone === undefined ? 'manifest' : 'settings';
}

/** @throws Failure `cache-unwritable` where the manifest cannot be written */
export async function useMethod(
  method: string,
  model: ModelDescription,
  models: ModelManager,
  source: vscode.Uri,
): Promise<void> {
  if (keeperOf(model) === 'settings') return writeSetting('method', method, source);
  await writeManifest(model.path, { method });
  models.descriptionChanged(model.id);
}
