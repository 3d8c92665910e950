/**
 * Top-1 accuracy of the command line on ImageNet photographs: shows whether decoding and
 * preprocessing are what the model was trained behind (a wrong mean alone costs thirty points).
 *
 *     npm run build && npm run bench:accuracy -- FOLDER MODEL [COUNT]
 *
 * FOLDER holds one photograph of each of the 1,000 classes, named `SYNSET_NAME.JPEG`, as
 * EliSchwartz/imagenet-sample-images does: the synsets in order are the classes in order. COUNT of
 * them (200 unless told), evenly spread, are explained with MODEL by `dist/cli.js`.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

const classCount = 1000;

const [folder = '', model = '', count = '200'] = process.argv.slice(2);
const photographs = readdirSync(folder)
  .filter((name) => /^n\d{8}_.*\.jpe?g$/i.test(name))
  .sort();
if (photographs.length !== classCount)
  throw new Error(`${folder} holds ${photographs.length} photographs, not one a class.`);
const chosen = Array.from({ length: Number(count) }, (_, at) =>
  Math.floor((at * classCount) / Number(count)),
);

const out = mkdtempSync(path.join(os.tmpdir(), 'vit-accuracy-'));
const inputs = chosen.map((index) => path.join(folder, photographs[index] ?? ''));
const cli = path.resolve('dist/cli.js');
const started = performance.now();
const { status, signal } = spawnSync(
  process.execPath,
  [cli, 'explain', ...inputs, '--model', model, '--method', 'attention', '--json', '--out', out],
  { stdio: ['ignore', 'ignore', 'inherit'] },
);
if (status !== 0) throw new Error(`vit-explain ended with ${signal ?? `code ${status}`}.`);
const seconds = (performance.now() - started) / 1000;

const ranks = chosen.map((index, at) => {
  const file = path.join(out, `${path.parse(inputs[at] ?? '').name}.json`);
  const { topK } = JSON.parse(readFileSync(file, 'utf8')) as { topK: { index: number }[] };
  return topK.findIndex((score) => score.index === index);
});
rmSync(out, { recursive: true });
const share = (best: number) =>
  `${((100 * ranks.filter((rank) => rank >= 0 && rank < best).length) / ranks.length).toFixed(1)} %`;
console.log(`top-1 ${share(1)}, top-5 ${share(5)} of ${ranks.length} photographs`);
console.log(`${(seconds / ranks.length).toFixed(2)} s a photograph`);
