/** Preprocessing that other libraries' files beside a model state. */
import path from 'node:path';
import * as v from 'valibot';
import type { Assumption } from '../../shared/assumption';
import { describeIssues } from '../../shared/describe-issues';
import { isRecord } from '../../shared/is-record';
import { preprocessingSchema } from '../../shared/preprocessing';
import { readConfig, type ConfigFile } from '../config-file';
import { shown, unquoted, type Sides, type StatedPreprocessing } from './config-fields';
import { fromHuggingFace } from './hugging-face';
import { sides } from './kinds';
import { fromOpenClip } from './open-clip';
import { fromTimm } from './timm';

export interface PreprocessingBeside {
  readonly stated: StatedPreprocessing | undefined;
  /** As in: `from preprocessor_config.json`; only beside `stated`. */
  readonly source: string;
  /** Files that were left aside, and why. */
  readonly passedOver: readonly Assumption[];
  readonly config: ModelConfig;
}

/** What `config.json` says of the model itself. */
export interface ModelConfig {
  readonly modelType?: string;
  readonly imageSize?: Sides;
}

/**
 * The first of these that states any: Hugging Face's processors, OpenCLIP, timm.
 * @param folders where to look, the nearest first
 * @param input height and width that the graph fixes
 */
export async function preprocessingBeside(
  folders: readonly string[],
  input: Sides | undefined,
): Promise<PreprocessingBeside> {
  const passedOver: Assumption[] = [];
  let model: ModelConfig = {};
  for (const folder of folders) {
    const [processor, combined, openClip, beside] = await Promise.all(
      [
        'preprocessor_config.json',
        'processor_config.json',
        'open_clip_config.json',
        'config.json',
      ].map((name) => readConfig(path.join(folder, name))),
    );
    const config = beside && holdingObject(beside);
    const files = [processor, combined, openClip, config].filter((file) => file !== undefined);
    passedOver.push(...files.filter(isBroken).map(leftAside));
    const { odd, ...said } = modelConfig(config?.data);
    model = { ...said, ...model };
    passedOver.push(...odd);
    const { modelType } = model;
    const processors = (file: ConfigFile) => ofProcessors(file, modelType, input);
    const readings: readonly Reading[] = [
      [processor, processors],
      [combined, processors],
      [openClip, ({ data, name }) => fromOpenClip(data, name)],
      [config, ({ data, name }) => fromTimm(data, name, input)],
    ];
    for (const [file, read] of readings) {
      if (file === undefined || isBroken(file)) continue;
      const stated = read(file);
      const checked = v.safeParse(preprocessingSchema, stated?.preprocessing);
      if (stated !== undefined && !checked.success) {
        // Each field for itself was sound; what they come to together is not.
        passedOver.push(note(`“${file.name}” left aside`, describeIssues(checked.issues)));
        continue;
      }
      if (stated !== undefined) {
        const source = file === config ? 'from timm’s config.json' : `from ${file.name}`;
        return { stated, source, passedOver, config: model };
      }
      if (file === processor || file === openClip || hasTimms(file))
        passedOver.push(leftAside(file));
    }
  }
  return { stated: undefined, source: '', passedOver, config: model };
}

type Reading = readonly [
  file: ConfigFile | undefined,
  read: (file: ConfigFile) => StatedPreprocessing | undefined,
];

/** Hugging Face's `model_type` and `image_size`; `img_size` as it is called in timm. */
function modelConfig(data: unknown): ModelConfig & { readonly odd: readonly Assumption[] } {
  if (!isRecord(data)) return { odd: [] };
  const { model_type: type, vision_config: vision, model_args: given } = data;
  const places = [data, vision, given].filter(isRecord);
  const stated = places
    .map((place) => place.image_size ?? place.img_size)
    .filter((one) => (one ?? undefined) !== undefined);
  const size = stated.map((one) => sides.read(unquoted(one))).find((found) => found !== undefined);
  return {
    odd: size === undefined ? stated.slice(0, 1).map(oddSize) : [],
    ...(typeof type === 'string' && { modelType: type }),
    ...(size !== undefined && { imageSize: size }),
  };
}

function oddSize(value: unknown): Assumption {
  return {
    subject: 'input size',
    value: `not understood: “image_size” ${shown(value)}`,
    reason: `config.json states it so, which is no ${sides.name}`,
    field: 'preprocessing',
  };
}

/** `processor_config.json` holds the image processor among others; some files hold a list of them. */
function ofProcessors(
  { data, name }: ConfigFile,
  modelType: string | undefined,
  input: Sides | undefined,
): StatedPreprocessing | undefined {
  const nested: unknown = isRecord(data) ? (data.image_processor ?? data) : data;
  const [first, ...others] = (Array.isArray(nested) ? nested : [nested]) as unknown[];
  const stated = isRecord(first) ? ofImageProcessor(first, name, modelType, input) : undefined;
  if (stated === undefined || others.length === 0) return stated;
  const listed = note('the first image processor', `${name} lists ${others.length + 1} of them`);
  return { ...stated, assumed: [listed, ...stated.assumed] };
}

function ofImageProcessor(
  data: Record<string, unknown>,
  name: string,
  modelType: string | undefined,
  input: Sides | undefined,
): StatedPreprocessing | undefined {
  // Hugging Face's wrapper around timm keeps timm's own fields.
  if (data.image_processor_type === 'TimmWrapperImageProcessor') {
    const config = data.pretrained_cfg ?? data.data_config;
    return fromTimm({ ...data, pretrained_cfg: config }, name, input);
  }
  return fromHuggingFace(data, name, modelType);
}

/** Whether a `config.json` should state preprocessing, as any of timm's does. */
function hasTimms({ name, data }: ConfigFile): boolean {
  return (
    name === 'config.json' && isRecord(data) && (data.pretrained_cfg ?? undefined) !== undefined
  );
}

/** A list of models or nothing at all says nothing of this one. */
function holdingObject(file: ConfigFile): ConfigFile {
  return file.fault !== undefined || isRecord(file.data)
    ? file
    : { ...file, fault: `it holds ${shown(file.data)} instead of an object` };
}

function isBroken(file: ConfigFile): boolean {
  return file.fault !== undefined;
}

function leftAside({ name, data, fault }: ConfigFile): Assumption {
  const value = `“${name}” left aside`;
  return fault !== undefined && name === 'config.json'
    ? // It would say more than how images are prepared.
      { subject: 'classes', value, reason: fault, field: 'labels' }
    : note(value, fault ?? `${shown(data)} says nothing of how images are prepared`);
}

function note(value: string, reason: string): Assumption {
  return { subject: 'preprocessing', value, reason, field: 'preprocessing' };
}
