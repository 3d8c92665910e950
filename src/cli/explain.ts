/** `vit-explain explain`: pictures in, evidence out. */
import path from 'node:path';
import type { MethodInfo, MethodOptions, Targets } from '../shared/explanation';
import { bestForModel, defaultMethod, defaultPreset, presets } from '../shared/method-choice';
import { counted } from '../shared/counted';
import { Failure } from '../shared/failure';
import type { ModelDescription } from '../shared/model';
import { listener } from '../shared/protocol/listener';
import type { ExplainResult, ImageSource } from '../shared/protocol/explain';
import { resolveModel } from '../store/resolve-model';
import { bestMethod } from '../service/best-method';
import { explain } from '../service/explain';
import { faithfulness } from '../service/faithfulness';
import type { MeasuredResult } from '../shared/explanation-files';
import { defaultMeasuring, removals, type Measuring } from '../shared/faithfulness';
import { methods } from '../service/methods';
import { failureDataOf } from '../service/failure-data-of';
import type { Workroom } from '../service/workroom';
import { assumedLines } from './assumed-lines';
import { oneOf, readArguments, runHelp, runOptions, wholeNumber } from './arguments';
import { UsageError, type Command, type Terminal } from './command';
import { exitCodeOf, exitCodes, type ExitCode } from './exit-code';
import { findClass, findTwoClasses } from '../shared/find-class';
import { withPhrases } from '../shared/phrases';
import { noticesAndRemarks } from '../shared/picture-remark';
import { evidenceChoices, usualLook, type Look } from '../shared/look';
import { modelFolders } from './folders';
import { printExplanation } from './print-explanation';
import { readInput } from './read-input';
import { ResultFiles } from './result-files';
import { workroomFor } from './workroom';

const help = `vit-explain explain INPUT… [options]

Says what a Vision Transformer sees in each picture and where the evidence for it lies.

What to explain
  -m, --model ID|FILE      a model of \`vit-explain models\`, or a file: .onnx, .safetensors, .pth, .pt, .ckpt, .bin
                           (default: starter)
      --method ID          how to trace the evidence; may be repeated; ${bestForModel} (default) is
                           ${defaultMethod}, or the best that the model allows, or what its .vit.json names
      --class NUMBER|NAME  explain this class; may be repeated (default: the most probable ones)
      --contrast A,B       show why class A and not class B, both by number or name
      --text PHRASE        with a CLIP model: compare the picture with this phrase; repeat it for the
                           alternatives
      --top-k K            how many of the most probable classes to list and explain (default: 5)
      --preset NAME        whose details to follow: model (default), base or chefer
      --start-layer N      first block that a rollout multiplies in, from 0
      --tensor             INPUT is a float32 .npy of shape [1,3,H,W], already preprocessed
      --stability          measure too how far the map can be trusted numerically
      --faithfulness       measure too what the model says when patches are taken away in the map's order
      --removal NAME       what stands in their place: ${removals.join(', ')} (nothing: the token is left
                           out); default: ${defaultMeasuring.removal}

What to write (with none of the three: the classes and the best one's map, in the terminal)
      --png                NAME.png: the picture, and the evidence for each class over it
      --npy                NAME.METHOD.npy: float32 [K, rows, columns], raw values
      --json               NAME.json: classes, raw maps, timings
      --out DIR            where to (default: the current folder)
      --evidence WHICH     of methods that tell both, in pictures: for (the class alone, on a scale of
                           its own; default) or for-and-against (on one scale)
      --pixels             of methods that reach the pixels, in PNG files: each pixel, instead of sums
                           patch by patch
  JSON and NPY have every value as the method gives it, whatever is drawn.
  With several methods the names are NAME.METHOD.png and NAME.METHOD.json.

How to run
${runHelp.split('\n').slice(2).join('\n')}

Exit codes: 0 done, 1 unforeseen, 2 wrong usage, 3 an input could not be read,
            4 the model cannot be used or cannot do this, 5 a result could not be written
`;

const options = {
  ...runOptions,
  method: { type: 'string', multiple: true },
  class: { type: 'string', multiple: true },
  contrast: { type: 'string' },
  text: { type: 'string', multiple: true },
  'top-k': { type: 'string' },
  preset: { type: 'string', default: defaultPreset },
  'start-layer': { type: 'string' },
  tensor: { type: 'boolean', default: false },
  stability: { type: 'boolean', default: false },
  faithfulness: { type: 'boolean', default: false },
  removal: { type: 'string' },
  png: { type: 'boolean', default: false },
  npy: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  evidence: { type: 'string', default: usualLook.evidence },
  pixels: { type: 'boolean', default: false },
  out: { type: 'string', default: '.' },
} as const;

/** What was asked for, checked. */
interface Job {
  readonly inputs: readonly string[];
  readonly model: string;
  /** In the order asked for; undefined stands for the best one for the model. */
  readonly methods: readonly (MethodInfo | undefined)[];
  readonly classes: readonly string[];
  readonly contrast: string | undefined;
  readonly phrases: readonly string[] | undefined;
  readonly topK: number;
  readonly options: MethodOptions;
  readonly tensor: boolean;
  readonly stability: boolean;
  /** How to measure the first map; undefined: not at all. */
  readonly measuring: Measuring | undefined;
  readonly look: Look;
  readonly files: ResultFiles;
  readonly room: Workroom;
}

export const explainCommand: Command = {
  summary: 'explain pictures: what the model says, and where the evidence lies',
  help,
  fillsCache: true,
  run: async (args, terminal) => explainAll(await readJob(args), terminal),
};

async function readJob(args: readonly string[]): Promise<Job> {
  const { values, positionals } = readArguments(args, options);
  if (positionals.length === 0) throw new UsageError('Name at least one picture to explain.');
  if (values.class !== undefined && values.contrast !== undefined)
    throw new UsageError('--class and --contrast cannot be asked for together.');
  const known = await methods();
  const ids = [...new Set(values.method ?? [bestForModel])];
  const wanted = ids.map((id) => {
    const name = oneOf('--method', id, [bestForModel, ...known.map((method) => method.id)]);
    return known.find((method) => method.id === name);
  });
  const look: Look = {
    evidence: oneOf('--evidence', values.evidence, evidenceChoices),
    grain: values.pixels ? 'pixels' : 'patches',
  };
  return {
    inputs: positionals,
    model: values.model,
    methods: wanted,
    classes: values.class ?? [],
    contrast: values.contrast,
    phrases: values.text,
    // Every phrase that was asked about is answered.
    topK: wholeNumber('--top-k', values['top-k'] ?? String(values.text?.length ?? 5), 1),
    options: {
      preset: oneOf('--preset', values.preset, presets),
      ...(values['start-layer'] === undefined
        ? {}
        : { startLayer: wholeNumber('--start-layer', values['start-layer'], 0) }),
    },
    tensor: values.tensor,
    stability: values.stability,
    measuring: measuringOf(values),
    look,
    files: new ResultFiles(
      values.out,
      { png: values.png, npy: values.npy, json: values.json },
      ids.length > 1,
      look,
    ),
    room: workroomFor(values),
  };
}

async function explainAll(job: Job, terminal: Terminal): Promise<ExitCode> {
  const resolved = await resolveModel(job.model, modelFolders());
  const model = job.phrases === undefined ? resolved : withPhrases(resolved, job.phrases);
  const { room } = job;
  const chosen = await chosenMethods(job, model, terminal);
  const targets = await targetsOf(job, model, terminal);
  const notices = new Set<string>();
  let code: ExitCode = exitCodes.done;
  for (const input of job.inputs) {
    try {
      const image = await readInput(input, job.tensor);
      for (const method of chosen) {
        const result = await explain(
          {
            image,
            model,
            method: method.id,
            options: job.options,
            targets,
            listed: job.topK,
            stability: job.stability,
          },
          room,
          listener({
            stage: ({ phrase }) => {
              terminal.progress(`${image.name}: ${phrase} …`);
            },
            classified: () => undefined,
          }),
        );
        tellOnce(assumedLines(model.name, result.assumed), notices, terminal);
        tellOnce(noticesAndRemarks(result), notices, terminal);
        const measured = await measuredResult(job, image, model, targets, result, terminal);
        await deliver(input, image, measured, method, job, terminal);
      }
    } catch (thrown) {
      const failure = failureDataOf(thrown);
      terminal.progress(`${input}: ${failure.message}`);
      terminal.progress(`  ${failure.nextStep}`);
      code = code === exitCodes.done ? exitCodeOf(failure.code) : code;
      if (exitCodeOf(failure.code) !== exitCodes.input) return code;
    }
  }
  return code;
}

async function chosenMethods(
  job: Job,
  model: ModelDescription,
  terminal: Terminal,
): Promise<readonly MethodInfo[]> {
  const known = await methods();
  const chosen: MethodInfo[] = [];
  for (const asked of job.methods) {
    const best =
      asked === undefined &&
      (await bestMethod({ model }, job.room, ({ phrase }) => {
        terminal.progress(`${model.name}: ${phrase} …`);
      }));
    const method = best ? known.find(({ id }) => id === best.method) : asked;
    if (method) chosen.push(method);
  }
  return [...new Set(chosen)];
}

/** @throws UsageError */
function measuringOf(values: { faithfulness: boolean; removal?: string }): Measuring | undefined {
  const { faithfulness: wanted, removal = defaultMeasuring.removal } = values;
  if (!wanted && values.removal !== undefined)
    throw new UsageError('--removal says how --faithfulness is measured: give that too.');
  const measuring = { ...defaultMeasuring, removal: oneOf('--removal', removal, removals) };
  return wanted ? measuring : undefined;
}

async function measuredResult(
  { measuring, options: methodOptions, room }: Job,
  image: ImageSource,
  model: ModelDescription,
  targets: Targets,
  result: ExplainResult,
  terminal: Terminal,
): Promise<MeasuredResult> {
  if (!measuring) return result;
  const { method } = result;
  const tell = (phrase: string) => {
    terminal.progress(`${image.name}: ${phrase} …`);
  };
  const measured = await faithfulness(
    { image, model, method, options: methodOptions, targets, measuring },
    room,
    listener({
      stage: ({ phrase }) => {
        tell(phrase);
      },
      progress: ({ done, total }) => {
        tell(`${done} of ${total} masked pictures`);
      },
    }),
  );
  return { ...result, faithfulness: measured };
}

async function targetsOf(
  { classes, contrast, topK, room }: Job,
  model: ModelDescription,
  terminal: Terminal,
): Promise<Targets> {
  if (classes.length === 0 && contrast === undefined) return { topK };
  const isByNumber =
    contrast === undefined ? classes.every(isNumber) : contrast.split(',').every(isNumber);
  if (!isByNumber) await checkNames(model, room, terminal);
  return contrast === undefined
    ? { classes: classes.map((name) => findClass(name, model.labels)) }
    : { contrast: [...findTwoClasses(contrast, model.labels)] };
}

function isNumber(text: string): boolean {
  return /^\s*\d+\s*$/.test(text);
}

/** @throws Failure `labels-mismatch` where the names are not those of the classes */
async function checkNames(
  model: ModelDescription,
  room: Workroom,
  terminal: Terminal,
): Promise<void> {
  const { explainer } = await room.models.open(model, model.preprocessing.crop, (phrase) => {
    terminal.progress(`${model.name}: ${phrase} …`);
  });
  const count = explainer.structure.classes;
  if (model.labels.length > 0 && model.labels.length !== count) {
    throw new Failure(
      'labels-mismatch',
      `${model.name} has ${counted(count, 'class', 'classes')}, but ${counted(model.labels.length, 'name was', 'names were')} found.`,
      'Correct the labels beside the model, or give the numbers of the classes.',
    );
  }
}

function tellOnce(sentences: readonly string[], told: Set<string>, terminal: Terminal): void {
  for (const sentence of sentences.filter((one) => !told.has(one))) {
    told.add(sentence);
    terminal.progress(sentence);
  }
}

async function deliver(
  input: string,
  image: ImageSource,
  result: MeasuredResult,
  method: MethodInfo,
  { files, look }: Job,
  terminal: Terminal,
): Promise<void> {
  const written = await files.write(input, image, result, method);
  // A terminal has no room for pixels.
  const drawn: Look | undefined = written.length === 0 ? { ...look, grain: 'patches' } : undefined;
  printExplanation(input, result, method, drawn, terminal);
  for (const file of written) terminal.result(`  ${path.relative('', file)}`);
}
