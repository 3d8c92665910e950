/** `vit-explain merge`: the reports of shards as one. */
import path from 'node:path';
import {
  evaluationText,
  isEvaluation,
  readEvaluation,
} from '../dataset/evaluation/evaluation-file';
import { mergeEvaluations } from '../dataset/evaluation/merge-evaluations';
import { reportLine } from '../dataset/jsonl-report';
import { LineStore } from '../dataset/line-store';
import { mergeReports } from '../dataset/merge-reports';
import { ResultLog } from '../dataset/result-log';
import { checkListing, lackingShards, type ShardFile } from '../dataset/shards/check-shards';
import { listingHash } from '../dataset/shards/listing-hash';
import type { BatchHeader } from '../shared/batch-header';
import { Failure } from '../shared/failure';
import { defaultMethod } from '../shared/method-choice';
import type { SampleResult } from '../shared/sample-result';
import { readArguments } from './arguments';
import { checkTargets } from './check-targets';
import { UsageError, type Command, type Terminal } from './command';
import { reportEvaluation, type EvaluationPaths } from './evaluation-reports';
import { exitCodes } from './exit-code';
import { printSummary, tallyOf, writeReport, writeReports, type ReportPaths } from './report-files';

export const mergeCommand: Command = {
  summary: 'join the reports of shards',
  help: `vit-explain merge A.jsonl B.jsonl … [options]

Joins what vit-explain batch or vit-explain evaluate wrote with --shard: the same files, byte for byte,
as one run over the whole dataset. Shards of other sources, labels, annotations, weights, options or
versions are refused with what differs, and so are lists with a shard that is missing or unfinished;
vit-explain shards tells which to run again. One file of a whole run makes its reports anew. What a map
costs was measured on each machine by itself, and stands in no joined report.

      --partial            join what is there; what is lacking is told

      --report FILE        one self-contained HTML page (of an evaluation --html says the same)
      --jsonl FILE         all lines in one file
      --csv FILE           the figures as a table
      --json FILE          of an evaluation: the table and the curves, for a program
      --markdown FILE      of an evaluation: the table, for a document
      --images DIR         the dataset's folder (of several sources the one that they share), for
                           small pictures in the page
`,
  run: async (args, terminal) => {
    const { values, positionals } = readArguments(args, {
      report: { type: 'string' },
      html: { type: 'string' },
      json: { type: 'string' },
      markdown: { type: 'string' },
      jsonl: { type: 'string' },
      csv: { type: 'string' },
      images: { type: 'string' },
      partial: { type: 'boolean', default: false },
    });
    if (positionals.length === 0) throw new UsageError('Name the JSONL files to join.');
    const { report, html, json, csv, markdown, jsonl } = values;
    // What is joined may grow in place: it is read before it is written.
    const inputs = positionals.filter(
      (file) => jsonl === undefined || path.resolve(file) !== path.resolve(jsonl),
    );
    await checkTargets(
      {
        '--report': report,
        '--html': html,
        '--json': json,
        '--csv': csv,
        '--markdown': markdown,
        '--jsonl': jsonl,
      },
      inputs,
    );
    const [first = ''] = positionals;
    if (await isEvaluation(first)) {
      const paths = { html: html ?? report, json, csv, markdown };
      await mergeOfEvaluations(positionals, jsonl, paths, values, terminal);
    } else {
      const ofEvaluations = Object.entries({
        '--html': html,
        '--json': json,
        '--markdown': markdown,
      });
      const [flag] = ofEvaluations.find(([, file]) => file !== undefined) ?? [];
      if (flag !== undefined)
        throw new UsageError(`${flag} is of evaluations, and ${first} is none.`);
      await mergeOfBatches(positionals, { report, csv, jsonl }, values, terminal);
    }
    return exitCodes.done;
  },
};

interface Asked {
  readonly images?: string | undefined;
  readonly partial: boolean;
}

async function mergeOfBatches(
  files: readonly string[],
  { jsonl, ...paths }: ReportPaths & { readonly jsonl: string | undefined },
  { images, partial }: Asked,
  terminal: Terminal,
): Promise<void> {
  const log = new ResultLog(LineStore.temporary());
  try {
    const { header, shards, listing } = await mergeReports(files, log);
    checkAll(shards, listing, partial, terminal);
    if (jsonl !== undefined) await writeReport(jsonl, linesOf(header, log.results()));
    const tally = await tallyOf(log.results());
    try {
      await writeReports(paths, header, () => log.results(), tally, images);
    } finally {
      printSummary(header, tally, terminal);
    }
  } finally {
    log.close();
  }
}

async function* linesOf(
  header: BatchHeader,
  results: AsyncIterable<SampleResult>,
): AsyncGenerator<string> {
  yield reportLine(header);
  for await (const result of results) yield reportLine(result);
}

async function mergeOfEvaluations(
  files: readonly string[],
  jsonl: string | undefined,
  paths: EvaluationPaths,
  { images, partial }: Asked,
  terminal: Terminal,
): Promise<void> {
  const evaluations = [];
  for (const file of files) evaluations.push({ file, ...(await readEvaluation(file)) });
  const { header, records } = mergeEvaluations(evaluations);
  checkAll(evaluations, listingHash(records), partial, terminal);
  if (jsonl !== undefined) await writeReport(jsonl, evaluationText(header, records));
  const report = { header, records, costs: undefined };
  await reportEvaluation(paths, report, images, { method: defaultMethod }, terminal);
}

/** @throws Failure `dataset-unusable` where shards are lacking, and that was not asked for */
function checkAll(
  files: readonly ShardFile[],
  listing: string,
  partial: boolean,
  terminal: Terminal,
): void {
  const lacking = lackingShards(files);
  if (lacking.length === 0) {
    checkListing(files, listing);
  } else if (partial) {
    lacking.forEach(terminal.progress);
  } else {
    throw new Failure(
      'dataset-unusable',
      lacking.join(' '),
      'vit-explain shards FOLDER says how to run them again; --partial joins what is there.',
    );
  }
}
