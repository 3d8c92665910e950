/** What a model sees of a picture: by its own preparation, or fitted into its shape otherwise. */
import type { PictureFit } from '../../shared/picture-change';
import type { Preprocessing } from '../../shared/preprocessing';
import { partOf } from './cover';
import { preprocess, type ModelInput } from './preprocess';
import type { RgbImage } from './resize';

/**
 * @param name of the picture, for messages
 * @param fit undefined: the model's own preparation
 * @throws Failure `change-not-applicable` where a window reaches beyond the picture
 */
export async function fitted(
  image: RgbImage,
  preprocessing: Preprocessing,
  fit: PictureFit | undefined,
  name: string,
): Promise<ModelInput> {
  if (fit === undefined) return preprocess(image, preprocessing);
  if (typeof fit === 'string') return preprocess(image, fittedBy(preprocessing, fit));
  // As a file of this part alone would be seen: nothing from beside it comes in by interpolation.
  const input = preprocess(await partOf(image, fit, name), fittedBy(preprocessing, 'squash'));
  return {
    ...input,
    window: { imageWidth: image.width, imageHeight: image.height, ...fit },
  };
}

/** The same preparation but for how the picture is brought into the model's shape. */
function fittedBy(own: Preprocessing, fit: Extract<PictureFit, string>): Preprocessing {
  const { crop: size } = own;
  const preprocessing = { ...own, place: 'centre' } as const;
  switch (fit) {
    case 'crop':
      return { ...preprocessing, resize: { rule: 'cover', size } };
    case 'squash':
      return { ...preprocessing, resize: { rule: 'squash' } };
    case 'pad':
      return { ...preprocessing, resize: { rule: 'contain', size } };
  }
}
