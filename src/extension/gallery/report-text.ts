/** The report of a gallery: of all its samples, or of those that its filters leave. */
import { csvReport } from '../../dataset/csv-report';
import { DatasetTally } from '../../dataset/dataset-summary';
import { reportLine } from '../../dataset/jsonl-report';
import { htmlReport } from '../../dataset/report/html-report';
import type { ReportedMethod } from '../../dataset/report/map-sections';
import { largest, readRegular } from '../../engine/files/regular-file';
import type { BatchHeader } from '../../shared/batch-header';
import { dayOf } from '../../shared/day';
import type { GalleryExport } from '../../shared/protocol/gallery';
import type { SampleResult } from '../../shared/sample-result';
import type { GalleryResults } from './gallery-results';

/** Samples that a report is of. */
export interface ChosenSamples {
  readonly names: ReadonlySet<string>;
  /** By what they were chosen. */
  readonly words: string;
}

export interface ReportedGallery {
  readonly header: BatchHeader;
  readonly results: Pick<GalleryResults, 'inOrder'>;
  /** Left out: all. */
  readonly chosen: ChosenSamples | undefined;
  /** Whose maps they are. */
  readonly reported: ReportedMethod;
  /** The small picture of a file with this SHA-256. */
  readonly thumbnailOf: (sha256: string) => string;
}

/** The whole report. */
export async function reportText(format: GalleryExport, gallery: ReportedGallery): Promise<string> {
  const { header: all, chosen, reported, thumbnailOf } = gallery;
  const made = dayOf(new Date());
  const header = { ...all, made, ...(chosen !== undefined && { chosen: chosen.words }) };
  const results = chosenResults(gallery);
  switch (format) {
    case 'csv':
      return textOf(csvReport(header, results));
    case 'jsonl':
      return textOf(linesOf(header, results));
    case 'html': {
      const tally = new DatasetTally();
      for await (const result of results) tally.add(result);
      return htmlReport(header, tally, await mistakePictures(tally, thumbnailOf), reported);
    }
  }
}

async function* chosenResults({ results, chosen }: ReportedGallery): AsyncGenerator<SampleResult> {
  for await (const result of results.inOrder())
    if (chosen === undefined || chosen.names.has(result.name)) yield result;
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
  thumbnailOf: (sha256: string) => string,
): Promise<Map<string, Uint8Array>> {
  const pictures = new Map<string, Uint8Array>();
  for (const { name, sha256 } of mistakes) {
    try {
      pictures.set(name, await readRegular(thumbnailOf(sha256), largest.picture));
    } catch {
      continue;
    }
  }
  return pictures;
}
