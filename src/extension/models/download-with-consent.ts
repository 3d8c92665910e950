/** A download as the person sees it: a question with size and licence, then progress that can be cancelled. */
import * as vscode from 'vscode';
import { Failure } from '../../shared/failure';
import type { CatalogEntry } from '../../store/catalog';
import { consentText } from '../../store/download/consent-text';
import { downloadModel, type DownloadProgress } from '../../store/download/download-model';
import { formatBytes } from '../../store/format-bytes';
import type { HubAccess } from './hub-access';

/**
 * @param onPhrase told how far it is, in a few words
 * @throws Failure `cancelled` when the person declines or cancels, else as `downloadModel`
 */
export async function downloadWithConsent(
  entry: CatalogEntry,
  downloads: string,
  access: HubAccess,
  signal?: AbortSignal,
  onPhrase?: (phrase: string) => void,
): Promise<void> {
  const { mirror } = access;
  const { question, details } = consentText(entry, mirror);
  const agree = 'Download';
  const answer = await vscode.window.showInformationMessage(
    question,
    { modal: true, detail: details.join('\n\n') },
    agree,
  );
  if (answer !== agree) {
    throw new Failure(
      'cancelled',
      `${entry.name} is not on this machine, and was not downloaded.`,
      'Choose another model, or download it in the model manager.',
    );
  }
  const token = await access.token();
  await vscode.window.withProgress(
    {
      location: vscode.ProgressLocation.Notification,
      title: `Downloading ${entry.name}`,
      cancellable: true,
    },
    async (progress, cancellation) => {
      const controller = new AbortController();
      cancellation.onCancellationRequested(() => controller.abort());
      let shown = 0;
      await downloadModel(entry, {
        downloads,
        mirror,
        token,
        signal:
          signal === undefined ? controller.signal : AbortSignal.any([signal, controller.signal]),
        onProgress: (state) => {
          const share = shareOf(state);
          const message = inWords(state);
          progress.report({ message, increment: Math.max(0, share - shown) });
          shown = Math.max(shown, share);
          onPhrase?.(`Downloading ${entry.name}: ${message}`);
        },
      });
    },
  );
}

/** Per cent; 0 while the whole is not known. */
function shareOf({ receivedBytes, totalBytes }: DownloadProgress): number {
  return totalBytes === undefined || totalBytes === 0 ? 0 : (100 * receivedBytes) / totalBytes;
}

function inWords({ receivedBytes, totalBytes }: DownloadProgress): string {
  return totalBytes === undefined
    ? formatBytes(receivedBytes)
    : `${formatBytes(receivedBytes)} of ${formatBytes(totalBytes)}`;
}
