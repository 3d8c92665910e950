/** Writing the report of a gallery where the person wants it. */
import * as vscode from 'vscode';
import type { GalleryExport } from '../../shared/protocol/gallery';
import { reportText, type ReportedGallery } from './report-text';
import { saveReport } from './save-report';

/**
 * Asks where to, and writes.
 *
 * @param folder where the dialog begins
 */
export async function exportReport(
  format: GalleryExport,
  folder: vscode.Uri,
  gallery: ReportedGallery,
): Promise<void> {
  const { header, chosen } = gallery;
  const part = chosen === undefined ? '' : '.chosen';
  const proposed = vscode.Uri.joinPath(folder, `${header.dataset}${part}.vit.${format}`);
  await saveReport(format, proposed, () => reportText(format, gallery));
}
