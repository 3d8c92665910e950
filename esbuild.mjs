// Bundles the four programs: extension host, worker process, command line, panel.
import { context, build } from 'esbuild';
import { existsSync } from 'node:fs';

const watch = process.argv.includes('--watch');
const production = process.argv.includes('--production');

/** What every bundle shares. */
const common = {
  bundle: true,
  sourcemap: !production,
  minify: production,
  logLevel: 'info',
  outdir: 'dist',
  entryNames: '[name]',
};

/** Native modules stay outside the bundles; `vscode` is given by the host. */
const node = {
  ...common,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  external: ['vscode', 'onnxruntime-node', 'sharp'],
};

const programs = [
  { ...node, entryPoints: { extension: 'src/extension/extension.ts' } },
  { ...node, entryPoints: { worker: 'src/worker/main.ts' } },
  { ...node, entryPoints: { 'picture-thread': 'src/worker/picture-thread.ts' } },
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, banner: { js: '#!/usr/bin/env node' } },
  {
    ...common,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    entryPoints: { panel: 'src/webview/panel.tsx', gallery: 'src/webview/gallery.tsx' },
    jsx: 'automatic',
    jsxImportSource: 'preact',
  },
].filter((program) => existsSync(Object.values(program.entryPoints)[0]));

for (const program of programs) {
  if (watch) {
    await (await context(program)).watch();
  } else {
    await build(program);
  }
}
