// Bundles a program of the tests beside those that it starts: the worker, and what that starts.
import { build } from 'esbuild';
import { copyFileSync } from 'node:fs';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '..');

/** Returns the absolute path of the bundled `entry` in `out/FOLDER`. */
export async function bundleWithPrograms(entry, folder) {
  const out = path.join(repository, 'out', folder);
  await build({
    entryPoints: [
      entry,
      'src/worker/main.ts',
      'src/service/batch/picture-thread.ts',
      'src/service/pictures/svg-process.ts',
    ],
    absWorkingDir: repository,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    entryNames: '[name]',
    outdir: out,
    external: ['onnxruntime-node', 'sharp'],
    logLevel: 'warning',
  });
  copyFileSync(
    path.join(repository, 'src/engine/onnx/model-runner.mjs'),
    path.join(out, 'model-runner.mjs'),
  );
  return path.join(out, path.basename(entry).replace(/\.ts$/, '.js'));
}
