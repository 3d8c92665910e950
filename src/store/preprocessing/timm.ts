/** Preprocessing from timm's `config.json` (`pretrained_cfg`), as its evaluation transform reads it. */
import { isRecord } from '../../shared/is-record';
import type { Preprocessing } from '../../shared/preprocessing';
import { roundHalfEven } from '../../shared/round-half-even';
import { ConfigFields, type Sides, type StatedPreprocessing } from './config-fields';
import { coverCrop } from './cover-crop';
import {
  inputSize,
  interpolation,
  perChannel,
  positive,
  positivePerChannel,
  sides,
  word,
} from './kinds';

const cropMode = word('crop mode of timm', ['center', 'squash', 'border']);

const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] } as const;

/**
 * @param config `pretrained_cfg` beside `architecture`, or, as in older repositories, its fields there
 * @param input height and width that the graph fixes
 * @returns undefined where the data is not timm's
 */
export function fromTimm(
  config: unknown,
  file: string,
  input: Sides | undefined,
): StatedPreprocessing | undefined {
  const found = isRecord(config) ? cfgOf(config) : undefined;
  if (found === undefined) return undefined;
  const fields = new ConfigFields(found.cfg, file, 'timm');
  if (found.others > 0)
    fields.note('the first entry of “pretrained_cfg”', `${file} lists ${found.others + 1} of them`);
  const statedSize = fields.read('input_size', inputSize, [224, 224]);
  const crop = input ?? statedSize;
  const resized = readResize(fields, crop, statedSize);
  return {
    preprocessing: {
      ...resized,
      crop,
      rescale: 1 / 255,
      std: fields.read('std', positivePerChannel, imagenet.std),
    },
    statedSize,
    // timm itself passes over what it does not know.
    assumed: fields.assumed(false),
  };
}

/** The fields of the one configuration that is meant, and how many others stand beside it. */
function cfgOf(
  config: Record<string, unknown>,
): { cfg: Record<string, unknown>; others: number } | undefined {
  const nested: unknown = config.pretrained_cfg;
  const [first, ...others] = (Array.isArray(nested) ? nested : [nested]) as unknown[];
  if (isRecord(first)) return { cfg: first, others: others.length };
  const told = ['input_size', 'mean', 'std', 'crop_pct', 'interpolation'];
  const isTimms =
    typeof config.architecture === 'string'
      ? told.some((name) => name in config)
      : told.every((name) => name in config);
  return isTimms ? { cfg: config, others: 0 } : undefined;
}

type Resized = Pick<Preprocessing, 'resize' | 'interpolation' | 'mean' | 'fill'>;

/**
 * Both sides of the input divided by `crop_pct` and rounded down; then the short side to that
 * (`center`), both sides (`squash`), or the long side and a border in the mean's colour (`border`).
 */
function readResize(fields: ConfigFields, crop: Sides, statedSize: Sides): Resized {
  const share = readShare(fields, crop, statedSize);
  const size = [Math.floor(crop[0] / share), Math.floor(crop[1] / share)] as const;
  const mode = fields.optional('crop_mode', cropMode, 'center');
  const mean = fields.read('mean', perChannel, imagenet.mean);
  const filter = readFilter(fields);
  if (mode === 'squash') return { resize: { rule: 'squash', size }, interpolation: filter, mean };
  if (mode === 'border') {
    const level = (value: number) => Math.min(255, Math.max(0, roundHalfEven(255 * value)));
    const fill = [level(mean[0]), level(mean[1]), level(mean[2])] as const;
    return { resize: { rule: 'contain', size }, interpolation: filter, mean, fill };
  }
  return { ...coverCrop(fields, size, filter, 'bilinear'), mean };
}

/** `crop_pct`; `test_crop_pct` where the input is the larger one that the model is tested with. */
function readShare(fields: ConfigFields, crop: Sides, statedSize: Sides): number {
  const tested = fields.optional('test_input_size', inputSize, statedSize);
  const isTested = tested[0] === crop[0] && tested[1] === crop[1];
  if (fields.has('test_input_size') && !isTested) {
    fields.note(
      `pictures of ${sides.show(crop)}`,
      `the configuration also states ${sides.show(tested)} for tests`,
    );
  }
  return fields.has('test_crop_pct') && isTested
    ? fields.optional('test_crop_pct', positive, 0.875)
    : fields.read('crop_pct', positive, 0.875);
}

/** Some models are trained with filters drawn at random, which says nothing of their tests. */
function readFilter(fields: ConfigFields): Preprocessing['interpolation'] {
  if (fields.is('interpolation', 'random')) {
    fields.note('bicubic', 'a filter drawn at random, as stated, is for training alone');
    return 'bicubic';
  }
  return fields.read('interpolation', interpolation, 'bicubic');
}
