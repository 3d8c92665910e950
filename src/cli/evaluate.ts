/** `vit-explain evaluate`: which method's maps hold for this model, on these pictures. */
import { evenSample } from '../dataset/even-sample';
import { byCodeUnits } from '../dataset/sample';
import { isOfShard } from '../dataset/shards/shard-of-name';
import type { BatchHeader } from '../shared/batch-header';
import { counted } from '../shared/counted';
import { evaluatedClasses, type EvaluationHeader } from '../shared/evaluation';
import { defaultMeasuring, removals } from '../shared/faithfulness';
import { Failure } from '../shared/failure';
import { defaultPreset, presets } from '../shared/method-choice';
import type { ModelDescription } from '../shared/model';
import type { BatchSample } from '../shared/protocol/dataset';
import { listener } from '../shared/protocol/listener';
import { bestMethod } from '../service/best-method';
import { costs as measureCosts } from '../service/evaluate/costs';
import { evaluate } from '../service/evaluate/evaluate';
import { measureRandomisation } from '../service/evaluate/randomisation';
import { inspect } from '../service/inspect';
import { methods as allMethods } from '../service/methods';
import { manifestPath } from '../store/manifest';
import type { Workroom } from '../service/workroom';
import { oneOf, readArguments, runHelp, runOptions, wholeNumber } from './arguments';
import { checkKeptFile } from './check-kept-file';
import { UsageError, type Command, type Terminal } from './command';
import { datasetOptions, labelHelp, readDataset } from './dataset-inputs';
import { EvaluationOutput } from './evaluation-output';
import { reportEvaluation } from './evaluation-reports';
import { exitCodes } from './exit-code';
import { progressLines } from './progress-lines';
import { shardAsked, shardHelp, shardPlace } from './shard-asked';
import { workroomFor } from './workroom';

const defaultPictures = 100;

const help = `vit-explain evaluate SOURCE… [options]

Measures how faithful the maps of each method are for a model: patches of each picture are taken away
in the order of the map, and what the model still says of the class is compared with an order at
random and with one from the middle outwards. Says which method to use for this model. Sources are
folders, CSV, TSV or JSONL manifests, tar archives and single pictures, in any mixture, read as by
vit-explain batch.

What to measure
${runHelp.split('\n').slice(0, 2).join('\n')}
      --methods LIST       all (default: those that can run on this model), or ids divided by commas
      --pictures N         of more pictures, so many are drawn, evenly over the labels and the same
                           ones each time; 0 for all (default: ${defaultPictures})
      --class WHICH        whose maps: answer (the class that the model answers, default) or label
      --removal HOW        what stands in a patch's place: ${removals.join(', ')} (default: ${defaultMeasuring.removal})
      --steps N            steps in which all patches go (default: ${defaultMeasuring.steps})
      --randomise N        also what becomes of the maps of N of the pictures when the weights are
                           shuffled, in the reports (default: 0, it is slow)
      --preset NAME        whose details to follow: model (default), base or chefer
${labelHelp}

What to write (a table goes to stdout in any case)
      --html FILE          one self-contained page: table, curves, best and worst pictures
      --json FILE          the table and the curves, for a program
      --csv FILE           the figures, a row a picture and method
      --markdown FILE      the table, for a document
      --jsonl FILE         a line a picture, maps included; written as it goes

Many pictures
      --resume             go on where a run that ended early left the JSONL file, or add methods to it;
                           the reports are of all that it holds, and each of its methods is
                           measured on every picture
${shardHelp}
${runHelp.split('\n').slice(2).join('\n')}

The JSONL file is the same whatever way led there. Costs are measured on this machine at the end of each
run, and stand in the reports only.
`;

const flags = {
  ...runOptions,
  ...datasetOptions,
  methods: { type: 'string', default: 'all' },
  pictures: { type: 'string', default: String(defaultPictures) },
  class: { type: 'string', default: 'answer' },
  removal: { type: 'string', default: defaultMeasuring.removal },
  steps: { type: 'string', default: String(defaultMeasuring.steps) },
  randomise: { type: 'string', default: '0' },
  preset: { type: 'string', default: defaultPreset },
  html: { type: 'string' },
  json: { type: 'string' },
  csv: { type: 'string' },
  markdown: { type: 'string' },
  jsonl: { type: 'string' },
} as const;

export const evaluateCommand: Command = {
  summary: 'measure which method’s maps hold for a model',
  help,
  fillsCache: true,
  run: async (args, terminal) => {
    const { values, positionals: sources } = readArguments(args, flags);
    if (sources.length === 0)
      throw new UsageError('Name the folders, manifests, archives or pictures to measure.');
    if (values.resume && values.jsonl === undefined)
      throw new UsageError('--resume needs --jsonl: that file says what is done.');
    const pictures = wholeNumber('--pictures', values.pictures, 0);
    const randomised = wholeNumber('--randomise', values.randomise, 0);
    const evaluated = oneOf('--class', values.class, evaluatedClasses);
    const measuring = {
      ...defaultMeasuring,
      removal: oneOf('--removal', values.removal, removals),
      steps: wholeNumber('--steps', values.steps, 2, 64),
    };
    const shard = shardAsked(values);
    const asked = await readMethods(values.methods);
    const options = { preset: oneOf('--preset', values.preset, presets) };
    const room = workroomFor(values);
    const { html, json, csv, markdown } = values;
    await checkKeptFile('--jsonl', values.jsonl);
    const jsonl = await shardPlace(values.jsonl, shard);
    let methods: readonly string[] = [];
    try {
      const dataset = await readDataset(
        {
          sources,
          values,
          targets: {
            '--html': html,
            '--json': json,
            '--csv': csv,
            '--markdown': markdown,
            '--jsonl': jsonl,
          },
          options,
          method: async (model) => {
            methods = await methodsFor(model, asked, room, terminal);
            return methods[0] ?? '';
          },
        },
        room,
        terminal,
      );
      const { header: whole, notices } = await dataset.whole();
      if (dataset.header.samples === undefined) notices.forEach(terminal.progress);
      const all = await allOf(dataset.samples);
      const drawn = drawnOf(all, pictures, evaluated === 'label', terminal);
      const header = { ...headerOf(whole, drawn.length, { evaluated, measuring }), shard };
      const samples = drawn.filter((sample) => isOfShard(shard, sample));
      const output = await EvaluationOutput.open(jsonl, header, samples, values.resume);
      const missing = output.missing([...methods, ...output.methods]);
      let done = samples.length - missing.length;
      const progress = progressLines(terminal, () => ({
        done,
        total: samples.length,
        isAll: true,
      }));
      const { model, opened } = dataset;
      if (missing.length > 0) {
        const { modelSha256 } = opened;
        await evaluate(
          { model, options, evaluated, measuring, modelSha256, samples: missing },
          room,
          listener({
            stage: () => undefined,
            picture: ({ record }) => {
              output.add(record);
              done++;
              progress();
            },
          }),
        );
      }
      await output.finish(drawn, methods);
      const timed = samples.find(({ name }) => output.has(name));
      const measured =
        timed &&
        (await measureCosts(
          { model, options, methods: output.methods, path: timed.path },
          room,
          ({ phrase }) => {
            terminal.progress(`${model.name}: ${phrase} …`);
          },
        ));
      const shuffled = samples.filter(({ name }) => output.has(name)).slice(0, randomised);
      const report = {
        header,
        records: output.records,
        costs: measured?.costs,
        randomised:
          shuffled.length === 0
            ? undefined
            : await measureRandomisation(
                { model, options, methods: output.methods },
                shuffled.map(({ path }) => path),
                room,
                (phrase) => {
                  terminal.progress(`${model.name}: ${phrase} …`);
                },
              ),
      };
      const { method } = await bestMethod({ model }, room, () => undefined);
      const isOwnFile = model.id.startsWith('file:') && model.backbone === undefined;
      const own = { method, manifest: isOwnFile ? manifestPath(model.path) : undefined };
      await reportEvaluation(
        { html, json, csv, markdown },
        report,
        dataset.list.root,
        own,
        terminal,
      );
    } finally {
      await room.close();
    }
    return exitCodes.done;
  },
};

/** Undefined: all that there are. @throws UsageError */
async function readMethods(text: string): Promise<readonly string[] | undefined> {
  if (text === 'all') return undefined;
  const ids = (await allMethods()).map(({ id }) => id);
  return [...new Set(text.split(','))].map((id) => oneOf('--methods', id.trim(), ids));
}

/** @throws Failure `method-not-applicable` for one that was named and cannot run on the model */
async function methodsFor(
  model: ModelDescription,
  asked: readonly string[] | undefined,
  room: Workroom,
  terminal: Terminal,
): Promise<readonly string[]> {
  const { methods } = await inspect({ model }, room, ({ phrase }) => {
    terminal.progress(`${model.name}: ${phrase} …`);
  });
  for (const { id, reason } of methods) {
    if (reason === undefined) continue;
    if (asked?.includes(id) === true) {
      throw new Failure(
        'method-not-applicable',
        `${id} cannot run on this model: ${reason}`,
        'Leave it out of --methods.',
      );
    }
    if (asked === undefined) terminal.progress(`Without ${id}: ${reason}`);
  }
  const able = methods.filter(({ reason }) => reason === undefined).map(({ id }) => id);
  return able.filter((id) => asked?.includes(id) ?? true);
}

async function allOf(samples: AsyncIterable<BatchSample>): Promise<readonly BatchSample[]> {
  const all: BatchSample[] = [];
  for await (const sample of samples) all.push(sample);
  return all.sort((a, b) => byCodeUnits(a.name, b.name));
}

function drawnOf(
  samples: readonly BatchSample[],
  pictures: number,
  byLabel: boolean,
  terminal: Terminal,
): readonly BatchSample[] {
  const able = byLabel ? samples.filter(({ truth }) => truth !== undefined) : samples;
  if (able.length === 0) {
    throw new Failure(
      'dataset-unusable',
      'No picture has a label that is a class of the model.',
      'Say what the labels mean with --labels, or measure the class that the model answers.',
    );
  }
  if (able.length < samples.length) {
    terminal.progress(
      `${counted(samples.length - able.length, 'picture has', 'pictures have')} no label that is a class of the model: left out.`,
    );
  }
  const drawn = pictures === 0 ? able : evenSample(able, pictures);
  if (drawn.length < able.length) {
    terminal.progress(
      `${drawn.length} of ${able.length} pictures are measured, drawn evenly over the labels, the same ones each time; --pictures 0 takes all.`,
    );
  }
  return drawn;
}

function headerOf(
  header: BatchHeader,
  samples: number,
  { evaluated, measuring }: Pick<EvaluationHeader, 'evaluated' | 'measuring'>,
): EvaluationHeader {
  const { dataset, samples: available, model, preprocessing, output, options } = header;
  const { classes, skipped } = header;
  return {
    format: 'vit-explainer-evaluation',
    version: 1,
    dataset,
    available,
    samples,
    model,
    preprocessing,
    output,
    options,
    evaluated,
    measuring,
    classes,
    skipped,
  };
}
