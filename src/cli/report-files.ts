/** Writing the reports of a dataset. */
import path from 'node:path';
import { csvReport } from '../dataset/csv-report';
import { readPicture } from '../dataset/read-picture';
import { DatasetTally } from '../dataset/dataset-summary';
import { htmlReport } from '../dataset/report/html-report';
import type { ReportedMethod } from '../dataset/report/map-sections';
import { thumbnailSide } from '../dataset/report/thumbnails';
import { areaShares } from '../shared/area-shares';
import { amongInWords, type AmongList } from '../shared/among';
import type { BatchHeader } from '../shared/batch-header';
import { doubtSentences, type AmongSummary } from '../shared/dataset-summary';
import { Failure } from '../shared/failure';
import { dayOf } from '../shared/day';
import { formatFigure } from '../shared/format-number';
import type { Preprocessing } from '../shared/preprocessing';
import { remarkOfMany } from '../shared/picture-remark';
import type { SampleResult } from '../shared/sample-result';
import { methods } from '../service/methods';
import { seenJpeg } from '../service/pictures/seen-picture';
import type { Terminal } from './command';
import { writeTarget } from './write-target';

/** Names that a person still reads. */
const mostListed = 20;

/** Where each kind goes; kinds left out are not written. */
export interface ReportPaths {
  readonly report?: string | undefined;
  readonly csv?: string | undefined;
}

/**
 * @param results to be read from their beginning
 * @param root folder of the pictures, for the small pictures of the mistakes; left out: no pictures
 * @throws Failure `cache-unwritable`
 */
export async function writeReports(
  paths: ReportPaths,
  header: BatchHeader,
  results: () => Results,
  tally: DatasetTally,
  root: string | undefined,
): Promise<void> {
  const dated = { ...header, made: dayOf(new Date()) };
  if (paths.csv !== undefined) await writeReport(paths.csv, csvReport(dated, results()));
  if (paths.report !== undefined) {
    const mistakes = tally.mistakes.map(({ name }) => name);
    const thumbnails = await seenPictures(mistakes, header.preprocessing, root);
    await writeReport(paths.report, htmlReport(dated, tally, thumbnails, await methodOf(header)));
  }
}

/** In the order of their names. */
type Results = Iterable<SampleResult> | AsyncIterable<SampleResult>;

export async function tallyOf(results: Results): Promise<DatasetTally> {
  const tally = new DatasetTally();
  for await (const result of results) tally.add(result);
  return tally;
}

/** Of a method that this version lacks, what speaks for the answers is drawn. */
async function methodOf({ method }: BatchHeader): Promise<ReportedMethod> {
  const known = (await methods()).find(({ id }) => id === method);
  return known ?? { classSpecific: true, signed: true, pixels: false };
}

/** @throws Failure `cache-unwritable` */
export async function writeReport(
  file: string,
  text: string | AsyncIterable<string>,
): Promise<void> {
  try {
    await writeTarget(file, text);
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

export function unwritable(file: string, cause: unknown): Failure {
  return new Failure(
    'cache-unwritable',
    `“${file}” could not be written: ${cause instanceof Error ? cause.message : String(cause)}.`,
    'Choose another place for it.',
    { cause },
  );
}

/**
 * Small pictures as the model sees them. One that cannot be read any more is left out: a report says
 * enough without it.
 *
 * @param root folder that the names begin at; left out: none of them
 */
export async function seenPictures(
  names: Iterable<string>,
  preprocessing: Preprocessing,
  root: string | undefined,
): Promise<Map<string, Uint8Array>> {
  const pictures = new Map<string, Uint8Array>();
  if (root === undefined) return pictures;
  for (const name of names) {
    try {
      const bytes = await readPicture(path.resolve(root, name));
      pictures.set(name, await seenJpeg(bytes, name, preprocessing, thumbnailSide));
    } catch {
      continue;
    }
  }
  return pictures;
}

/** The figures of a dataset as lines for a person. */
export function printSummary(
  header: BatchHeader,
  { summary }: DatasetTally,
  terminal: Terminal,
): void {
  const { classes, unmatched, skipped, samples } = header;
  const {
    labelled,
    top1,
    top5,
    loss,
    calibration,
    border,
    corners,
    outside,
    doubts,
    mistakes,
    values,
  } = summary;
  const lines: [name: string, value: string][] = [
    ['samples', summary.samples === samples ? `${samples}` : `${summary.samples} of ${samples}`],
  ];
  if (top1 !== undefined && top5 !== undefined && loss !== undefined) {
    lines.push(['accuracy', `${share(top1)} of ${labelled} with a known class`]);
    // Of five classes, each is among the first five.
    if (classes.length > 5) lines.push(['top-5', share(top5)]);
    lines.push(['loss', `${loss.toFixed(4)} nats`]);
  }
  if (calibration !== undefined)
    lines.push(['ECE', `${share(calibration.error)} expected calibration error`]);
  if (header.among !== undefined && summary.among !== undefined)
    lines.push(...linesAmong(header.among, summary.among));
  if (values !== undefined) {
    const { least, mean, most } = values;
    lines.push([
      'value',
      `${formatFigure(least)} to ${formatFigure(most)}, mean ${formatFigure(mean)}`,
    ]);
  }
  const area = areaShares(summary);
  lines.push(
    [
      'border',
      `${share(border)} of the positive relevance${area ? `, ${share(area.border)} of the area` : ''}`,
    ],
    [
      'corners',
      `${corners.map(share).join(', ')}${area ? `; each ${share(area.corner)} of the area` : ''}`,
    ],
  );
  if (outside !== undefined) lines.push(['outside', `${share(outside)} outside the objects`]);
  lines.push(['not read', `${summary.unread}`]);
  if (skipped.length > 0) lines.push(['skipped', `${skipped.length}`]);
  for (const [name, value] of lines) terminal.result(`${name.padEnd(9)} ${value}`);
  const [surest] = mistakes;
  if (surest) {
    const said = classes[surest.answer] ?? `class ${surest.answer}`;
    terminal.result(
      `surest mistake: ${surest.name} is taken for ${said} (${share(surest.probability)})`,
    );
  }
  for (const { kind, count } of summary.remarks) terminal.progress(remarkOfMany(kind, count));
  for (const { name, message } of summary.broken.slice(0, mostListed))
    terminal.progress(`${name}: ${message}`);
  doubtSentences(doubts).forEach(terminal.progress);
  tellSkipped(header, terminal);
  if (unmatched.length > 0) {
    terminal.progress(
      `No class fits these labels: ${unmatched.slice(0, mostListed).join(', ')}. Say which with --labels, or in vit-labels.json beside the dataset.`,
    );
  }
}

/** The figures of the answers among some classes. */
function linesAmong(
  list: AmongList,
  { labelled, top1, top5, loss, calibration, outside }: AmongSummary,
): [name: string, value: string][] {
  if (top1 === undefined || top5 === undefined || loss === undefined)
    return [['among', `${amongInWords(list)}: no label stands for one of them`]];
  const apart = outside === 0 ? '' : `; ${outside} labelled otherwise count for none`;
  return [
    ['among', amongInWords(list)],
    ['  accuracy', `${share(top1)} of ${labelled} with one of these classes${apart}`],
    ...(list.classes.length > 5 ? [['  top-5', share(top5)] satisfies [string, string]] : []),
    ['  loss', `${loss.toFixed(4)} nats`],
    ...(calibration === undefined
      ? []
      : [
          ['  ECE', `${share(calibration.error)} expected calibration error`] satisfies [
            string,
            string,
          ],
        ]),
  ];
}

/** What was passed over, as far as a person reads it. */
export function tellSkipped({ skipped }: BatchHeader, terminal: Terminal): void {
  for (const { name, reason } of skipped.slice(0, mostListed))
    terminal.progress(`${name}: ${reason}`);
}

function share(value: number): string {
  return `${(value * 100).toFixed(2)} %`;
}
