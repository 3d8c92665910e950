/** `vit-explain batch`: folders, manifests and pictures in, a report out. */
import { ListingHash } from '../dataset/shards/listing-hash';
import { isOfShard } from '../dataset/shards/shard-of-name';
import { amongAll, amongNotice, type AmongChoice } from '../shared/among';
import { bestForModel, defaultMethod, defaultPreset, presets } from '../shared/method-choice';
import { counted } from '../shared/counted';
import type { BatchSample } from '../shared/protocol/dataset';
import { listener } from '../shared/protocol/listener';
import type { Shard } from '../shared/shard';
import { batch } from '../service/batch/batch';
import { bestMethod } from '../service/best-method';
import { methods } from '../service/methods';
import { oneOf, readArguments, runHelp, runOptions } from './arguments';
import { checkKeptFile } from './check-kept-file';
import { UsageError, type Command, type Terminal } from './command';
import { datasetOptions, labelHelp, readDataset } from './dataset-inputs';
import { exitCodes, type ExitCode } from './exit-code';
import { JsonlOutput } from './jsonl-output';
import { progressLines } from './progress-lines';
import { printSummary, tallyOf, writeReports } from './report-files';
import { shardAsked, shardHelp, shardPlace } from './shard-asked';
import { workroomFor } from './workroom';

const help = `vit-explain batch SOURCE… [options]

Explains every picture of the sources: folders, CSV, TSV or JSONL manifests with a path column and,
where there is one, a label column, tar archives as WebDataset writes them (one, a folder of them, or
“train-{0000..0012}.tar”), and single pictures, in any mixture. In a folder the class is the folder's
name; in an archive it is in key.cls (an index or a name) or key.json beside key.jpg. The names of several sources begin at the folder that all of them share, and the report
is called after it. What is named twice counts once, with the label of a manifest where one names it;
the order makes no difference.

What to write (a summary goes to stdout in any case)
      --report FILE        one self-contained HTML page
      --jsonl FILE         a line a sample, maps included; written as it goes
      --csv FILE           the figures as a table

How to explain
${runHelp.split('\n').slice(0, 2).join('\n')}
      --method ID          how to trace the evidence (default: ${bestForModel}, which is ${defaultMethod},
                           or the best that the model allows, or what its .vit.json names;
                           attention_rollout is the fastest)
      --preset NAME        whose details to follow: model (default), base or chefer
${labelHelp}
      --among LIST         also tell the answers among some of the classes, beside those among all:
                           “dataset” takes those that its labels stand for; else names or numbers
                           divided by commas. Shares are those of the softmax over these classes alone
      --annotations PATH   COCO JSON, or a folder of Pascal VOC XML or mask PNG files: how much of
                           each map lies outside the object (default: VOC XML beside the pictures).
                           May be given several times: of those that know a picture, the first one
                           counts. Pictures are known by their names, whole or without the first
                           folders; where several share such a name, those nearest to PATH are meant

Large datasets
      --resume             go on where a run that ended early left the JSONL file; pictures that
                           changed since are answered anew
${shardHelp}
${runHelp.split('\n').slice(2).join('\n')}

Sources and files that cannot be read are listed and passed over. Results are kept in the cache, by
the hash of the picture, the model, its preprocessing and the method.
`;

const flags = {
  ...runOptions,
  method: { type: 'string', default: bestForModel },
  preset: { type: 'string', default: defaultPreset },
  ...datasetOptions,
  report: { type: 'string' },
  jsonl: { type: 'string' },
  csv: { type: 'string' },
  annotations: { type: 'string', multiple: true },
  among: { type: 'string' },
} as const;

export const batchCommand: Command = {
  summary: 'explain folders, manifests and pictures, and report on them',
  help,
  fillsCache: true,
  run: async (args, terminal) => {
    const { values, positionals: sources } = readArguments(args, flags);
    if (sources.length === 0)
      throw new UsageError('Name the folders, manifests, archives or pictures to explain.');
    if (values.resume && values.jsonl === undefined)
      throw new UsageError('--resume needs --jsonl: that file says what is done.');
    const ids = (await methods()).map(({ id }) => id);
    const wanted = oneOf('--method', values.method, [bestForModel, ...ids]);
    const shard = shardAsked(values);
    const options = { preset: oneOf('--preset', values.preset, presets) };
    const room = workroomFor(values);
    const { annotations = [], report, csv } = values;
    await checkKeptFile('--jsonl', values.jsonl);
    const jsonl = await shardPlace(values.jsonl, shard);
    const dataset = await readDataset(
      {
        sources,
        values,
        annotations,
        among: amongAsked(values.among),
        targets: { '--report': report, '--jsonl': jsonl, '--csv': csv },
        options,
        method: async (model) => {
          if (wanted !== bestForModel) return wanted;
          const best = await bestMethod({ model }, room, ({ phrase }) => {
            terminal.progress(`${model.name}: ${phrase} …`);
          });
          return best.method;
        },
      },
      room,
      terminal,
    );
    const { list, opened, model } = dataset;
    const begun = { ...dataset.header, shard };
    const output = await JsonlOutput.open(jsonl, begun, values.resume);
    try {
      const { modelSha256 } = opened;
      const listing = new ListingHash();
      const samples = output.todo(ofShard(dataset.samples, shard, listing));
      const progress = progressLines(terminal, () => ({
        done: output.done,
        total: list.size,
        isAll: list.isWhole,
      }));
      const { notices } = await batch(
        {
          model,
          method: begun.method,
          options,
          samples,
          modelSha256,
          ...(begun.among && { among: begun.among.classes }),
        },
        room,
        listener({
          stage: () => undefined,
          sample: ({ result }) => {
            output.add(result);
            progress();
          },
        }),
      );
      const apart = begun.among && amongNotice(begun.output);
      [...opened.notices, ...notices, ...(apart === undefined ? [] : [apart])].forEach(
        terminal.progress,
      );
      const { header: whole, notices: late } = await dataset.whole();
      const header = { ...whole, shard };
      if (begun.samples === undefined) late.forEach(terminal.progress);
      const gone = await output.finish(header, listing.value);
      tellResumed(output, gone, terminal);
      const tally = await tallyOf(output.results());
      // Whoever reads the first lines of the summary only (`| head`) is to have the reports too.
      try {
        await writeReports(values, header, () => output.results(), tally, list.root);
      } finally {
        printSummary(header, tally, terminal);
      }
    } finally {
      list.close();
      output.close();
      await room.close();
    }
    return exitCodes.done satisfies ExitCode;
  },
};

/** “dataset” or a list. */
function amongAsked(text: string | undefined): AmongChoice {
  if (text === undefined) return amongAll;
  return text === 'dataset' ? { of: 'dataset' } : { of: 'list', text };
}

/** @param listing takes in all samples, of whatever shard, as they pass by; without shards nobody asks for it */
async function* ofShard(
  samples: AsyncIterable<BatchSample>,
  shard: Shard | undefined,
  listing: ListingHash,
): AsyncGenerator<BatchSample, void> {
  for await (const sample of samples) {
    if (shard !== undefined) listing.add(sample);
    if (isOfShard(shard, sample)) yield sample;
  }
}

/** What became of the lines of a run before. */
function tellResumed(
  { path = '', outdated }: JsonlOutput,
  gone: number,
  { progress }: Terminal,
): void {
  if (outdated > 0) {
    progress(
      `${counted(outdated, 'picture', 'pictures')} that ${path} speaks of changed since, or could not be read: answered anew.`,
    );
  }
  if (gone > 0) {
    progress(
      `${counted(gone, 'sample', 'samples')} that ${path} spoke of ${gone === 1 ? 'is' : 'are'} in the dataset no longer: left out.`,
    );
  }
}
