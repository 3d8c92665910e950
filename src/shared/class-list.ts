/** Which classes a person means by names and numbers divided by commas. */
import { failureData } from './failure';
import { findClass, noSuchClass } from './find-class';

export interface ClassList {
  /** In the order in which they were named, none twice. */
  readonly classes: readonly number[];
  /** What names no class, or several, in a sentence each. */
  readonly problems: readonly string[];
}

/**
 * Each as `findClass` finds it. Names may hold commas themselves: as many parts as make a whole name
 * count as one.
 */
export function readClassList(text: string, labels: readonly string[]): ClassList {
  const parts = text.split(',');
  const wholeNames = new Map(labels.map((label) => [tidy(label.split(',')), label]));
  const placeOf = placesOf(labels);
  const classes = new Set<number>();
  const problems: string[] = [];
  for (let from = 0; from < parts.length;) {
    const { name, length } = nextName(parts.slice(from, from + mostParts), wholeNames);
    from += length;
    if (name === '') continue;
    try {
      classes.add(placeOf.get(name.toLowerCase()) ?? knownClass(name, labels));
    } catch (error) {
      problems.push(failureData(error).message);
    }
  }
  return { classes: [...classes], problems };
}

/** ImageNet's names have up to ten parts. */
const mostParts = 16;

/** The longest whole name that the parts begin with; where none is, the first part. */
function nextName(parts: readonly string[], wholeNames: ReadonlyMap<string, string>) {
  for (let length = parts.length; length > 1; length--) {
    const name = wholeNames.get(tidy(parts.slice(0, length)));
    if (name !== undefined) return { name, length };
  }
  return { name: parts[0]?.trim() ?? '', length: 1 };
}

/**
 * Where each whole name stands that only one class has, and that is no number: so a long list is not
 * looked up name by name in as many classes.
 */
function placesOf(labels: readonly string[]): ReadonlyMap<string, number> {
  const names = labels.map((label) => label.toLowerCase());
  const last = new Map(names.map((name, index) => [name, index]));
  names.forEach((name, index) => {
    if (last.get(name) !== index || /^\d+$/.test(name)) last.delete(name);
  });
  return last;
}

function tidy(parts: readonly string[]): string {
  return parts.map((part) => part.trim().toLowerCase()).join();
}

/** @throws Failure as `findClass`, and for a number that the model has no class of */
function knownClass(name: string, labels: readonly string[]): number {
  const index = findClass(name, labels);
  if (labels.length > 0 && index >= labels.length) throw noSuchClass(index, labels.length);
  return index;
}
