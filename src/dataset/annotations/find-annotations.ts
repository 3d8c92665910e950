/** Which boxes or mask belong to each sample. */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Annotation } from '../../shared/annotation';
import type { Sample } from '../sample';
import { boxesOf, openAnnotations, type AnnotationSource } from './annotation-source';
import { readVoc } from './voc-xml';

/** Finds a sample's annotation; undefined where it has none. */
export type AnnotationFinder = (sample: Sample) => Promise<Annotation | undefined>;

export interface FoundAnnotations {
  readonly annotationOf: AnnotationFinder;
  /** What of the sources could not be used, in sentences. */
  readonly notices: readonly string[];
  /** Absolute paths of what was read so far, masks left out. */
  readonly filesRead: () => readonly string[];
}

/**
 * A picture is known by its name, or by what is left of it without its first folders: the longest that
 * a source has. Where several pictures share what is left, it means those that lie nearest to the
 * source; of these the one whose whole name it is.
 *
 * @param sources COCO JSON files, and folders of Pascal VOC XML files and mask PNGs; the first that
 *   knows a picture counts. None: XML beside the pictures
 * @param samples all that the finder will be asked for
 * @throws Failure `dataset-unusable`
 */
export async function findAnnotations(
  sources: readonly string[],
  samples: Iterable<Sample>,
): Promise<FoundAnnotations> {
  if (sources.length === 0) return besideThePictures();
  const opened: AnnotationSource[] = [];
  for (const source of sources) opened.push(await openAnnotations(source));
  const known = [...samples];
  const finders = opened.map((source) => inSource(source, known));
  return {
    annotationOf: async (sample) => {
      for (const find of finders) {
        const annotation = await find(sample);
        if (annotation !== undefined) return annotation;
      }
      return undefined;
    },
    notices: opened.flatMap(({ notices }) => notices),
    filesRead: () => opened.flatMap(({ filesRead }) => [...filesRead]),
  };
}

/** Most folders hold no XML at all: then none is looked for, however many pictures there are. */
function besideThePictures(): FoundAnnotations {
  const folders = new Map<string, Promise<boolean>>();
  const filesRead: string[] = [];
  const annotationOf: AnnotationFinder = async ({ path: picture }) => {
    const { dir, name } = path.parse(picture);
    const known = folders.get(dir) ?? holdsXml(dir);
    folders.set(dir, known);
    if (!(await known)) return undefined;
    try {
      const file = path.join(dir, `${name}.xml`);
      const found = await readVoc(file);
      if (found === undefined) return undefined;
      filesRead.push(file);
      return boxesOf(found);
    } catch {
      // Nobody said that this file is an annotation.
      return undefined;
    }
  };
  return { annotationOf, notices: [], filesRead: () => filesRead };
}

async function holdsXml(folder: string): Promise<boolean> {
  try {
    return (await readdir(folder)).some((name) => /\.xml$/i.test(name));
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    // A folder may be opened to those who know what is in it; what is none (or an archive) holds nothing.
    return code !== 'ENOENT' && code !== 'ENOTDIR';
  }
}

function inSource(
  { folder, keyOf, namesOf, find }: AnnotationSource,
  samples: readonly Sample[],
): AnnotationFinder {
  /** How near a picture is to what is said of this name: folders shared first, then the whole name. */
  const nearness = (sample: Sample, name: string): number =>
    2 * sharedFolders(folder, path.dirname(sample.path)) + (name === sample.name ? 1 : 0);
  const nearest = new Map<string, number>();
  for (const sample of samples) {
    for (const name of namesOf(sample)) {
      const key = keyOf(name);
      nearest.set(key, Math.max(nearest.get(key) ?? 0, nearness(sample, name)));
    }
  }
  return async (sample) => {
    for (const name of namesOf(sample)) {
      const key = keyOf(name);
      if (nearness(sample, name) !== nearest.get(key)) continue;
      const annotation = await find(key);
      if (annotation !== undefined) return annotation;
    }
    return undefined;
  };
}

/** How many folders two paths have in common from the root on. */
function sharedFolders(one: string, other: string): number {
  const [parts, others] = [one.split(path.sep), other.split(path.sep)];
  const different = parts.findIndex((part, index) => part !== others[index]);
  return different < 0 ? parts.length : different;
}
