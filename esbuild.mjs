// Bundles the four programs: extension host, worker process, command line, panel.
import { context, build, transform } from 'esbuild';
import { existsSync } from 'node:fs';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { parseArgs } from 'node:util';

const { watch, production, outdir } = parseArgs({
  options: {
    watch: { type: 'boolean', default: false },
    production: { type: 'boolean', default: false },
    outdir: { type: 'string', default: 'dist' },
  },
}).values;

/** What every bundle shares. */
const common = {
  bundle: true,
  sourcemap: !production,
  minify: production,
  logLevel: 'info',
  metafile: true,
  outdir,
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

/**
 * The extension in parts, so that its start reads a few kilobytes and not all of it. esbuild splits
 * ES modules only, and the editor wants CommonJS: each part is converted when it is written.
 */
const extension = {
  ...node,
  entryPoints: { extension: 'src/extension/extension.ts' },
  format: 'esm',
  splitting: true,
  // Several parts may share something, and each of these gets the same name.
  chunkNames: 'extension-[name]-[hash]',
  sourcemap: production ? false : 'inline',
  write: false,
  plugins: [
    {
      name: 'commonjs-parts',
      setup({ onEnd }) {
        onEnd(async ({ outputFiles = [] }) => {
          for (const file of outputFiles) {
            const { code, map } = await transform(file.text, {
              format: 'cjs',
              platform: 'node',
              target: 'node20',
              minify: production,
              sourcemap: !production,
              supported: { 'dynamic-import': false },
            });
            await mkdir(path.dirname(file.path), { recursive: true });
            const name = path.basename(file.path);
            await writeFile(file.path, map ? `${code}//# sourceMappingURL=${name}.map\n` : code);
            if (map) await writeFile(`${file.path}.map`, map);
          }
        });
      },
    },
  ],
};

const programs = [
  extension,
  { ...node, entryPoints: { worker: 'src/worker/main.ts' } },
  { ...node, entryPoints: { 'picture-thread': 'src/service/batch/picture-thread.ts' } },
  { ...node, entryPoints: { 'evaluation-thread': 'src/service/evaluate/evaluation-thread.ts' } },
  { ...node, entryPoints: { 'svg-process': 'src/service/pictures/svg-process.ts' } },
  {
    ...node,
    entryPoints: { 'model-runner': 'src/engine/onnx/model-runner.mjs' },
    format: 'esm',
    outExtension: { '.js': '.mjs' },
  },
  { ...node, entryPoints: { cli: 'src/cli/main.ts' }, banner: { js: '#!/usr/bin/env node' } },
  {
    ...common,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    entryPoints: {
      panel: 'src/webview/panel.tsx',
      gallery: 'src/webview/gallery.tsx',
      compare: 'src/webview/compare.tsx',
      evaluation: 'src/webview/evaluation.tsx',
      model: 'src/webview/model.tsx',
    },
    jsx: 'automatic',
    jsxImportSource: 'preact',
  },
].filter((program) => existsSync(Object.values(program.entryPoints)[0]));

// The extension's parts have other names with every change.
for (const name of existsSync(outdir) ? await readdir(outdir) : [])
  if (name.startsWith('extension-')) await rm(path.join(outdir, name));

/** What went into which bundle; the notices of a package are made from it. */
const outputs = {};
for (const program of programs) {
  if (watch) await (await context(program)).watch();
  else Object.assign(outputs, (await build(program)).metafile.outputs);
}
if (!watch) await writeFile(path.join(outdir, 'outputs.json'), JSON.stringify(outputs));
