import * as v from 'valibot';
import type { ObjectBox } from '../../shared/annotation';
import { Failure } from '../../shared/failure';

/** A number by the format; some programs write names. */
const id = v.union([v.number(), v.string()]);
const coco = v.object({
  images: v.array(v.object({ id, file_name: v.string() })),
  annotations: v.array(
    v.object({
      image_id: id,
      bbox: v.tuple([v.number(), v.number(), v.number(), v.number()]),
    }),
  ),
});

/**
 * The boxes of a COCO annotation file by `file_name` (`bbox` is left, top, width, height in pixels
 * from 0; https://cocodataset.org/#format-data).
 *
 * @throws Failure `dataset-unusable` naming the file.
 */
export function cocoBoxes(json: string, fileName: string): Map<string, ObjectBox[]> {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw unusable(fileName, 'it is not JSON', cause);
  }
  const found = v.safeParse(coco, value, { abortEarly: true });
  if (!found.success) throw unusable(fileName, v.summarize(found.issues));
  const nameById = new Map(found.output.images.map(({ id, file_name }) => [id, tidy(file_name)]));
  const boxes = new Map<string, ObjectBox[]>();
  for (const { image_id, bbox } of found.output.annotations) {
    const name = nameById.get(image_id);
    if (name === undefined) continue;
    const [left, top, width, height] = bbox;
    const box = { left, top, width, height };
    const others = boxes.get(name);
    if (others === undefined) boxes.set(name, [box]);
    else others.push(box);
  }
  return boxes;
}

function tidy(name: string): string {
  return name.replaceAll('\\', '/').replace(/^(\.\/)+/, '');
}

function unusable(fileName: string, why: string, cause?: unknown): Failure {
  return new Failure(
    'dataset-unusable',
    `${fileName} is not a COCO annotation file: ${why}.`,
    'Expected are "images" with id and file_name, and "annotations" with image_id and bbox.',
    { cause },
  );
}
