// npm run cases -- FOLDER: builds the command line, then runs the situations through it.
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import path from 'node:path';
import process from 'node:process';

const repository = path.resolve(import.meta.dirname, '../..');
const program = path.join(repository, 'out', 'cases', 'main.js');
spawnSync(process.execPath, ['esbuild.mjs'], { cwd: repository, stdio: 'ignore' });
await build({
  entryPoints: ['test/cases/main.ts'],
  outfile: program,
  absWorkingDir: repository,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['onnxruntime-node', 'sharp'],
  logLevel: 'warning',
});
const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1' };
const run = spawnSync(process.execPath, [program, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env,
});
process.exit(run.status ?? 1);
