/** Preprocessing from Hugging Face's `preprocessor_config.json`, as its image processors read it. */
import type { Preprocessing } from '../../shared/preprocessing';
import { ConfigFields, shown, type Sides, type StatedPreprocessing } from './config-fields';
import {
  anyProcessor,
  processorNamed,
  processorOfModel,
  type Processor,
  type ProcessorDefaults,
} from './image-processors';
import { readShape } from './hugging-face-shape';
import { flag, interpolation, perChannel, positive, positivePerChannel } from './kinds';

/** Fields that change no pixel of a colour picture. */
const harmless = [
  'image_processor_type',
  'feature_extractor_type',
  'processor_class',
  '_processor_class',
  'auto_map',
  'model_input_names',
  '_valid_processor_keys',
  'do_convert_rgb',
  'data_format',
  'input_data_format',
  'return_tensors',
  'device',
  'disable_grouping',
  'do_reduce_labels',
  'reduce_labels',
  'num_labels',
  'transformers_version',
  '_name_or_path',
  '_commit_hash',
  'use_fast',
  'backend',
];

/** Any of these makes a file the configuration of an image processor. */
const telling = ['size', 'crop_size', 'image_mean', 'image_std', 'do_resize', 'do_normalize'];

/**
 * What the configuration says, with the defaults of the processor class that it names.
 * @param file its name, for what is said of it
 * @param modelType `model_type` of the `config.json` beside it, where there is one
 * @returns undefined where the data is not an image processor's
 */
export function fromHuggingFace(
  data: Readonly<Record<string, unknown>>,
  file: string,
  modelType: string | undefined,
): StatedPreprocessing | undefined {
  const type = data.image_processor_type ?? data.feature_extractor_type ?? undefined;
  if (!telling.some((name) => (data[name] ?? undefined) !== undefined) && !isImageClass(type))
    return undefined;
  const processor =
    typeof type === 'string'
      ? processorNamed(type)
      : modelType === undefined
        ? undefined
        : processorOfModel(modelType);
  const known = processor?.defaults;
  const fields = new ConfigFields(
    data,
    file,
    known === undefined ? 'ViTImageProcessor' : (processor?.name ?? ''),
  );
  fields.ignore(harmless);
  if (known === undefined || typeof type !== 'string') {
    fields.note(
      `read as ${known === undefined ? 'ViTImageProcessor reads it' : `${processor?.name ?? ''} reads it`}`,
      type === undefined
        ? `${file} names no class of image processors`
        : `${file} names the class ${shown(type)}, which is not known`,
    );
  }
  const preprocessing = read(fields, known ?? anyProcessor, processor);
  return { preprocessing, assumed: fields.assumed(true) };
}

function isImageClass(type: unknown): boolean {
  return typeof type === 'string' && processorNamed(type).defaults !== undefined;
}

function read(
  fields: ConfigFields,
  defaults: ProcessorDefaults,
  processor: Processor | undefined,
): Preprocessing {
  const { resize, crop, crops, pads } = readShape(fields, defaults, processor);
  const filter =
    resize.rule === 'none'
      ? fields.optional('resample', interpolation, defaults.resample)
      : fields.read('resample', interpolation, defaults.resample);
  const scale = readScale(fields, defaults);
  const flips = fields.optional('do_flip_channel_order', flag, defaults.flipsChannels ?? false);
  return {
    resize: resize.rule === 'squash' && sameSides(resize.size, crop) ? { rule: 'squash' } : resize,
    interpolation: filter,
    crop,
    ...(crops && { cropRounding: processor?.fast === true ? 'towards-zero' : 'down' }),
    // Padded after normalising, with zeros: the colour that normalises to 0.
    ...(pads && { place: 'top-left', fill: zeroOf(scale) }),
    ...(flips && { channels: 'bgr' }),
    ...scale,
  };
}

type Scale = Pick<Preprocessing, 'rescale' | 'mean' | 'std'>;

function readScale(fields: ConfigFields, defaults: ProcessorDefaults): Scale {
  const factor = fields.optional('rescale_factor', positive, 1 / 255);
  const rescales = fields.optional('do_rescale', flag, true);
  // EfficientNet's and ViViT's processors take 1 off after rescaling.
  const offset = fields.optional('rescale_offset', flag, fields.optional('offset', flag, false));
  const normalises = fields.optional('do_normalize', flag, defaults.normalises ?? true);
  if (!normalises) fields.ignore(['image_mean', 'image_std']);
  const mean = normalises
    ? fields.read('image_mean', perChannel, defaults.mean)
    : ([0, 0, 0] as const);
  const std = normalises
    ? fields.read('image_std', positivePerChannel, defaults.std)
    : ([1, 1, 1] as const);
  if (rescales && Math.max(...mean) > 255 * factor) {
    fields.note(
      `values of 0 … ${Number((255 * factor).toPrecision(3))} normalised by it`,
      `image_mean is ${shown(mean)}, as if they went up to 255`,
    );
  }
  const shift = rescales && offset ? 1 : 0;
  return {
    rescale: rescales ? factor : 1,
    mean: [mean[0] + shift, mean[1] + shift, mean[2] + shift],
    std,
  };
}

/** The 8-bit colour, not always a whole one, that becomes 0 for the model. */
function zeroOf({ rescale, mean }: Scale): readonly [number, number, number] {
  const level = (value: number) => Math.min(255, Math.max(0, value / rescale));
  return [level(mean[0]), level(mean[1]), level(mean[2])];
}

function sameSides(a: Sides | undefined, b: Sides): boolean {
  return a?.[0] === b[0] && a[1] === b[1];
}
