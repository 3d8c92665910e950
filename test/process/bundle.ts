/** The programs as they are shipped, bundled from the sources as they are now. */
import { build } from 'esbuild';
import { copyFile, rename, rm } from 'node:fs/promises';
import path from 'node:path';

const repository = path.resolve(import.meta.dirname, '../..');

const startedPrograms = {
  'picture-thread': 'src/service/batch/picture-thread.ts',
  'evaluation-thread': 'src/service/evaluate/evaluation-thread.ts',
  'svg-process': 'src/service/pictures/svg-process.ts',
};

/**
 * Bundles one program into `out/`, which lies as deep as `dist/`: whatever it looks for beside
 * itself is there. The name is this process's own, so that test files may run side by side.
 *
 * @returns its absolute path, and how to delete it
 */
export async function bundle(
  program: string,
  entry = path.join('src', program, 'main.ts'),
): Promise<{ file: string; remove: () => Promise<void> }> {
  const file = path.join(repository, 'out', `${program}-${process.pid}.js`);
  await write(entry, file);
  // Programs start them under these names, from beside themselves.
  for (const [started, source] of Object.entries(startedPrograms))
    await putInPlace(`${started}.js`, (unfinished) => write(source, unfinished));
  await putInPlace('model-runner.mjs', (unfinished) =>
    copyFile(path.join(repository, 'src/engine/onnx/model-runner.mjs'), unfinished),
  );
  return { file, remove: () => rm(file) };
}

/** Renamed into place: another test file may be starting it just now. */
async function putInPlace(
  name: string,
  make: (unfinished: string) => Promise<void>,
): Promise<void> {
  const file = path.join(repository, 'out', name);
  const unfinished = `${file}.${process.pid}`;
  await make(unfinished);
  await rename(unfinished, file);
}

async function write(entry: string, file: string): Promise<void> {
  await build({
    entryPoints: [path.join(repository, entry)],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    external: ['onnxruntime-node', 'sharp'],
    logLevel: 'error',
  });
}
