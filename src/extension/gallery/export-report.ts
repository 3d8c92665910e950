/** Writing the report of a gallery where the person wants it. */
import * as vscode from 'vscode';
import { csvReport } from '../../dataset/csv-report';
import { summarise } from '../../dataset/dataset-summary';
import { reportLine } from '../../dataset/jsonl-report';
import { htmlReport } from '../../dataset/report/html-report';
import { largest, readRegular } from '../../engine/files/regular-file';
import type { BatchHeader } from '../../shared/batch-header';
import type { MapKind } from '../../shared/look';
import type { GalleryExport } from '../../shared/protocol/gallery';
import type { SampleResult } from '../../shared/sample-result';
import { saveReport } from './save-report';

/**
 * Asks where to, and writes.
 *
 * @param folder where the dialog begins
 * @param thumbnailFile the small picture of a file with this SHA-256
 * @param kind of the method's maps
 */
export async function exportReport(
  format: GalleryExport,
  folder: vscode.Uri,
  header: BatchHeader,
  results: readonly SampleResult[],
  thumbnailFile: (sha256: string) => string,
  kind: MapKind,
): Promise<void> {
  const proposed = vscode.Uri.joinPath(folder, `${header.dataset}.vit.${format}`);
  await saveReport(format, proposed, () =>
    reportText(format, header, results, thumbnailFile, kind),
  );
}

async function reportText(
  format: GalleryExport,
  header: BatchHeader,
  results: readonly SampleResult[],
  thumbnailFile: (sha256: string) => string,
  kind: MapKind,
): Promise<string> {
  switch (format) {
    case 'csv':
      return csvReport(header, results);
    case 'jsonl':
      return [header, ...results].map(reportLine).join('');
    case 'html':
      return htmlReport(header, results, await mistakePictures(results, thumbnailFile), kind);
  }
}

/** A small picture that is gone is left out: the report says enough without it. */
async function mistakePictures(
  results: readonly SampleResult[],
  thumbnailFile: (sha256: string) => string,
): Promise<Map<string, Uint8Array>> {
  const hashes = new Map(results.flatMap((one) => (one.ok ? [[one.name, one.sha256]] : [])));
  const pictures = new Map<string, Uint8Array>();
  for (const { name } of summarise(results).mistakes) {
    try {
      pictures.set(name, await readRegular(thumbnailFile(hashes.get(name) ?? ''), largest.picture));
    } catch {
      continue;
    }
  }
  return pictures;
}
