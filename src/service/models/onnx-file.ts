/** The ONNX file of any weights: the file itself, or one built from a checkpoint. */
import path from 'node:path';
import { EngineError } from '../../engine/engine-error';
import { inTemporaryFolder } from '../../engine/files/temporary-folder';
import { buildForwardModel, type ForwardOutput } from '../../engine/intake/build-forward-model';
import { identityOf } from '../../engine/identity/identity';
import type { Assumption } from '../../shared/assumption';
import type { ModelDescription } from '../../shared/model';
import { holdCache } from '../../store/cache/cache-users';

/** A model as the engine opens it. */
export interface OnnxFile {
  readonly path: string;
  /** Identity of the checkpoint that it was built from (`identityOf`). */
  readonly builtFrom: string | undefined;
  /** What the weights do not decide. */
  readonly assumed: readonly Assumption[];
  /** Sentences for the person. */
  readonly notices: readonly string[];
  /** Deletes what was made for this one use. */
  readonly dispose: () => Promise<void>;
}

/**
 * @param inputSize height and width that a checkpoint's model is built for
 * @param output what a checkpoint's model gives
 * @throws EngineError `model-unreadable`, `model-not-a-vit`
 */
export async function onnxFileOf(
  { path: file, architecture = {} }: Pick<ModelDescription, 'path' | 'architecture'>,
  cacheFolder: string,
  inputSize: readonly [height: number, width: number],
  onStage: (phrase: string) => void,
  output: ForwardOutput = 'logits',
): Promise<OnnxFile> {
  holdCache(cacheFolder);
  if (path.extname(file).toLowerCase() === '.onnx') {
    const dispose = () => Promise.resolve();
    return { path: file, builtFrom: undefined, assumed: [], notices: [], dispose };
  }
  onStage('Reading the checkpoint');
  const sha256 = await identityOf(file, cacheFolder, architecture);
  const build = (folder: string) =>
    buildForwardModel(file, {
      cacheFolder: folder,
      inputSize,
      sha256,
      output,
      stated: architecture,
    });
  try {
    const { onnxPath, assumed } = await build(cacheFolder);
    const dispose = () => Promise.resolve();
    return { path: onnxPath, builtFrom: sha256, assumed, notices: [], dispose };
  } catch (error) {
    if (!(error instanceof EngineError) || error.code !== 'cache-unwritable') throw error;
    return inTemporaryFolder(async (folder, dispose) => {
      const { onnxPath, assumed } = await build(folder);
      const notices = [`${error.message} The checkpoint will be read anew each time.`];
      return { path: onnxPath, builtFrom: sha256, assumed, notices, dispose };
    });
  }
}
