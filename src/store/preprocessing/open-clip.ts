/** Preprocessing from OpenCLIP's `open_clip_config.json`, as its evaluation transform reads it. */
import { isRecord } from '../../shared/is-record';
import type { Preprocessing } from '../../shared/preprocessing';
import { ConfigFields, type Sides, type StatedPreprocessing } from './config-fields';
import { coverCrop } from './cover-crop';
import { interpolation, perChannel, positivePerChannel, sides, word } from './kinds';

const resizeMode = word('resize mode of OpenCLIP', ['shortest', 'longest', 'squash']);
const rgb = word('mode that is known', ['RGB']);

const clip = {
  mean: [0.48145466, 0.4578275, 0.40821073],
  std: [0.26862954, 0.26130258, 0.27577711],
} as const;

/** @returns undefined where the data is not OpenCLIP's */
export function fromOpenClip(config: unknown, file: string): StatedPreprocessing | undefined {
  if (!isRecord(config) || !(isRecord(config.model_cfg) || isRecord(config.preprocess_cfg)))
    return undefined;
  const stated = config.preprocess_cfg;
  const fields = new ConfigFields(isRecord(stated) ? stated : {}, file, 'OpenCLIP');
  const crop = imageSize(config.model_cfg, file) ?? fields.read('size', sides, [224, 224]);
  fields.ignore(['size']);
  fields.optional('mode', rgb, 'RGB');
  const shape = readShape(fields, crop);
  return {
    preprocessing: {
      ...shape,
      crop,
      rescale: 1 / 255,
      mean: fields.read('mean', perChannel, clip.mean),
      std: fields.read('std', positivePerChannel, clip.std),
    },
    assumed: fields.assumed(true),
  };
}

/** The size that the picture encoder is built for goes before the one of the preprocessing. */
function imageSize(model: unknown, file: string): Sides | undefined {
  const vision = isRecord(model) ? model.vision_cfg : undefined;
  const fields = new ConfigFields(isRecord(vision) ? vision : {}, file, 'OpenCLIP');
  return fields.has('image_size') ? fields.optional('image_size', sides, [224, 224]) : undefined;
}

function readShape(
  fields: ConfigFields,
  crop: Sides,
): Pick<Preprocessing, 'resize' | 'interpolation' | 'fill'> {
  const mode = fields.optional('resize_mode', resizeMode, 'shortest');
  const filter = readFilter(fields);
  const black = fields.optional('fill_color', perChannel, [0, 0, 0]);
  if (mode === 'squash') return { resize: { rule: 'squash' }, interpolation: filter };
  if (mode === 'longest')
    return { resize: { rule: 'contain', size: crop }, interpolation: filter, fill: black };
  return coverCrop(fields, crop, filter, 'bicubic');
}

/** OpenCLIP evaluates with the bicubic filter where training draws one at random. */
function readFilter(fields: ConfigFields): Preprocessing['interpolation'] {
  return fields.is('interpolation', 'random')
    ? 'bicubic'
    : fields.optional('interpolation', interpolation, 'bicubic');
}
