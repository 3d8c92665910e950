/** Which boxes or mask belong to each sample. */
import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { Annotation } from '../../shared/annotation';
import { Failure } from '../../shared/failure';
import type { Sample } from '../sample';
import { cocoBoxes } from './coco-json';
import { vocBoxes } from './voc-xml';

/** Finds a sample's annotation; undefined where it has none. */
export type AnnotationFinder = (sample: Sample) => Promise<Annotation | undefined>;

/**
 * @param source a COCO JSON file, or a folder of Pascal VOC XML files and mask PNGs that are named
 *   as the pictures are (in the same subfolders, or all together); left out: XML beside the pictures
 * @throws Failure `dataset-unusable`
 */
export async function findAnnotations(source: string | undefined): Promise<AnnotationFinder> {
  if (source === undefined) {
    return async ({ path: picture }) => {
      try {
        return await vocOf([withEnding(picture, '.xml')]);
      } catch {
        // Nobody said that this file is an annotation.
        return undefined;
      }
    };
  }
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
  return isFolder ? inFolder(source) : inCocoFile(source);
}

function inFolder(folder: string): AnnotationFinder {
  return async ({ name }) => {
    const places = [path.join(folder, name), path.join(folder, path.basename(name))];
    const voc = await vocOf(places.map((place) => withEnding(place, '.xml')));
    if (voc !== undefined) return voc;
    for (const mask of places.map((place) => withEnding(place, '.png'))) {
      if (await isFile(mask)) return { kind: 'mask', path: mask };
    }
    return undefined;
  };
}

async function inCocoFile(file: string): Promise<AnnotationFinder> {
  const byName = cocoBoxes(await readFile(file, 'utf8'), path.basename(file));
  return ({ name }) => {
    const boxes = byName.get(name) ?? byName.get(path.basename(name));
    return Promise.resolve(boxes && { kind: 'boxes', boxes });
  };
}

async function vocOf(files: readonly string[]): Promise<Annotation | undefined> {
  for (const file of files) {
    let xml: string;
    try {
      xml = await readFile(file, 'utf8');
    } catch {
      continue;
    }
    return { kind: 'boxes', boxes: vocBoxes(xml, path.basename(file)) };
  }
  return undefined;
}

function withEnding(file: string, ending: string): string {
  const { dir, name } = path.parse(file);
  return path.join(dir, name + ending);
}

async function isFile(file: string): Promise<boolean> {
  try {
    return (await stat(file)).isFile();
  } catch {
    return false;
  }
}
