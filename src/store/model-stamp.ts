/**
 * What the file system says of all files that a model's answers rest on: who holds answers sees by it,
 * without reading a weight, whether they still hold.
 */
import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { stampOf } from '../engine/cache/file-stamp';
import { modelFiles } from '../engine/identity/model-files';
import type { ModelDescription } from '../shared/model';

/**
 * Changes with the weights, the text encoder and the tokeniser, and with what stands in small files
 * beside the weights: manifest, preprocessing, names of classes. A file that is missing counts as one.
 */
export async function stampOfModel({
  path: weights,
  backbone,
  zeroShot,
}: ModelDescription): Promise<string> {
  const named = [weights, backbone?.path, zeroShot?.textModel].filter((file) => file !== undefined);
  const files = (await Promise.all(named.map(filesOf))).flat();
  if (zeroShot?.tokenizer !== undefined) files.push(zeroShot.tokenizer);
  files.push(...(await sideFilesOf(weights)));
  const stamps = await Promise.all(
    files.map(async (file) => [file, await stampOf(file).catch(() => 'missing')]),
  );
  return JSON.stringify(stamps);
}

/** What cannot be listed is missing or damaged: whoever opens the model says so. */
async function filesOf(file: string): Promise<readonly string[]> {
  return modelFiles(file).catch(() => [file]);
}

/** Hugging Face keeps ONNX files one folder below their configuration. */
async function sideFilesOf(weights: string): Promise<readonly string[]> {
  const folder = path.dirname(weights);
  const folders = path.basename(folder) === 'onnx' ? [folder, path.dirname(folder)] : [folder];
  const listed = await Promise.all(
    folders.map(async (one) => {
      const names = await readdir(one).catch(() => []);
      return names
        .filter((name) => /\.(json|txt)$/i.test(name))
        .map((name) => path.join(one, name));
    }),
  );
  return listed.flat().sort();
}
