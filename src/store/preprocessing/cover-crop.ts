import type { Preprocessing } from '../../shared/preprocessing';
import type { ConfigFields, Sides } from './config-fields';

/**
 * The picture covers these sides: by its short one where they are equal. Where they are not, timm and
 * OpenCLIP resize with one filter each, whatever is stated.
 */
export function coverCrop(
  fields: ConfigFields,
  size: Sides,
  stated: Preprocessing['interpolation'],
  oblong: Preprocessing['interpolation'],
): Pick<Preprocessing, 'resize' | 'interpolation'> {
  if (size[0] === size[1])
    return { resize: { rule: 'shortest-edge', size: size[0] }, interpolation: stated };
  if (stated !== oblong) {
    fields.note(
      oblong,
      `${fields.owner} resizes so for oblong inputs, although ${stated} is stated`,
    );
  }
  return { resize: { rule: 'cover', size }, interpolation: oblong };
}
