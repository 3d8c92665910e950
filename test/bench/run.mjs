// npm run bench: what a person waits for, in the editor. Prints one line a figure.
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ensureChromium, ensureEditor, repository } from '../editor/install-editor.mjs';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  absWorkingDir: repository,
  logLevel: 'warning',
};
const bundles = path.join(repository, 'out', 'editor', String(process.pid));
const outfile = path.join(bundles, 'bench.mjs');
await build({
  ...common,
  format: 'esm',
  packages: 'external',
  entryPoints: ['test/bench/editor.bench.ts'],
  outfile,
});
await build({
  ...common,
  format: 'cjs',
  external: ['vscode'],
  entryPoints: ['test/editor/host/index.ts'],
  outfile: path.join(bundles, 'host.cjs'),
});
const { editorBench, inWords } = await import(pathToFileURL(outfile).href);
const figures = await editorBench(repository, bundles, { ensureEditor, ensureChromium });
console.log(`\n${inWords(figures)}`);
rmSync(bundles, { recursive: true, force: true });
process.exit(0);
