/** Pictures, and tensors of them, on their way to a model. */
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { readInput } from '../../../src/cli/read-input';
import { decodeImage } from '../../../src/service/pictures/decode';
import { ModelInputs } from '../../../src/service/pictures/model-inputs';
import { picture } from '../../../src/service/pictures/picture';
import { thumbnail } from '../../../src/service/pictures/thumbnail';
import type { Preprocessing } from '../../../src/shared/preprocessing';
import { fault, refusal, type Verdict } from './verdict';

const preprocessing: Preprocessing = {
  resize: { rule: 'shortest-edge', size: 24 },
  interpolation: 'bicubic',
  crop: [24, 24],
  rescale: 1 / 255,
  mean: [0.5, 0.5, 0.5],
  std: [0.5, 0.5, 0.5],
};

export async function judgePicture(file: string): Promise<Verdict> {
  const name = path.basename(file);
  const bytes = await readFile(file);
  try {
    const { width, height, data } = await decodeImage(bytes, name);
    if (width < 1 || height < 1 || data.length !== 3 * width * height)
      return fault('pixels that do not fit the size', `${width} × ${height}, ${data.length} bytes`);
    const small = await thumbnail({ bytes, name, maxSide: 32 });
    const shown = await picture({ bytes, name, maxSide: 64 });
    if (small.width !== width || shown.width > 64) return fault('two sizes of one picture');
    return await judgeInput({ kind: 'encoded', bytes, name });
  } catch (thrown) {
    return refusal(thrown);
  }
}

export async function judgeTensor(file: string): Promise<Verdict> {
  try {
    return await judgeInput(await readInput(file, true));
  } catch (thrown) {
    return refusal(thrown);
  }
}

async function judgeInput(image: Parameters<ModelInputs['prepare']>[0]): Promise<Verdict> {
  const { input } = await new ModelInputs().prepare(image, preprocessing);
  return input.values.every(Number.isFinite)
    ? { kind: 'answered', compared: false }
    : fault('pixels that are not finite');
}
