// npm run bench:batch, npm run bench:probe, npm run bench:accuracy: benches that work through
// pictures. Bundles one beside the programs that it starts, and runs it with the rest of the arguments.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { copyFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';

const [name, ...rest] = process.argv.slice(2);
const folder = path.resolve(import.meta.dirname, '../../out/bench');
await build({
  entryPoints: [
    `test/bench/${name}.bench.ts`,
    'src/worker/main.ts',
    'src/service/batch/picture-thread.ts',
    'src/service/pictures/svg-process.ts',
  ],
  absWorkingDir: path.resolve(import.meta.dirname, '../..'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  entryNames: '[name]',
  outdir: folder,
  external: ['onnxruntime-node', 'sharp'],
  logLevel: 'warning',
});
copyFileSync(
  path.resolve(import.meta.dirname, '../../src/engine/onnx/model-runner.mjs'),
  path.join(folder, 'model-runner.mjs'),
);
const bench = path.join(folder, `${name}.bench.js`);
process.exit(spawnSync(process.execPath, [bench, ...rest], { stdio: 'inherit' }).status ?? 1);
