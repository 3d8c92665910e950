/** `vit-explain merge`: the reports of shards as one. */
import path from 'node:path';
import { readJsonlReport, reportLine } from '../dataset/jsonl-report';
import { mergeReports } from '../dataset/merge-reports';
import { readArguments } from './arguments';
import { checkTargets } from './check-targets';
import { UsageError, type Command } from './command';
import { exitCodes } from './exit-code';
import { printSummary, writeReport, writeReports } from './report-files';

export const mergeCommand: Command = {
  summary: 'join the reports of shards',
  help: `vit-explain merge A.jsonl B.jsonl … [options]

Joins what vit-explain batch --shard wrote: the same files, byte for byte, as one run over the whole
dataset, if each part was given the same sources. One file alone makes its reports anew.

      --report FILE        one self-contained HTML page
      --jsonl FILE         all lines in one file
      --csv FILE           the figures as a table
      --images DIR         the dataset's folder (of several sources the one that they share), for
                           small pictures of the mistakes in the page
`,
  run: async (args, terminal) => {
    const { values, positionals } = readArguments(args, {
      report: { type: 'string' },
      jsonl: { type: 'string' },
      csv: { type: 'string' },
      images: { type: 'string' },
    });
    if (positionals.length === 0) throw new UsageError('Name the JSONL files to join.');
    const { report, jsonl, csv } = values;
    // What is joined may grow in place: it is read before it is written.
    const inputs = positionals.filter(
      (file) => jsonl === undefined || path.resolve(file) !== path.resolve(jsonl),
    );
    await checkTargets({ '--report': report, '--jsonl': jsonl, '--csv': csv }, inputs);
    const reports = [];
    for (const file of positionals) reports.push({ file, ...(await readJsonlReport(file)) });
    const { header, results } = mergeReports(reports);
    if (jsonl !== undefined)
      await writeReport(jsonl, [header, ...results].map(reportLine).join(''));
    try {
      await writeReports(values, header, results, values.images);
    } finally {
      printSummary(header, results, terminal);
    }
    return exitCodes.done;
  },
};
