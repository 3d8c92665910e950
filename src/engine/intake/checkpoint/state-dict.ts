/** The weights among what a checkpoint holds. */
import type { ByteSource } from './byte-source';
import { isTensor } from './pickle-value';
import type { PickleDict, PickleStorage, PickleTensor, PickleValue } from './pickle-value';
import { checkpointTypeSize } from './tensor';
import type { CheckpointTensor } from './tensor';
import { EngineError } from '../../engine-error';
import { sizeOf } from '../../onnx/tensor-bytes';

/** Keys under which training scripts put the state dict. */
const wrappers = [
  'state_dict',
  'model_state_dict',
  'model',
  'teacher',
  'module',
  'net',
  'state_dict_ema',
  'model_ema',
];

/** How deep dictionaries of tensors may lie in each other (`{backbone: {…}, head: {…}}`). */
const deepest = 3;

/** Where a storage lies in the file. */
export interface StoragePlace {
  readonly position: number;
  readonly bytes: number;
}

/** Tensors by their dotted name. @throws EngineError `model-unreadable` if there are none or one leaves its storage. */
export function stateDictOf(
  value: PickleValue,
  source: ByteSource,
  placeOf: (storage: PickleStorage) => StoragePlace | undefined,
): ReadonlyMap<string, CheckpointTensor> {
  const found = new Map<string, PickleTensor>();
  collect(unwrap(value), '', 0, found);
  if (found.size === 0) {
    throw new EngineError(
      'model-unreadable',
      `“${source.fileName}” holds no weights.`,
      'Choose a checkpoint made with torch.save(model.state_dict(), …).',
    );
  }
  const tensors = new Map<string, CheckpointTensor>();
  for (const [name, tensor] of found) tensors.set(name, place(name, tensor, source, placeOf));
  return tensors;
}

function unwrap(value: PickleValue): PickleValue {
  for (let inner: PickleValue = value; inner instanceof Map;) {
    const dict: PickleDict = inner;
    const key = wrappers.find((name) => dict.get(name) instanceof Map);
    if (key === undefined || [...dict.values()].some(isTensor)) return dict;
    inner = dict.get(key) ?? null;
  }
  return value;
}

function collect(
  value: PickleValue,
  prefix: string,
  depth: number,
  into: Map<string, PickleTensor>,
): void {
  if (!(value instanceof Map) || depth >= deepest) return;
  for (const [key, item] of value) {
    if (typeof key !== 'string') continue;
    if (isTensor(item)) into.set(prefix + key, item);
    else collect(item, `${prefix}${key}.`, depth + 1, into);
  }
}

function place(
  name: string,
  tensor: PickleTensor,
  source: ByteSource,
  placeOf: (storage: PickleStorage) => StoragePlace | undefined,
): CheckpointTensor {
  const { storage, offset, dims, strides } = tensor;
  const where = placeOf(storage);
  if (!where) throw source.damaged(`the storage of “${name}” is missing`);
  const size = checkpointTypeSize[storage.type];
  const first = storage.start + offset;
  const last = dims.reduce((sum, dim, axis) => sum + (dim - 1) * (strides[axis] ?? 0), first);
  const elements = sizeOf(dims);
  // The second condition: a tensor that repeats its storage could claim any size.
  if (elements > 0 && ((last + 1) * size > where.bytes || elements * size > where.bytes)) {
    throw source.damaged(
      `the tensor “${name}” of shape [${dims.join(', ')}] does not fit into its storage of ${where.bytes} bytes`,
    );
  }
  return {
    name,
    type: storage.type,
    dims,
    strides,
    position: where.position + first * size,
    source,
  };
}
