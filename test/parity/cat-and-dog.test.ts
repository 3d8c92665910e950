/** One photograph, two animals: each class must light its own. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundle } from '../process/bundle';
import { describeWithShared, sharedPath } from '../shared-folder';

interface Figures {
  readonly grid: [number, number];
  readonly topK: { readonly label: string }[];
  readonly explanations: { readonly label: string; readonly heatmap: number[] }[];
}

/** Rows and columns of patches, the ends included. */
interface Box {
  readonly rows: readonly [number, number];
  readonly columns: readonly [number, number];
}

/** Where the animals are on the 14 × 14 patches: the dog sits behind, the cat lies in front. */
const dog: Box = { rows: [0, 7], columns: [4, 10] };
const cat: Box = { rows: [8, 13], columns: [2, 12] };

/**
 * Least share of a class's evidence in its own box, and largest in the other's. The usual method also
 * follows the dog's body down behind the cat.
 */
const methods = [
  {
    method: 'transformer_attribution',
    own: { dog: 0.8, cat: 0.7 },
    other: { dog: 0.15, cat: 0.25 },
  },
  { method: 'libra_fullgrad', own: { dog: 0.6, cat: 0.7 }, other: { dog: 0.3, cat: 0.25 } },
];

describeWithShared('the dog and the cat of one photograph', 'photos/catdog.png', () => {
  describe.each(methods)('by $method', ({ method, own, other }) => {
    const out = mkdtempSync(path.join(os.tmpdir(), 'vit-cat-dog-'));
    let figures: Figures;
    let cli: Awaited<ReturnType<typeof bundle>>;

    beforeAll(async () => {
      cli = await bundle('cli');
      const model = sharedPath('models/vit_tiny_patch16_224/model.onnx');
      const classes = ['--class', 'bull mastiff', '--class', 'tiger cat'];
      const photo = sharedPath('photos/catdog.png');
      const command = ['explain', photo, '--model', model, '--method', method, ...classes];
      execFileSync(process.execPath, [cli.file, ...command, '--json', '--out', out], {
        stdio: 'pipe',
        env: { ...process.env, XDG_CACHE_HOME: out },
      });
      figures = JSON.parse(readFileSync(path.join(out, 'catdog.json'), 'utf8')) as Figures;
    });
    afterAll(async () => {
      rmSync(out, { recursive: true });
      await cli.remove();
    });

    it('is first of all a bull mastiff', () => {
      expect(figures.topK[0]?.label).toBe('bull mastiff');
      expect(figures.grid).toEqual([14, 14]);
    });

    it('lights the dog for “bull mastiff”', () => {
      expect(share(figures, 'bull mastiff', dog)).toBeGreaterThan(own.dog);
      expect(share(figures, 'bull mastiff', cat)).toBeLessThan(other.dog);
    });

    it('lights the cat for “tiger cat”', () => {
      expect(share(figures, 'tiger cat', cat)).toBeGreaterThan(own.cat);
      expect(share(figures, 'tiger cat', dog)).toBeLessThan(other.cat);
    });
  });
});

/** How much of a class's positive relevance lies in a box. */
function share({ explanations, grid: [, columns] }: Figures, label: string, box: Box): number {
  const heatmap = explanations.find((one) => one.label === label)?.heatmap ?? [];
  const positive = heatmap.map((value) => Math.max(0, value));
  const inside = positive.filter((_, at) => {
    const row = Math.floor(at / columns);
    const column = at % columns;
    return (
      row >= box.rows[0] &&
      row <= box.rows[1] &&
      column >= box.columns[0] &&
      column <= box.columns[1]
    );
  });
  return sum(inside) / sum(positive);
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
