/** Writing the report of a gallery where the person wants it. */
import * as vscode from 'vscode';
import { csvReport } from '../../dataset/csv-report';
import { DatasetTally } from '../../dataset/dataset-summary';
import { reportLine } from '../../dataset/jsonl-report';
import { htmlReport } from '../../dataset/report/html-report';
import { largest, readRegular } from '../../engine/files/regular-file';
import type { BatchHeader } from '../../shared/batch-header';
import type { MapKind } from '../../shared/look';
import type { GalleryExport } from '../../shared/protocol/gallery';
import type { SampleResult } from '../../shared/sample-result';
import type { GalleryResults } from './gallery-results';
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
  results: GalleryResults,
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
  results: GalleryResults,
  thumbnailFile: (sha256: string) => string,
  kind: MapKind,
): Promise<string> {
  switch (format) {
    case 'csv':
      return textOf(csvReport(header, results.inOrder()));
    case 'jsonl':
      return textOf(linesOf(header, results.inOrder()));
    case 'html': {
      const tally = new DatasetTally();
      for await (const result of results.inOrder()) tally.add(result);
      return htmlReport(header, tally, await mistakePictures(tally, thumbnailFile), kind);
    }
  }
}

async function* linesOf(
  header: BatchHeader,
  results: AsyncIterable<SampleResult>,
): AsyncGenerator<string, void> {
  yield reportLine(header);
  for await (const result of results) yield reportLine(result);
}

async function textOf(parts: AsyncIterable<string>): Promise<string> {
  const all: string[] = [];
  for await (const part of parts) all.push(part);
  return all.join('');
}

/** A small picture that is gone is left out: the report says enough without it. */
async function mistakePictures(
  { mistakes }: DatasetTally,
  thumbnailFile: (sha256: string) => string,
): Promise<Map<string, Uint8Array>> {
  const pictures = new Map<string, Uint8Array>();
  for (const { name, sha256 } of mistakes) {
    try {
      pictures.set(name, await readRegular(thumbnailFile(sha256), largest.picture));
    } catch {
      continue;
    }
  }
  return pictures;
}
