/** The model manager: every model with its size, and what can be done with it. */
import path from 'node:path';
import * as vscode from 'vscode';
import { Failure } from '../../shared/failure';
import type { ModelListing } from '../../shared/model';
import { catalogEntry, pageOf } from '../../store/catalog';
import { trainingInWords } from '../../store/download/consent-text';
import { downloadedWeights, downloadFolder, sizeOnDisk } from '../../store/downloaded-models';
import { formatBytes } from '../../store/format-bytes';
import { modelEditorType } from '../commands/command-ids';
import { browseForModelFile } from './browse-model';
import type { ModelManager } from './model-manager';
import { browseLabel, groupedItems } from './pick-model';

interface Choice extends vscode.QuickPickItem {
  /** Undefined for what only ends the menu; comes to `leave` where the list is not wanted again. */
  readonly act?: () => Promise<unknown>;
}

const leave = Symbol('leave');

/** Shows the list again after each action, until the person leaves it. @throws Failure */
export async function manageModels(models: ModelManager): Promise<void> {
  for (;;) {
    const listings = await models.listAll();
    const picked = await vscode.window.showQuickPick<Choice>(
      [
        ...groupedItems(listings, (listing) => choiceOf(listing, models)),
        { label: '', kind: vscode.QuickPickItemKind.Separator },
        { label: browseLabel, act: () => showAnyModel() },
        {
          label: '$(key) Access Token…',
          description: (await models.access.token()) === undefined ? 'none is set' : 'is set',
          act: () => models.access.askForToken(),
        },
        {
          label: '$(folder-opened) Open the Folder of Downloads',
          act: () => openFolder(models.folders.downloads),
        },
      ],
      { title: 'Manage Models', placeHolder: 'Choose a model', matchOnDescription: true },
    );
    if (picked?.act === undefined) return;
    try {
      if ((await picked.act()) === leave) return;
    } catch (error) {
      // Who declines or cancels goes back to the list.
      if (!(error instanceof Failure && error.code === 'cancelled')) throw error;
    }
  }
}

function choiceOf(listing: ModelListing, models: ModelManager): Choice {
  const bytes = listing.bytes === undefined ? undefined : formatBytes(listing.bytes);
  return {
    label: listing.name,
    description: [listing.place, bytes, listing.licence]
      .filter((part) => part !== undefined)
      .join(' · '),
    detail: detailOf(listing.id),
    act: () => manageOne(listing, models),
  };
}

function detailOf(modelId: string): string {
  const entry = catalogEntry(modelId);
  return entry === undefined ? '' : trainingInWords(entry);
}

async function manageOne(listing: ModelListing, models: ModelManager): Promise<unknown> {
  const actions =
    listing.source === 'catalog'
      ? await actionsOfKnown(listing, models)
      : actionsOfFile(listing, models);
  const picked = await vscode.window.showQuickPick<Choice>(actions, { title: listing.name });
  return picked?.act?.();
}

async function actionsOfKnown(
  listing: ModelListing,
  models: ModelManager,
): Promise<readonly Choice[]> {
  const entry = catalogEntry(listing.id);
  if (entry === undefined) return [];
  const { downloads } = models.folders;
  const bytes = await sizeOnDisk(entry.id, downloads);
  const folder = downloadFolder(downloads, entry.id);
  const weights = await downloadedWeights(entry, downloads);
  return [
    ...(weights !== undefined
      ? [showModel(weights)]
      : [
          {
            label:
              bytes > 0
                ? '$(cloud-download) Go On with the Download…'
                : '$(cloud-download) Download…',
            act: () => models.download(entry),
          },
        ]),
    ...(bytes > 0
      ? [
          {
            label: '$(trash) Delete…',
            description: `frees ${formatBytes(bytes)}`,
            act: () => deleteAfterAsking(listing, bytes, models),
          },
          { label: '$(folder-opened) Open Folder', act: () => openFolder(folder) },
        ]
      : []),
    {
      label: '$(link-external) Open the Model’s Page',
      act: async () => {
        await vscode.env.openExternal(vscode.Uri.parse(pageOf(entry)));
      },
    },
  ];
}

function actionsOfFile(listing: ModelListing, models: ModelManager): readonly Choice[] {
  const file =
    listing.source === 'shipped'
      ? path.join(models.folders.starterFolder, 'model.onnx')
      : listing.id.slice('file:'.length);
  return [
    showModel(file),
    { label: '$(folder-opened) Open Folder', act: () => openFolder(path.dirname(file)) },
  ];
}

function showModel(file: string): Choice {
  return {
    label: '$(settings) Preparation and Class Names…',
    act: () => openModelPage(vscode.Uri.file(file)),
  };
}

async function openModelPage(file: vscode.Uri): Promise<typeof leave> {
  await vscode.commands.executeCommand('vscode.openWith', file, modelEditorType);
  return leave;
}

async function showAnyModel(): Promise<unknown> {
  const file = await browseForModelFile('Manage Models', 'Show This Model');
  return file && openModelPage(file);
}

async function deleteAfterAsking(
  listing: ModelListing,
  bytes: number,
  models: ModelManager,
): Promise<void> {
  const agree = 'Delete';
  const answer = await vscode.window.showWarningMessage(
    `Delete ${listing.name} from this machine? It frees ${formatBytes(bytes)}.`,
    { modal: true, detail: 'It can be downloaded again.' },
    agree,
  );
  if (answer === agree) await models.delete(listing.id);
}

async function openFolder(folder: string): Promise<void> {
  const uri = vscode.Uri.file(folder);
  await vscode.workspace.fs.createDirectory(uri);
  await vscode.env.openExternal(uri);
}
