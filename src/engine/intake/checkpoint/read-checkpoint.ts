/** Opens a checkpoint of any known format; what it is is read from its first bytes, not from its name. */
import type { ByteSource } from './byte-source';
import { readPytorchLegacy } from './pytorch-legacy';
import { readPytorchZip } from './pytorch-zip';
import { readSafetensors } from './safetensors';
import type { WeightSet } from './weight-sets';
import { EngineError } from '../../engine-error';

/** Sets of weights, as views into the file; a safetensors file is one. @throws EngineError `model-unreadable` */
export async function readCheckpoint(source: ByteSource): Promise<readonly WeightSet[]> {
  const start = await source.read(0, Math.min(source.size, 512));
  const text = new TextDecoder('latin1').decode(start);
  if (text.startsWith('PK\x03\x04')) return readPytorchZip(source);
  // Before the pickle: a header's length may begin with the bytes of one.
  if (text[8] === '{') return [{ key: '', tensors: await readSafetensors(source) }];
  if (start[0] === 0x80 && (start[1] ?? 0) <= 5) return readPytorchLegacy(source);
  throw new EngineError('model-unreadable', `“${source.fileName}” ${whatElse(text)}`, nextStep);
}

const nextStep =
  'Choose an ONNX model, a safetensors file or a PyTorch checkpoint (.pth, .pt, .ckpt, .bin) with its weights.';

function whatElse(text: string): string {
  if (text.startsWith('version https://git-lfs'))
    return 'is only a Git LFS pointer; the weights themselves were not downloaded.';
  if (/^\s*<(!doctype|html)/i.test(text))
    return 'is a web page, not a model: the download was probably answered by a login page.';
  if (text.slice(257, 262) === 'ustar')
    return 'is a tar archive, as PyTorch wrote before version 0.1.10; such files are not read.';
  if (text.length === 0) return 'is empty.';
  return 'is neither a safetensors file nor a PyTorch checkpoint.';
}
