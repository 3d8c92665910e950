import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import * as v from 'valibot';
import type { ObjectBox } from '../../shared/annotation';
import { Failure } from '../../shared/failure';

const pixel = v.pipe(v.unknown(), v.transform(Number), v.finite());
const annotation = v.object({
  annotation: v.object({
    object: v.optional(
      v.array(
        v.object({
          bndbox: v.object({ xmin: pixel, ymin: pixel, xmax: pixel, ymax: pixel }),
        }),
      ),
      [],
    ),
  }),
});

const parser = new XMLParser({ isArray: (name) => name === 'object', processEntities: false });

/**
 * The boxes of a Pascal VOC annotation. VOC counts pixels from 1 and includes the last one
 * (Everingham et al., VOC2012 development kit, section 3.4).
 *
 * @throws Failure `dataset-unusable` naming the file.
 */
export function vocBoxes(xml: string, fileName: string): ObjectBox[] {
  const found = v.safeParse(annotation, parser.parse(xml));
  if (!found.success) {
    throw new Failure(
      'dataset-unusable',
      `${fileName} is not a Pascal VOC annotation: ${v.summarize(found.issues)}`,
      'Expected are object elements with a bndbox of xmin, ymin, xmax and ymax.',
    );
  }
  return found.output.annotation.object.map(({ bndbox: { xmin, ymin, xmax, ymax } }) => ({
    left: xmin - 1,
    top: ymin - 1,
    width: xmax - xmin + 1,
    height: ymax - ymin + 1,
  }));
}

/**
 * The boxes of a Pascal VOC file.
 *
 * @returns undefined where there is no file that can be read
 * @throws Failure `dataset-unusable` naming the file.
 */
export async function readVoc(file: string): Promise<ObjectBox[] | undefined> {
  let xml: string;
  try {
    xml = await readFile(file, 'utf8');
  } catch {
    return undefined;
  }
  return vocBoxes(xml, path.basename(file));
}
