/** What a canvas has to show: the command line's figures, drawn by the panel's own pure code. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { methodOf } from '../../src/engine/methods/catalogue';
import { readNpy } from '../../src/shared/npy';
import { usualLook, type Evidence } from '../../src/shared/look';
import { shownMap } from '../../src/shared/shown-map';
import { drawHeatmap, type HeatmapStyle } from '../../src/webview/draw-heatmap';
import type { CanvasPixels } from './explanation-panel';
import type { Surroundings } from './surroundings';

export interface ExpectedMaps {
  readonly classes: readonly number[];
  readonly labels: readonly string[];
  /** The pixels of one class's map, of what is usually looked at unless another `evidence` is. */
  draw(index: number, style: HeatmapStyle, evidence?: Evidence): CanvasPixels;
}

/**
 * @param classes the most probable ones when left out
 * @param flags further ones of the command
 */
export function expectedMaps(
  { repository, workspace, modelPath }: Surroundings,
  method: string,
  classes: readonly number[] = [],
  flags: readonly string[] = [],
): ExpectedMaps {
  const out = mkdtempSync(path.join(tmpdir(), 'vit-explainer-expected-'));
  try {
    const chosen = classes.length > 0 ? classes.flatMap((c) => ['--class', String(c)]) : [];
    const model = modelPath === undefined ? [] : ['--model', modelPath];
    execFileSync(
      process.execPath,
      [
        path.join(repository, 'dist/cli.js'),
        'explain',
        path.join(workspace.folder, workspace.photo),
        ...model,
        ...['--method', method, '--json', '--npy', '--out', out],
        ...chosen,
        ...flags,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    const stem = path.parse(workspace.photo).name;
    const { explanations } = JSON.parse(readFileSync(path.join(out, `${stem}.json`), 'utf8')) as {
      explanations: { index: number; label: string }[];
    };
    const { values, shape } = readNpy(readFileSync(path.join(out, `${stem}.${method}.npy`)));
    const [, rows = 0, columns = 0] = shape;
    return {
      classes: explanations.map(({ index }) => index),
      labels: explanations.map(({ label }) => label),
      draw: (index, style, evidence) => {
        const place = explanations.findIndex((explanation) => explanation.index === index);
        assert.notEqual(place, -1, `the command line explained class ${index}`);
        const size = rows * columns;
        const map = values.slice(place * size, (place + 1) * size);
        const look = { ...usualLook, ...(evidence && { evidence }) };
        const grid = [rows, columns] as const;
        const shown = shownMap({ values: map, shape: grid }, methodOf(method).info, grid, look);
        const { width, height, pixels } = drawHeatmap(shown, style);
        return { width, height, pixels: [...pixels] };
      },
    };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Figures cross a process and a rounding to 8 bits: a few levels of difference are none. */
const levels = 4;

export function assertSamePixels(actual: CanvasPixels, expected: CanvasPixels): void {
  assert.deepEqual(
    [actual.width, actual.height],
    [expected.width, expected.height],
    'the canvas has the expected size',
  );
  const worst = actual.pixels.reduce((most, value, place) => {
    const seen = Math.abs(value - (expected.pixels[place] ?? -1000));
    // A canvas keeps colours multiplied by their alpha: those of weak pixels come back rounded.
    const alpha = place % 4 === 3 ? 255 : (expected.pixels[place - (place % 4) + 3] ?? 255);
    return Math.max(most, (seen * alpha) / 255);
  }, 0);
  assert.ok(worst <= levels, `the canvas differs from the expected map by ${worst} levels`);
}
