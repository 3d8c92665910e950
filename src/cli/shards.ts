/** `vit-explain shards`: which parts of a run are there, and how the others are submitted again. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readShardHead, type ShardHead } from '../dataset/shards/shard-head';
import {
  surveyShards,
  type ShardSurvey,
  type SurveyedShard,
} from '../dataset/shards/survey-shards';
import { byCodeUnits } from '../dataset/sample';
import { Failure } from '../shared/failure';
import { readArguments } from './arguments';
import { UsageError, type Command, type Terminal } from './command';
import { exitCodes } from './exit-code';
import { schedulers } from './schedulers';

/** Shards that a person still reads. */
const mostListed = 20;

const help = `vit-explain shards FOLDER [--json]

Looks at the files in a folder that vit-explain batch or vit-explain evaluate wrote with --shard: says
which shards are missing, unfinished, or made of other inputs than most (weights, samples and their
labels, annotations, options, version), and prints how to submit those again.

      --json     the same as JSON

An unfinished shard may be running still: when it was last written to is told. --resume goes on with it;
a shard of other inputs is begun anew without --resume.

Exit codes: 0 all shards are whole and belong together, 6 some do not, 2 wrong usage, 3 there is no
shard in the folder, or a file in it is damaged
`;

export const shardsCommand: Command = {
  summary: 'which parts of a run in many are lacking',
  help,
  run: async (args, terminal) => {
    const { values, positionals } = readArguments(args, {
      json: { type: 'boolean', default: false },
    });
    const [folder] = positionals;
    if (folder === undefined || positionals.length > 1)
      throw new UsageError('Name one folder with the files of shards.');
    const survey = surveyShards(await headsIn(folder));
    if (survey === undefined) throw nothingIn(folder);
    const lacking = survey.shards.filter(({ state }) => state !== 'whole');
    if (values.json) tellProgram(survey, lacking, terminal);
    else tellPerson(folder, survey, lacking, terminal);
    return lacking.length === 0 ? exitCodes.done : exitCodes.lacking;
  },
};

/** @throws Failure `dataset-unusable` */
async function headsIn(folder: string): Promise<readonly ShardHead[]> {
  const names = await readdir(folder).catch((cause: unknown) => {
    throw new Failure(
      'dataset-unusable',
      `The folder ${folder} could not be read.`,
      'Name the folder that was given to --jsonl.',
      { cause },
    );
  });
  const heads: ShardHead[] = [];
  for (const name of names.filter((one) => one.endsWith('.jsonl')).sort(byCodeUnits)) {
    const head = await readShardHead(path.join(folder, name));
    if (head !== undefined) heads.push(head);
  }
  return heads;
}

function nothingIn(folder: string): Failure {
  return new Failure(
    'dataset-unusable',
    `There is no shard in ${folder}.`,
    'Name the folder that was given to --jsonl, beside --shard; if it is the right one, no task has begun to write: submit the whole array again.',
  );
}

/** The numbers that the scheduler knows shards by; undefined where none is known. */
function tasksOf(
  { array }: ShardSurvey,
  lacking: readonly SurveyedShard[],
): readonly number[] | undefined {
  return array && lacking.map(({ index }) => array.first + (index - 1) * array.step);
}

/** What `--shards` takes for the array as it was first submitted. */
function rangeOf({ array, of }: ShardSurvey): string | undefined {
  if (array === undefined) return undefined;
  const { first, step } = array;
  const range = `${first}-${first + (of - 1) * step}`;
  return step === 1 ? range : `${range}:${step}`;
}

/** The command lines that submit the tasks again, as far as the scheduler takes such. */
function commandsOf(survey: ShardSurvey, lacking: readonly SurveyedShard[]): readonly string[] {
  const scheduler = schedulers.find(({ id }) => id === survey.array?.scheduler);
  const tasks = tasksOf(survey, lacking);
  return tasks === undefined || tasks.length === 0 ? [] : (scheduler?.again(tasks) ?? []);
}

function tellProgram(
  survey: ShardSurvey,
  lacking: readonly SurveyedShard[],
  terminal: Terminal,
): void {
  const { kind, dataset, of, shards, strangers, array } = survey;
  terminal.json({
    format: 'vit-explainer-shards',
    version: 1,
    kind,
    dataset,
    of,
    whole: lacking.length === 0,
    shards: shards.map(({ written, ...shard }) => ({
      ...shard,
      ...(written !== undefined && { written: new Date(written).toISOString() }),
    })),
    strangers,
    ...(array && { array }),
    again: {
      shards: lacking.map(({ index }) => index),
      ...(array && { tasks: tasksOf(survey, lacking), range: rangeOf(survey) }),
      commands: commandsOf(survey, lacking),
    },
  });
}

function tellPerson(
  folder: string,
  survey: ShardSurvey,
  lacking: readonly SurveyedShard[],
  terminal: Terminal,
): void {
  const { dataset, of, shards, strangers } = survey;
  const count = (state: SurveyedShard['state']) =>
    shards.filter((shard) => shard.state === state).length;
  const counts = [
    `${count('whole')} of ${of} shards whole`,
    ...(count('unfinished') > 0 ? [`${count('unfinished')} unfinished`] : []),
    ...(count('missing') > 0 ? [`${count('missing')} missing`] : []),
    ...(count('other') > 0 ? [`${count('other')} of other inputs`] : []),
  ];
  terminal.result(`${dataset}: ${counts.join(', ')}.`);
  for (const shard of lacking.slice(0, mostListed))
    terminal.result(`  shard ${shard.index} ${inWords(shard)}`);
  if (lacking.length > mostListed) terminal.result(`  and ${lacking.length - mostListed} more`);
  for (const file of strangers) terminal.result(`  ${file} is of another run.`);
  if (lacking.length === 0) {
    terminal.result(`Join them: vit-explain merge ${path.join(folder, '*.jsonl')} …`);
    return;
  }
  const commands = commandsOf(survey, lacking);
  if (commands.length > 0) {
    terminal.result(
      `Submit again, with --shards ${rangeOf(survey) ?? ''} beside --shard auto in the job:`,
    );
    for (const command of commands) terminal.result(`  ${command}`);
  } else {
    const parts = lacking.map(({ index }) => `--shard ${index}/${of}`);
    terminal.result(`Run again: ${parts.join(', ')}`);
  }
}

function inWords({ state, file = '', why = '', written = 0 }: SurveyedShard): string {
  switch (state) {
    case 'unfinished':
      return `is unfinished: ${file}, last written to at ${new Date(written).toISOString()}`;
    case 'other':
      return `is of other inputs: ${file}. ${why}`;
    default:
      return `is ${state}`;
  }
}
