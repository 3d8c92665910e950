/** One model from a list, or any file of this machine. */
import * as vscode from 'vscode';
import type { ModelListing } from '../../shared/model';
import { modelGroups } from '../../shared/model-groups';
import { describeListing } from '../model-words';
import { browseForModel } from './browse-model';
import type { ModelManager } from './model-manager';

export const browseLabel = '$(folder-opened) A model file…';

/** The lines of a list, group by group, each group under its name. */
export function groupedItems<Item extends vscode.QuickPickItem>(
  listings: readonly ModelListing[],
  itemOf: (listing: ModelListing) => Item,
): readonly (Item | vscode.QuickPickItem)[] {
  return modelGroups(listings).flatMap(({ label, models }) => [
    { label, kind: vscode.QuickPickItemKind.Separator },
    ...models.map(itemOf),
  ]);
}

interface ModelItem extends vscode.QuickPickItem {
  readonly modelId?: string;
}

interface ModelQuestion {
  readonly title: string;
  readonly placeHolder: string;
  /** On the button of the dialog that finds a file. */
  readonly openLabel: string;
}

/** @returns its id; undefined where none was picked */
export async function pickModel(
  { folders }: ModelManager,
  listings: readonly ModelListing[],
  { title, placeHolder, openLabel }: ModelQuestion,
): Promise<string | undefined> {
  const items = groupedItems<ModelItem>(listings, (listing) => ({
    label: listing.name,
    description: describeListing(listing),
    modelId: listing.id,
  }));
  const browse = { label: browseLabel };
  const separator = { label: '', kind: vscode.QuickPickItemKind.Separator };
  const picked = await vscode.window.showQuickPick<ModelItem>([...items, separator, browse], {
    title,
    placeHolder,
    matchOnDescription: true,
  });
  return picked === browse ? browseForModel(folders, title, openLabel) : picked?.modelId;
}
