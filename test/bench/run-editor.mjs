// npm run bench, npm run bench:gallery: what a person waits for, in the editor. One line a figure.
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ensureChromium, ensureEditor, repository } from '../editor/install-editor.mjs';

const [name, ...rest] = process.argv.slice(2);
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
  entryPoints: [`test/bench/${name}.bench.ts`],
  outfile,
});
await build({
  ...common,
  format: 'cjs',
  external: ['vscode'],
  entryPoints: ['test/editor/host/index.ts'],
  outfile: path.join(bundles, 'host.cjs'),
});
const { bench, inWords } = await import(pathToFileURL(outfile).href);
const figures = await bench(repository, bundles, { ensureEditor, ensureChromium }, rest);
console.log(`\n${inWords(figures)}`);
rmSync(bundles, { recursive: true, force: true });
process.exit(0);
