/** The programs as they are shipped, bundled from the sources as they are now. */
import { build } from 'esbuild';
import { rm } from 'node:fs/promises';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '../..');

/**
 * Bundles one program into `out/`, which lies as deep as `dist/`: whatever it looks for beside
 * itself is there. The name is this process's own, so that test files may run side by side.
 *
 * @returns its absolute path, and how to delete it
 */
export async function bundle(
  program: 'worker' | 'cli',
): Promise<{ file: string; remove: () => Promise<void> }> {
  const file = path.join(repository, 'out', `${program}-${process.pid}.js`);
  await build({
    entryPoints: [path.join(repository, 'src', program, 'main.ts')],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['onnxruntime-node', 'sharp'],
    logLevel: 'error',
  });
  return { file, remove: () => rm(file) };
}
