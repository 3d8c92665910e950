/** `vit-explain batch`: folders, manifests and pictures in, a report out. */
import path from 'node:path';
import { mappingFileOf, readLabelMapping } from '../dataset/label-mapping';
import { phrasesMeant } from '../dataset/labels-of-phrases';
import { listSources } from '../dataset/list-sources';
import type { LabelMapping } from '../dataset/match-labels';
import { prepareBatch } from '../dataset/prepare-batch';
import { readingSentences } from '../dataset/read-labels';
import { classesOf, type SampleList } from '../dataset/sample';
import { bestForModel, defaultMethod, defaultPreset, presets } from '../shared/method-choice';
import { labelReadings } from '../shared/label-reading';
import type { ModelDescription } from '../shared/model';
import { withPhrases } from '../shared/phrases';
import { listener } from '../shared/protocol/listener';
import { resolveModel } from '../store/resolve-model';
import { batch } from '../service/batch/batch';
import { open } from '../service/batch/open';
import { bestMethod } from '../service/best-method';
import { methods } from '../service/methods';
import { assumedLines } from './assumed-lines';
import { oneOf, readArguments, runHelp, runOptions } from './arguments';
import { checkTargets } from './check-targets';
import { UsageError, type Command } from './command';
import { exitCodes, type ExitCode } from './exit-code';
import { modelFolders } from './folders';
import { JsonlOutput } from './jsonl-output';
import { progressLines } from './progress-lines';
import { printSummary, tellSkipped, writeReports } from './report-files';
import { workroomFor } from './workroom';

const help = `vit-explain batch SOURCE… [options]

Explains every picture of the sources: folders, CSV, TSV or JSONL manifests with a path column and,
where there is one, a label column, and single pictures, in any mixture. In a folder the class is the
folder's name. The names of several sources begin at the folder that all of them share, and the report
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
      --text PHRASE        with a CLIP model: the classes are the phrases; give at least two. A label
                           means the phrase that it is, or the only one that names it
      --labels FILE        JSON, {"label": "class name or number"}
                           (default: vit-labels.json beside the dataset, but not with --text)
      --read-labels HOW    what labels are that are numbers: names (of classes), numbers (of classes,
                           from 0), numbers-from-1, text-order (places among all labels sorted as
                           text, as torchvision's ImageFolder counts folders: 0, 1, 10, 11, 2) or
                           number-order (sorted by number, as timm does). Default: what vit-labels.json
                           says, else what fits; which it is is told
      --annotations PATH   COCO JSON, or a folder of Pascal VOC XML or mask PNG files: how much of
                           each map lies outside the object (default: VOC XML beside the pictures).
                           May be given several times: of those that know a picture, the first one
                           counts. Pictures are known by their names, whole or without the first
                           folders; where several share such a name, those nearest to PATH are meant

Large datasets
      --resume             go on where a run that ended early left the JSONL file; pictures that
                           changed since are answered anew
      --shard I/N          the I-th of N equal parts, from 1; join them with vit-explain merge
${runHelp.split('\n').slice(2).join('\n')}

Sources and files that cannot be read are listed and passed over. Results are kept in the cache, by
the hash of the picture, the model, its preprocessing and the method.
`;

const options = {
  ...runOptions,
  method: { type: 'string', default: bestForModel },
  preset: { type: 'string', default: defaultPreset },
  text: { type: 'string', multiple: true },
  report: { type: 'string' },
  jsonl: { type: 'string' },
  csv: { type: 'string' },
  labels: { type: 'string' },
  'read-labels': { type: 'string' },
  annotations: { type: 'string', multiple: true },
  resume: { type: 'boolean', default: false },
  shard: { type: 'string', default: '1/1' },
} as const;

export const batchCommand: Command = {
  summary: 'explain folders, manifests and pictures, and report on them',
  help,
  fillsCache: true,
  run: async (args, terminal) => {
    const { values, positionals: sources } = readArguments(args, options);
    const [first] = sources;
    if (first === undefined)
      throw new UsageError('Name the folders, manifests or pictures to explain.');
    if (values.resume && values.jsonl === undefined)
      throw new UsageError('--resume needs --jsonl: that file says what is done.');
    const ids = (await methods()).map(({ id }) => id);
    const wanted = oneOf('--method', values.method, [bestForModel, ...ids]);
    const shard = readShard(values.shard);
    const readLabels = values['read-labels'];
    const reading =
      readLabels === undefined ? undefined : oneOf('--read-labels', readLabels, labelReadings);
    const room = workroomFor(values);
    const { labels: mappingFile, annotations = [], report, jsonl, csv } = values;
    const targets = { '--report': report, '--jsonl': jsonl, '--csv': csv };
    await checkTargets(targets, [
      ...sources,
      ...annotations,
      ...(mappingFile === undefined ? [] : [mappingFile]),
    ]);

    const list = await listSources(sources);
    const several = new Set(sources.map((source) => path.resolve(source))).size > 1;
    const model = asked(await resolveModel(values.model, modelFolders()), values.text);
    await checkTargets(targets, [
      model.path,
      mappingFileOf(list.root),
      ...list.samples.map((sample) => sample.path),
    ]);
    const preset = oneOf('--preset', values.preset, presets);
    const tellStage = ({ phrase }: { readonly phrase: string }) => {
      terminal.progress(`${model.name}: ${phrase} …`);
    };
    const method =
      wanted === bestForModel ? (await bestMethod({ model }, room, tellStage)).method : wanted;
    const call = { model, method, options: { preset } };
    const opened = await open(call, room, tellStage);
    assumedLines(model.name, opened.assumed).forEach(terminal.progress);
    const prepared = await prepareBatch({
      ...call,
      source: several ? list.root : first,
      list,
      opened,
      mappingFile,
      reading,
      meanings: model.phrases && (await meaningsOf(list, model.phrases, mappingFile)),
      annotations,
    });
    // The summary lists it too, but a mistyped name should not come to light only then.
    if (several) tellSkipped(prepared.header, terminal);
    prepared.notices.forEach(terminal.progress);
    if (prepared.choice)
      terminal.progress(readingSentences(prepared.choice, prepared.header.classes));
    const part = {
      ...prepared,
      samples: prepared.samples.filter((_, index) => index % shard.count === shard.index),
    };
    const output = await JsonlOutput.open(values.jsonl, part, values.resume);
    const { todo, outdated } = output;
    if (outdated > 0) {
      terminal.progress(
        `${outdated === 1 ? 'A picture' : `${outdated} pictures`} that ${output.path} speaks of changed since, or could not be read: answered anew.`,
      );
    }
    const progress = progressLines(
      terminal,
      part.samples.length,
      part.samples.length - todo.length,
    );
    try {
      const { modelSha256 } = opened;
      const { notices } =
        todo.length === 0
          ? { notices: [] }
          : await batch(
              { ...call, samples: todo, modelSha256 },
              room,
              listener({
                stage: () => undefined,
                sample: ({ result }) => {
                  output.add(result);
                  progress();
                },
              }),
            );
      [...opened.notices, ...notices].forEach(terminal.progress);
    } finally {
      output.close();
      await room.close();
    }
    // Whoever reads the first lines of the summary only (`| head`) is to have the reports too.
    try {
      await writeReports(values, prepared.header, output.results, list.root);
    } finally {
      printSummary(prepared.header, output.results, terminal);
    }
    return exitCodes.done satisfies ExitCode;
  },
};

/** @throws Failure as `withPhrases`; UsageError for a single phrase: it would be the answer to everything */
function asked(model: ModelDescription, texts: readonly string[] | undefined): ModelDescription {
  if (texts === undefined) return model;
  const withTexts = withPhrases(model, texts);
  if (withTexts.phrases?.length === 1)
    throw new UsageError('A batch says which phrase fits best: give at least two with --text.');
  return withTexts;
}

/**
 * Which phrase each label means. A mapping beside the dataset was written for a model with classes of
 * its own, so only one that is named is read.
 *
 * @throws Failure `dataset-unusable` for a mapping that cannot be read
 */
async function meaningsOf(
  { samples }: SampleList,
  phrases: readonly string[],
  mappingFile: string | undefined,
): Promise<LabelMapping> {
  const named =
    mappingFile === undefined ? {} : (await readLabelMapping(mappingFile, phrases)).mapping;
  return { ...phrasesMeant(classesOf(samples), phrases), ...named };
}

/** @throws UsageError */
function readShard(text: string): { readonly index: number; readonly count: number } {
  const [, part, count] = /^(\d+)\/(\d+)$/.exec(text) ?? [];
  const index = Number(part) - 1;
  if (part === undefined || index < 0 || index >= Number(count))
    throw new UsageError(`--shard takes I/N with I from 1 to N, not “${text}”.`);
  return { index, count: Number(count) };
}
