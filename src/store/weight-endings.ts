/** Files that hold weights, by their names. */
import path from 'node:path';

/** Endings of the weights that can be explained. */
export const weightEndings: readonly string[] = [
  '.onnx',
  '.safetensors',
  '.pth',
  '.pt',
  '.ckpt',
  '.bin',
  '.pth.tar',
];

/** For dialogs, which go by what stands behind the last dot. */
export const weightFilters = ['onnx', 'safetensors', 'pth', 'pt', 'ckpt', 'bin', 'tar'];

/** Of the index of a checkpoint in several parts, as Hugging Face names it. */
const indexEnding = '.safetensors.index.json';
/** One part of one is the whole. */
const part = /-\d{5}-of-(?!00001\.)\d{5}\.safetensors$/i;

/** Whether a file holds weights, or is the index of the parts that do. */
export function isWeights(file: string): boolean {
  return isIndex(file) || endingOf(file) !== undefined;
}

/** Whether a file among others is likely to be a model: `.bin` may be anything, `model` in its name tells. */
export function looksLikeWeights(file: string): boolean {
  return isWeights(file) && (endingOf(file) !== '.bin' || /model[^/\\]*$/i.test(file));
}

/** Whether a file is one of several parts: of no use without the others. */
export function isPart(file: string): boolean {
  return part.test(file);
}

/** The index that belongs to a part: `model-00001-of-00003.safetensors` → `model.safetensors.index.json`. */
export function indexOfPart(file: string): string {
  return file.replace(part, indexEnding);
}

/** The index in a folder, as Hugging Face names it. */
export function indexIn(folder: string): string {
  return path.join(folder, `model${indexEnding}`);
}

/** The model's file name without its ending: what stands before `.vit.json` and `.labels.json`. */
export function modelStem(file: string): string {
  const base = path.basename(file);
  const ending = isIndex(base) ? indexEnding : endingOf(base);
  return ending === undefined ? path.parse(base).name : base.slice(0, -ending.length);
}

function endingOf(file: string): string | undefined {
  const name = path.basename(file).toLowerCase();
  return weightEndings.find((ending) => name.endsWith(ending) && name !== ending);
}

function isIndex(file: string): boolean {
  return file.toLowerCase().endsWith(indexEnding);
}
