/** One thing that a person marked the objects in: a COCO file, or a folder of VOC XML and masks. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Annotation } from '../../shared/annotation';
import { Failure } from '../../shared/failure';
import { cocoBoxes } from './coco-json';
import { readVoc } from './voc-xml';

export interface AnnotationSource {
  /** Where it lies; absolute. */
  readonly folder: string;
  /** What it goes by in the name of a picture. */
  readonly keyOf: (name: string) => string;
  /** @throws Failure `dataset-unusable` for an annotation that is none */
  readonly find: (key: string) => Promise<Annotation | undefined>;
}

/**
 * @param source a COCO JSON file, or a folder of Pascal VOC XML files and mask PNGs that are named
 *   as the pictures are
 * @throws Failure `dataset-unusable`
 */
export async function openAnnotations(source: string): Promise<AnnotationSource> {
  let isFolder: boolean;
  try {
    isFolder = (await stat(source)).isDirectory();
  } catch (cause) {
    throw new Failure(
      'dataset-unusable',
      `There are no annotations at ${source}.`,
      'Give a COCO JSON file, or a folder of Pascal VOC XML files or mask PNGs.',
      { cause },
    );
  }
  return isFolder ? inFolder(path.resolve(source)) : inCocoFile(path.resolve(source));
}

function inFolder(folder: string): AnnotationSource {
  return {
    folder,
    keyOf: (name) => name.slice(0, name.length - path.posix.extname(name).length),
    find: async (key) => {
      const place = path.join(folder, key);
      const voc = await readVoc(`${place}.xml`);
      if (voc !== undefined) return { kind: 'boxes', boxes: voc };
      const mask = `${place}.png`;
      return (await isFile(mask)) ? { kind: 'mask', path: mask } : undefined;
    },
  };
}

async function inCocoFile(file: string): Promise<AnnotationSource> {
  const byName = cocoBoxes(await readFile(file, 'utf8'), path.basename(file));
  return {
    folder: path.dirname(file),
    keyOf: (name) => name,
    find: (key) => {
      const boxes = byName.get(key);
      return Promise.resolve(boxes && { kind: 'boxes', boxes });
    },
  };
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
