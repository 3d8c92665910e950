/** What is known and what is on disk. */
import * as vscode from 'vscode';
import type { ModelManager } from '../model-manager';
import { describeListing } from '../model-words';

export async function manageModels(models: ModelManager): Promise<void> {
  const items = (await models.list()).map((listing) => ({
    label: listing.name,
    description: describeListing(listing),
  }));
  await vscode.window.showQuickPick(items, { title: 'Manage Models' });
}
