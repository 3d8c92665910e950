// npm run bench:engine [-- MODEL.onnx | --size b14-518] [--methods a,b] [--threads N]: speed and memory
// of every method.
// With --reference PYTHON --checkout FOLDER, the original PyTorch code is timed beside it.
import { build } from 'esbuild';
import { copyFileSync, mkdirSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { spawnSync } from 'node:child_process';

const repository = path.resolve(import.meta.dirname, '../..');
const folder = path.join(repository, 'out', 'bench');
mkdirSync(folder, { recursive: true });
const bundle = path.join(folder, 'engine-bench.cjs');
await build({
  absWorkingDir: repository,
  entryPoints: ['test/bench/engine.bench.ts'],
  outfile: bundle,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node20',
  external: ['onnxruntime-node'],
  logLevel: 'warning',
});
copyFileSync(
  path.join(repository, 'src/engine/onnx/model-runner.mjs'),
  path.join(folder, 'model-runner.mjs'),
);
const run = spawnSync(process.execPath, [bundle, folder, ...process.argv.slice(2)], {
  stdio: 'inherit',
});
process.exit(run.status ?? 1);
