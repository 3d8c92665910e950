// npm run bench: what a person waits for, in the editor. Prints one line a figure.
import { build } from 'esbuild';
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
const outfile = path.join(repository, 'out/editor/bench.mjs');
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
  outfile: 'out/editor/host.cjs',
});
const { editorBench, inWords } = await import(pathToFileURL(outfile).href);
console.log(`\n${inWords(await editorBench(repository, { ensureEditor, ensureChromium }))}`);
process.exit(0);
