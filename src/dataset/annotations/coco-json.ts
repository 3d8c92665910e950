import * as v from 'valibot';
import type { ObjectBox, PixelSize } from '../../shared/annotation';
import { describeIssues } from '../../shared/describe-issues';
import { Failure } from '../../shared/failure';
import { mostParts, parseJson } from '../../shared/parse-json';
import type { AnnotatedBoxes } from './annotated-boxes';

/** A number by the format; some programs write text, and not everywhere. */
const id = v.pipe(v.union([v.number(), v.string()]), v.transform(String));
const coco = v.object({
  images: v.array(
    v.object({
      id,
      file_name: v.string(),
      width: v.nullish(v.unknown()),
      height: v.nullish(v.unknown()),
    }),
  ),
  annotations: v.array(v.object({ image_id: id, bbox: v.nullish(v.unknown()) })),
});
const bbox = v.pipe(
  v.array(v.pipe(v.union([v.number(), v.string()]), v.transform(Number), v.finite())),
  v.length(4),
);

export interface CocoBoxes {
  /** By `file_name`, its accents put together (NFC). */
  readonly byName: ReadonlyMap<string, AnnotatedBoxes>;
  /** What of the file could not be used, in sentences. */
  readonly notices: readonly string[];
}

/**
 * The boxes of a COCO annotation file (`bbox` is left, top, width, height in pixels from 0, of a
 * picture of `width` × `height`; https://cocodataset.org/#format-data). Where all of them are
 * fractions up to 1, they are shares of the picture.
 *
 * @throws Failure `dataset-unusable` naming the file.
 */
export function cocoBoxes(json: string, fileName: string): CocoBoxes {
  let value: unknown;
  try {
    value = parseJson(json, mostParts.table);
  } catch (cause) {
    throw unusable(fileName, 'it is not JSON', cause);
  }
  const found = v.safeParse(coco, value, { abortEarly: true });
  if (!found.success) throw unusable(fileName, describeIssues(found.issues));
  const { images, annotations } = found.output;

  const boxesById = new Map<string, ObjectBox[]>();
  let boxless = 0;
  for (const { image_id, bbox: written } of annotations) {
    const parsed = v.safeParse(bbox, written);
    const [left = 0, top = 0, width = 0, height = 0] = parsed.success ? parsed.output : [];
    if (!parsed.success || width <= 0 || height <= 0) {
      boxless += 1;
      continue;
    }
    const others = boxesById.get(image_id);
    const box = { left, top, width, height };
    if (others === undefined) boxesById.set(image_id, [box]);
    else others.push(box);
  }

  if (boxless > 0 && boxless === annotations.length)
    throw unusable(fileName, 'none of its annotations has a bbox of four numbers');

  const areShares = areFractions([...boxesById.values()].flat());
  const byName = new Map<string, AnnotatedBoxes>();
  for (const { id: key, file_name, width, height } of images) {
    const boxes = boxesById.get(key);
    boxesById.delete(key);
    if (boxes === undefined) continue;
    const name = tidy(file_name);
    const others = byName.get(name)?.boxes ?? [];
    const frame = areShares ? { width: 1, height: 1 } : sizeOf(width, height);
    byName.set(name, { boxes: [...others, ...boxes], ...(frame && { frame }) });
  }
  const notices = [
    ...told(`Annotations in ${fileName} without a box, left out`, boxless),
    ...told(`Image ids that ${fileName} annotates without listing them`, boxesById.size),
    ...(areShares
      ? [`The boxes of ${fileName} are taken for shares of the pictures: none is larger than 1.`]
      : []),
  ];
  return { byName, notices };
}

/** What a size is that is stated; 0 and nothing are none. */
export function sizeOf(width: unknown, height: unknown): PixelSize | undefined {
  const size = { width: Number(width), height: Number(height) };
  return size.width > 0 && size.height > 0 ? size : undefined;
}

function areFractions(boxes: readonly ObjectBox[]): boolean {
  const numbers = boxes.flatMap(({ left, top, width, height }) => [left, top, width, height]);
  return (
    numbers.some((number) => !Number.isInteger(number)) &&
    boxes.every(({ left, top, width, height }) => left + width <= 1.01 && top + height <= 1.01)
  );
}

function told(what: string, count: number): readonly string[] {
  return count === 0 ? [] : [`${what}: ${count}.`];
}

function tidy(name: string): string {
  return name
    .normalize()
    .replaceAll('\\', '/')
    .replace(/^(\.\/)+/, '');
}

function unusable(fileName: string, why: string, cause?: unknown): Failure {
  return new Failure(
    'dataset-unusable',
    `${fileName} is not a COCO annotation file: ${why}.`,
    'Expected are "images" with id and file_name, and "annotations" with image_id and bbox.',
    { cause },
  );
}
