/**
 * Reference material that may stand beside the checkout (`../shared`, or where VIT_EXPLAINER_SHARED
 * says): golden figures, a real ImageNet model, photographs. It is not part of the repository; tests
 * that need it run where it is, and say what they left out where it is not. A part of the golden
 * figures is shipped (`fixtures/golden`) and stands in for them.
 */
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, it } from 'vitest';

const sharedFolder =
  process.env.VIT_EXPLAINER_SHARED ?? path.resolve(import.meta.dirname, '../../shared');

/** Absolute path of a file in the reference folder; it may not exist. */
export function sharedPath(...segments: string[]): string {
  return path.join(sharedFolder, ...segments);
}

/** Absolute path of a file of the golden figures, of all or, where they are absent, of the shipped ones. */
export function goldenPath(...segments: string[]): string {
  const all = sharedPath('golden');
  return path.join(existsSync(all) ? all : shippedGolden, ...segments);
}

export const shippedGolden = path.resolve(import.meta.dirname, 'fixtures/golden');

/** Absolute paths of the ONNX exports of a golden model. */
export function goldenExports(model: string): readonly string[] {
  const folder = goldenPath(model, 'onnx');
  return readdirSync(folder)
    .filter((file) => file.endsWith('.onnx'))
    .map((file) => path.join(folder, file));
}

/**
 * `describe`, run only where the named file or folder of the reference material exists. The body is
 * not even looked at elsewhere: it may read that material while it declares its tests.
 */
export function describeWithShared(title: string, needed: string, body: () => void): void {
  describeWith(title, sharedPath(needed), `../shared/${needed}`, body);
}

/** The same for golden figures. */
export function describeWithGolden(title: string, needed: string, body: () => void): void {
  describeWith(title, goldenPath(needed), `../shared/golden/${needed}`, body);
}

function describeWith(title: string, file: string, name: string, body: () => void): void {
  if (existsSync(file)) {
    describe(title, body);
  } else {
    describe.skip(title, () => {
      it(`left out: the reference material ${name} is absent`, () => undefined);
    });
  }
}
