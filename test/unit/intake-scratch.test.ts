import { readdir, readFile } from 'node:fs/promises';
import { mkdtemp, copyFile, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { test } from 'vitest';
import { openExplainer } from '../../src/engine/explainer';
import { buildForwardModel } from '../../src/engine/intake/build-forward-model';
import { Golden } from '../fixtures/intake/golden';
import { largestDifference } from '../fixtures/intake/run-model';
import { sharedPath } from '../shared-folder';

const opts = { threads: 1, provider: 'cpu' as const, cacheFolder: undefined };
const cacheFolder = await mkdtemp(path.join(os.tmpdir(), 'scratch-'));
async function place(checkpoint: string, config?: object): Promise<string> {
  const place = await mkdtemp(path.join(cacheFolder, 'model-'));
  const file = path.join(place, path.basename(checkpoint));
  await copyFile(checkpoint, file);
  if (config) await writeFile(path.join(place, 'config.json'), JSON.stringify(config));
  return file;
}
test('golden', async () => {
  for (const [name, heads, file] of [
    ['vit_s', 3, 'timm_sdpa_op17_dyn'],
    ['mae_s', 3, 'timm_sdpa_op17_b1'],
    ['dinov2_s', 6, 'fb_sdpa_op17_dyn'],
    ['clip_s', 3, 'openai_op17_dyn'],
  ] as const) {
    const g = await Golden.read(sharedPath('golden', name, 'seed.json'));
    const built = await buildForwardModel(
      await place(sharedPath('golden', 'weights', `${name}.pt`), { num_heads: heads }),
      { cacheFolder },
    );
    const a = await openExplainer(built.onnxPath, opts);
    const b = await openExplainer(sharedPath('golden', name, 'onnx', `${file}.onnx`), opts);
    console.log(name, JSON.stringify({ ...a.structure, blocks: 0 }).slice(0, 400));
    const ca = await a.classify(g.floats('input'));
    const cb = await b.classify(g.floats('input'));
    const avb = b.availability();
    for (const av of a.availability()) {
      const other = avb.find((x) => x.id === av.id)?.reason;
      if (av.reason !== undefined || other !== undefined) { console.log(name, av.id, 'NA', av.reason, '|', other); continue; }
      const ea = await a.explain(ca, av.id, {}, [0, 5]);
      const eb = await b.explain(cb, av.id, {}, [0, 5]);
      const max = Math.max(...eb.maps.map(Math.abs));
      console.log(name, av.id, (largestDifference(ea.maps, eb.maps) / max).toExponential(1));
    }
    await a.release(); await b.release();
  }
});
test('families', async () => {
  const figs = JSON.parse(await readFile('test/fixtures/intake/figures.json', 'utf8'));
  for (const f of figs) {
    try {
      const built = await buildForwardModel(await place('test/fixtures/intake/' + f.file, f.config), { cacheFolder, inputSize: f.inputSize, output: f.output });
      const e = await openExplainer(built.onnxPath, opts);
      const n = 3 * f.inputSize[0] * f.inputSize[1];
      const c = await e.classify(Float32Array.from({ length: n }, (_, i) => Math.sin(0.37 * i)));
      const ok: string[] = [], bad: string[] = [];
      for (const av of e.availability()) {
        if (av.reason !== undefined) { bad.push(av.id + ': ' + av.reason); continue; }
        const m = await e.explain(c, av.id, {}, [0]);
        (m.maps.every(Number.isFinite) ? ok : bad).push(av.id);
      }
      console.log(f.file, f.output, f.inputSize.join(), largestDifference(c.logits, f.expected.slice(0, c.logits.length)).toExponential(1), 'readout', JSON.stringify(e.structure.readout).slice(0, 80), 'prefix', e.structure.prefixTokens, 'ok', ok.length, 'bad', bad.join(' || ').slice(0, 300));
      await e.release();
    } catch (x) { console.log(f.file, f.output, 'ERROR', String(x)); }
  }
});
