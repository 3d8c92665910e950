/** How Hugging Face's image processors resize, crop and pad. */
import type { ResizeRule } from '../../shared/preprocessing';
import type { ConfigFields, Sides } from './config-fields';
import type { Processor, ProcessorDefaults } from './image-processors';
import { flag, positive, resizeOf, showResize, sides } from './kinds';

/** `size`, before those classes that do so enlarge it. */
function readSize(fields: ConfigFields, defaults: ProcessorDefaults): ResizeRule {
  const square = fields.optional('default_to_square', flag, defaults.square);
  const kind = resizeOf(square);
  const fallback: ResizeRule = defaults.square
    ? { rule: 'squash', size: [defaults.size, defaults.size] }
    : { rule: 'shortest-edge', size: defaults.size };
  return fields.optional('do_resize', flag, true)
    ? fields.read('size', kind, fallback)
    : { rule: 'none' };
}

/** From the picture to the input, all but its values. */
export interface Shape {
  readonly resize: ResizeRule;
  readonly crop: Sides;
  readonly crops: boolean;
  readonly pads: boolean;
}

/** @param processor the class that the file names; undefined where it names none */
export function readShape(
  fields: ConfigFields,
  defaults: ProcessorDefaults,
  processor: Processor | undefined,
): Shape {
  const size = readSize(fields, defaults);
  const enlarged = enlarge(fields, defaults, size);
  const crops = fields.optional('do_center_crop', flag, defaults.crop !== undefined);
  const pads = fields.optional('do_pad', flag, false);
  const stated: Sides = [defaults.crop ?? defaults.size, defaults.crop ?? defaults.size];
  if (enlarged.crop !== undefined) {
    fields.ignore(['crop_size', 'pad_size']);
    return { resize: enlarged.resize, crop: enlarged.crop, crops: true, pads: false };
  }
  if (pads && fields.has('pad_size')) {
    fields.ignore(['crop_size']);
    return {
      resize: size,
      crop: fields.optional('pad_size', sides, stated),
      crops: false,
      pads: true,
    };
  }
  fields.ignore(['pad_size', 'do_pad']);
  if (crops) {
    const crop = fields.read('crop_size', sides, stated);
    if (processor?.defaults === defaults && defaults.crop === undefined && !processor.fast) {
      fields.note(
        `the centre of ${sides.show(crop)} is cut out`,
        `“do_center_crop” is true, though older versions of ${processor.name} did not crop`,
      );
    }
    return { resize: enlarged.resize, crop, crops, pads: false };
  }
  fields.ignore(['crop_size']);
  return withoutCrop(fields, enlarged.resize, stated);
}

/** The input of a processor that does not crop: `size` where that is one size for all pictures. */
function withoutCrop(fields: ConfigFields, resize: ResizeRule, stated: Sides): Shape {
  const plain = { resize, crops: false, pads: false };
  if (resize.rule === 'squash') return { ...plain, crop: resize.size ?? stated };
  if (resize.rule === 'none') {
    const crop = fields.optional('size', sides, stated);
    fields.note(
      `pictures squashed to ${sides.show(crop)}`,
      '“do_resize” is false, so that they are expected to have the input’s size already',
    );
    return { ...plain, resize: { rule: 'squash' }, crop };
  }
  const crop: Sides = resize.rule === 'shortest-edge' ? [resize.size, resize.size] : resize.size;
  fields.note(
    resize.rule === 'shortest-edge'
      ? `the centre of ${sides.show(crop)} is cut out`
      : `padded with black to ${sides.show(crop)}`,
    `with ${showResize(resize)} and no crop, each picture would make an input of its own size`,
  );
  return { ...plain, crops: true, crop };
}

/**
 * ConvNeXt's, PoolFormer's and LeViT's processors scale to more than `size`; ConvNeXt's crops by
 * itself, unless the input has 384 pixels or more.
 */
function enlarge(
  fields: ConfigFields,
  { enlarges, size: usual }: ProcessorDefaults,
  resize: ResizeRule,
): { readonly resize: ResizeRule; readonly crop?: Sides } {
  if (enlarges === undefined || resize.rule === 'none') return { resize };
  const share =
    enlarges === 'levit'
      ? 224 / 256
      : fields.optional('crop_pct', positive, enlarges === 'convnext' ? 224 / 256 : 0.9);
  const [height, width] = sizeOf(resize, usual);
  if (enlarges === 'convnext') {
    const crop = [height, height] as const;
    return height < 384
      ? { resize: { rule: 'shortest-edge', size: Math.trunc(height / share) }, crop }
      : { resize: { rule: 'squash', size: crop }, crop };
  }
  if (enlarges === 'levit' && resize.rule === 'squash') return { resize };
  return {
    resize:
      height === width
        ? { rule: 'shortest-edge', size: Math.trunc(height / share) }
        : { rule: 'squash', size: [Math.trunc(height / share), Math.trunc(width / share)] },
  };
}

function sizeOf(resize: ResizeRule, usual: number): Sides {
  if (resize.rule === 'shortest-edge') return [resize.size, resize.size];
  return resize.rule === 'none' ? [usual, usual] : (resize.size ?? [usual, usual]);
}
