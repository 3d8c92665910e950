// Bundles the editor tests and runs them. Closing line: "N passed, N failed".
import { build } from 'esbuild';
import { rmSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';
import { ensureChromium, ensureEditor, repository } from './install-editor.mjs';

// A folder of its own: several runs may go on at once.
const bundles = path.join(repository, 'out', 'editor', String(process.pid));
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
  outfile: path.join(bundles, 'main.mjs'),
});
await build({
  ...common,
  format: 'cjs',
  external: ['vscode'],
  entryPoints: ['test/editor/host/index.ts'],
  outfile: path.join(bundles, 'host.cjs'),
});
process.setSourceMapsEnabled(true);
const { main } = await import(pathToFileURL(path.join(bundles, 'main.mjs')).href);
let code = 1;
try {
  code = await main(repository, bundles, { ensureEditor, ensureChromium });
} catch (error) {
  console.error(error);
} finally {
  rmSync(bundles, { recursive: true, force: true });
}
process.exit(code);
