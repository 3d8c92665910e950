/** What `vit-explain explain` is asked for: its options, and what they mean. */
import type { MethodInfo, MethodOptions } from '../shared/explanation';
import { defaultMeasuring, removals, type Measuring } from '../shared/faithfulness';
import { evidenceChoices, usualLook, type Look } from '../shared/look';
import { bestForModel, defaultMethod, defaultPreset, presets } from '../shared/method-choice';
import type { PictureChange } from '../shared/picture-change';
import { methods } from '../service/methods';
import type { Workroom } from '../service/workroom';
import { oneOf, readArguments, runHelp, runOptions, wholeNumber } from './arguments';
import { UsageError } from './command';
import { changeAsked, changeHelp, changeOptions } from './picture-change';
import { ResultFiles } from './result-files';
import { workroomFor } from './workroom';

export const explainHelp = `vit-explain explain INPUT… [options]

Says what a Vision Transformer sees in each picture and where the evidence for it lies.

What to explain
  -m, --model ID|FILE      a model of \`vit-explain models\`, or a file: .onnx, .safetensors, .pth, .pt, .ckpt, .bin
                           (default: starter)
      --method ID          how to trace the evidence; may be repeated; ${bestForModel} (default) is
                           ${defaultMethod}, or the best that the model allows, or what its .vit.json names
      --class NUMBER|NAME  explain this class; may be repeated (default: the most probable ones)
      --contrast A,B       show why class A and not class B, both by number or name
      --among LIST         take the answers among these classes, by names and numbers divided by
                           commas: the shares among them, beside the probabilities among all
      --text PHRASE        with a CLIP model: compare the picture with this phrase; repeat it for the
                           alternatives
      --top-k K            how many of the most probable classes to list and explain (default: 5)
      --preset NAME        whose details to follow: model (default), base or chefer
      --start-layer N      first block that a rollout multiplies in, from 0
      --tensor             INPUT is a float32 .npy of shape [1,3,H,W], already preprocessed
${changeHelp}
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
  among: { type: 'string' },
  text: { type: 'string', multiple: true },
  'top-k': { type: 'string' },
  preset: { type: 'string', default: defaultPreset },
  'start-layer': { type: 'string' },
  tensor: { type: 'boolean', default: false },
  ...changeOptions,
  stability: { type: 'boolean', default: false },
  faithfulness: { type: 'boolean', default: false },
  removal: { type: 'string' },
  png: { type: 'boolean', default: false },
  npy: { type: 'boolean', default: false },
  json: { type: 'boolean', default: false },
  evidence: { type: 'string' },
  pixels: { type: 'boolean', default: false },
  out: { type: 'string', default: '.' },
} as const;

/** What was asked for, checked. */
export interface ExplainJob {
  readonly inputs: readonly string[];
  readonly model: string;
  /** In the order asked for; undefined stands for the best one for the model. */
  readonly methods: readonly (MethodInfo | undefined)[];
  readonly classes: readonly string[];
  readonly contrast: string | undefined;
  /** The classes that answers are taken among, as they were written. */
  readonly among: string | undefined;
  readonly phrases: readonly string[] | undefined;
  readonly topK: number;
  readonly options: MethodOptions;
  readonly tensor: boolean;
  /** What becomes of each picture before the model sees it. */
  readonly change: PictureChange | undefined;
  readonly stability: boolean;
  /** How to measure the first map; undefined: not at all. */
  readonly measuring: Measuring | undefined;
  readonly look: Look;
  readonly files: ResultFiles;
  readonly room: Workroom;
}

/** @throws UsageError */
export async function readExplainJob(args: readonly string[]): Promise<ExplainJob> {
  const { values, positionals } = readArguments(args, options);
  if (positionals.length === 0) throw new UsageError('Name at least one picture to explain.');
  if (values.class !== undefined && values.contrast !== undefined)
    throw new UsageError('--class and --contrast cannot be asked for together.');
  if (values.contrast?.includes(',') === false)
    throw new UsageError('--contrast takes two classes divided by a comma, e.g. 281,282.');
  const change = changeAsked(values);
  if (change !== undefined && values.tensor) {
    throw new UsageError(
      '--cover and --fit are for pictures, not for what is already preprocessed.',
    );
  }
  const known = await methods();
  const ids = [...new Set(values.method ?? [bestForModel])];
  const wanted = ids.map((id) => {
    const name = oneOf('--method', id, [bestForModel, ...known.map((method) => method.id)]);
    return known.find((method) => method.id === name);
  });
  const look = lookOf(values);
  return {
    inputs: positionals,
    model: values.model,
    methods: wanted,
    classes: values.class ?? [],
    contrast: values.contrast,
    among: values.among,
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
    change,
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

/** @throws UsageError where nothing is drawn as asked */
function lookOf(values: {
  evidence?: string;
  pixels: boolean;
  png: boolean;
  npy: boolean;
  json: boolean;
}): Look {
  const { evidence = usualLook.evidence, pixels, png, npy, json } = values;
  if (pixels && !png) throw new UsageError('--pixels says how --png draws: give that too.');
  if (values.evidence !== undefined && !png && (npy || json))
    throw new UsageError('--evidence says how --png draws: give that too.');
  return {
    evidence: oneOf('--evidence', evidence, evidenceChoices),
    grain: pixels ? 'pixels' : 'patches',
  };
}

/** @throws UsageError */
function measuringOf(values: { faithfulness: boolean; removal?: string }): Measuring | undefined {
  const { faithfulness: wanted, removal = defaultMeasuring.removal } = values;
  if (!wanted && values.removal !== undefined)
    throw new UsageError('--removal says how --faithfulness is measured: give that too.');
  const measuring = { ...defaultMeasuring, removal: oneOf('--removal', removal, removals) };
  return wanted ? measuring : undefined;
}
