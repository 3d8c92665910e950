/** One thing that a person marked the objects in: a COCO file, or a folder of VOC XML and masks. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { describeFileError, largest, readRegular } from '../../engine/files/regular-file';
import type { Annotation } from '../../shared/annotation';
import { decodeText } from '../../shared/decode-text';
import { Failure } from '../../shared/failure';
import { isFolder } from '../is-folder';
import type { Sample } from '../sample';
import type { AnnotatedBoxes } from './annotated-boxes';
import { cocoBoxes } from './coco-json';
import { readVoc } from './voc-xml';

export interface AnnotationSource {
  /** Where it lies; absolute. */
  readonly folder: string;
  /** What a picture may go by, the longest first. */
  readonly namesOf: (sample: Sample) => readonly string[];
  /** What of such a name it goes by. */
  readonly keyOf: (name: string) => string;
  /** @throws Failure `dataset-unusable` for an annotation that is none */
  readonly find: (key: string) => Promise<Annotation | undefined>;
  /** What of it could not be used, in sentences. */
  readonly notices: readonly string[];
  /** Absolute paths of what was read so far, masks left out. */
  readonly filesRead: ReadonlySet<string>;
}

/**
 * @param source a COCO JSON file, or a folder of Pascal VOC XML files and mask PNGs that are named
 *   as the pictures are
 * @throws Failure `dataset-unusable`
 */
export async function openAnnotations(source: string): Promise<AnnotationSource> {
  const folder = await isFolder(source, {
    message: `There are no annotations at ${source}.`,
    nextStep: 'Give a COCO JSON file, or a folder of Pascal VOC XML files or mask PNGs.',
  });
  return folder ? inFolder(path.resolve(source)) : inCocoFile(path.resolve(source));
}

function inFolder(folder: string): AnnotationSource {
  const filesRead = new Set<string>();
  return {
    folder,
    namesOf: ({ name }) => endsOf(name),
    keyOf: (name) => name.slice(0, name.length - path.posix.extname(name).length),
    find: async (key) => {
      // Some systems take accents apart in the names of files.
      for (const spelt of new Set([key, key.normalize('NFC'), key.normalize('NFD')])) {
        const place = path.join(folder, spelt);
        const voc = await readVoc(`${place}.xml`);
        if (voc !== undefined) {
          filesRead.add(`${place}.xml`);
          return boxesOf(voc);
        }
        const mask = `${place}.png`;
        if (await isFile(mask)) return { kind: 'mask', path: mask };
      }
      return undefined;
    },
    notices: [],
    filesRead,
  };
}

async function inCocoFile(file: string): Promise<AnnotationSource> {
  const { byName, notices } = cocoBoxes(decodeText(await readCoco(file)), path.basename(file));
  return {
    folder: path.dirname(file),
    // Its names may begin above the folder that was chosen: `val2017/1.jpg` of what lies in val2017.
    namesOf: (sample) => endsOf(sample.path.split(path.sep).join('/')),
    keyOf: (name) => name.normalize(),
    find: (key) => {
      const found = byName.get(key);
      return Promise.resolve(found && boxesOf(found));
    },
    notices,
    filesRead: new Set([file]),
  };
}

async function readCoco(file: string): Promise<Uint8Array> {
  try {
    return await readRegular(file, largest.table);
  } catch (cause) {
    throw new Failure(
      'dataset-unusable',
      `The annotations ${file} cannot be read: ${describeFileError(cause)}.`,
      'Give a COCO JSON file, or a folder of Pascal VOC XML files or mask PNGs.',
      { cause },
    );
  }
}

/** A picture in which nothing is marked has no object that anything could lie outside of. */
export function boxesOf(found: AnnotatedBoxes): Annotation | undefined {
  return found.boxes.length === 0 ? undefined : { kind: 'boxes', ...found };
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}

/** `a/b/c.jpg`, `b/c.jpg`, `c.jpg`. */
function endsOf(name: string): readonly string[] {
  const parts = name.split('/');
  return parts.map((_, index) => parts.slice(index).join('/'));
}
