import path from 'node:path';
import { XMLParser } from 'fast-xml-parser';
import * as v from 'valibot';
import { largest, readRegular } from '../../engine/files/regular-file';
import { decodeText } from '../../shared/decode-text';
import { describeIssues } from '../../shared/describe-issues';
import { Failure } from '../../shared/failure';
import type { AnnotatedBoxes } from './annotated-boxes';
import { sizeOf } from './coco-json';

const pixel = v.pipe(v.unknown(), v.transform(Number), v.finite());
const annotation = v.object({
  annotation: v.object({
    size: v.optional(
      v.looseObject({ width: v.optional(v.unknown()), height: v.optional(v.unknown()) }),
    ),
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
 * (Everingham et al., VOC2012 development kit, section 3.4); programs that write a 0 or fractions
 * count from 0 and give edges.
 *
 * @throws Failure `dataset-unusable` naming the file.
 */
export function vocBoxes(xml: string, fileName: string): AnnotatedBoxes {
  const found = v.safeParse(annotation, parsed(xml, fileName));
  if (!found.success) throw notVoc(fileName, describeIssues(found.issues));
  const { size, object } = found.output.annotation;
  const frame = size && sizeOf(size.width, size.height);
  const corners = object.map(({ bndbox: { xmin, ymin, xmax, ymax } }) => ({
    left: Math.min(xmin, xmax),
    top: Math.min(ymin, ymax),
    right: Math.max(xmin, xmax),
    bottom: Math.max(ymin, ymax),
  }));
  const areEdges = corners.some(
    ({ left, top, right, bottom }) =>
      Math.min(left, top) < 1 || ![left, top, right, bottom].every(Number.isInteger),
  );
  const first = areEdges ? 0 : 1;
  const boxes = corners.map(({ left, top, right, bottom }) => ({
    left: left - first,
    top: top - first,
    width: right - left + first,
    height: bottom - top + first,
  }));
  return { boxes, ...(frame && { frame }) };
}

function parsed(xml: string, fileName: string): unknown {
  try {
    return parser.parse(xml);
  } catch (cause) {
    throw notVoc(
      fileName,
      `it cannot be read as XML (${cause instanceof Error ? cause.message : String(cause)})`,
      cause,
    );
  }
}

function notVoc(fileName: string, why: string, cause?: unknown): Failure {
  return new Failure(
    'dataset-unusable',
    `${fileName} is not a Pascal VOC annotation: ${why}.`,
    'Expected are object elements with a bndbox of xmin, ymin, xmax and ymax.',
    { cause },
  );
}

/**
 * The boxes of a Pascal VOC file.
 *
 * @returns undefined where there is no file that can be read
 * @throws Failure `dataset-unusable` naming the file.
 */
export async function readVoc(file: string): Promise<AnnotatedBoxes | undefined> {
  let xml: string;
  try {
    xml = decodeText(await readRegular(file, largest.besideModel));
  } catch {
    return undefined;
  }
  return vocBoxes(xml, path.basename(file));
}
