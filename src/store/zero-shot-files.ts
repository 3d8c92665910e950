/** What turns a CLIP's picture encoder into a zero-shot classifier: text encoder, tokeniser, scale. */
import path from 'node:path';
import * as v from 'valibot';
import type { ZeroShot } from '../shared/model';
import { readConfig } from './config-file';
import type { Manifest } from '../shared/manifest';
import { isThere } from './probe-manifest';

/**
 * Of OpenAI's trained models; training caps it there. `logit_scale_init_value` of config.json is what
 * training began with (14.3), so it is not used.
 */
const trainedScale = 100;

const clipConfig = v.object({ model_type: v.picklist(['clip', 'clip_vision_model']) });

/**
 * Looks for a text encoder under the picture encoder's name with “text” in place of “vision”
 * (`onnx/vision_model.onnx`, `onnx/text_model.onnx`), and for `tokenizer.json` beside it or one folder
 * up. The manifest's word goes first.
 *
 * @param folders where the configuration of the file may lie
 * @param classifier whether the model has classes of its own
 * @returns undefined for a model that is no CLIP
 */
export async function findZeroShot(
  file: string,
  folders: readonly string[],
  manifest: Manifest | undefined,
  classifier: boolean,
): Promise<ZeroShot | undefined> {
  const named = manifest?.zeroShot;
  if (named === undefined && (classifier || path.extname(file).toLowerCase() !== '.onnx'))
    return undefined;
  const inFolder = (name: string | undefined) =>
    name === undefined ? undefined : path.resolve(path.dirname(file), name);
  const textModel = inFolder(named?.textModel) ?? (await firstThere(textModelsOf(file)));
  if (named === undefined && textModel === undefined && !(await isClip(file, folders)))
    return undefined;
  const beside = [path.dirname(file), ...folders];
  return {
    textModel,
    tokenizer:
      inFolder(named?.tokenizer) ??
      (await firstThere(beside.map((folder) => path.join(folder, 'tokenizer.json')))),
    logitScale: named?.logitScale ?? trainedScale,
    logitScaleAssumed: named?.logitScale === undefined,
  };
}

/** The picture encoder of a CLIP's folder; the path itself where it is no such folder. */
export async function pictureEncoderIn(fileOrFolder: string): Promise<string> {
  const encoders = ['onnx/vision_model.onnx', 'vision_model.onnx'];
  return (
    (await firstThere(encoders.map((encoder) => path.join(fileOrFolder, encoder)))) ?? fileOrFolder
  );
}

/** `vision_model_fp16.onnx` → `text_model_fp16.onnx`, `text_model.onnx`. */
function textModelsOf(file: string): readonly string[] {
  const { dir, base } = path.parse(file);
  const renamed = base.replace(/vision|visual|image/i, 'text');
  return renamed === base ? [] : [path.join(dir, renamed), path.join(dir, 'text_model.onnx')];
}

async function isClip(file: string, folders: readonly string[]): Promise<boolean> {
  if (!/vision|visual/i.test(path.basename(file))) return false;
  for (const folder of folders)
    if (v.is(clipConfig, (await readConfig(path.join(folder, 'config.json')))?.data)) return true;
  return false;
}

async function firstThere(files: readonly string[]): Promise<string | undefined> {
  for (const file of files) if (await isThere(file)) return file;
  return undefined;
}
