/**
 * Reference material that may stand beside the checkout (`../shared`): golden figures, a real
 * ImageNet model, photographs. It is not part of the repository; tests that need it run where it
 * is, and say what they left out where it is not.
 */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'vitest';

const sharedFolder = path.resolve(import.meta.dirname, '../../shared');

/** Absolute path of a file in the reference folder; it may not exist. */
export function sharedPath(...segments: string[]): string {
  return path.join(sharedFolder, ...segments);
}

/**
 * `describe`, run only where the named file or folder of the reference material exists. The body is
 * not even looked at elsewhere: it may read that material while it declares its tests.
 */
export function describeWithShared(title: string, needed: string, body: () => void): void {
  if (existsSync(sharedPath(needed))) {
    describe(title, body);
  } else {
    describe.skip(title, () => {
      it(`left out: the reference material ../shared/${needed} is absent`, () => undefined);
    });
  }
}
