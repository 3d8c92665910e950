// Bundles the editor tests and runs them. Closing line: "N passed, N failed".
import { build } from 'esbuild';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { ensureChromium, ensureEditor, repository } from './install-editor.mjs';

const common = {
  bundle: true,
  platform: 'node',
  target: 'node20',
  sourcemap: 'inline',
  logLevel: 'warning',
  absWorkingDir: repository,
};
await build({
  ...common,
  format: 'esm',
  packages: 'external',
  entryPoints: ['test/editor/main.ts'],
  outfile: 'out/editor/main.mjs',
});
await build({
  ...common,
  format: 'cjs',
  external: ['vscode'],
  entryPoints: ['test/editor/host/index.ts'],
  outfile: 'out/editor/host.cjs',
});
process.setSourceMapsEnabled(true);
const { main } = await import(pathToFileURL(path.join(repository, 'out/editor/main.mjs')).href);
process.exit(await main(repository, { ensureEditor, ensureChromium }));
