/**
 * The few names that a pickle of weights may use, and what each stands for. A name outside this
 * list ends the reading; nothing of Python is ever looked up, called or imitated beyond it.
 */
import { isOpaque, isStorage, isTensor, isTuple } from './pickle-value';
import type { PickleDict, PickleTensor, PickleValue } from './pickle-value';
import type { CheckpointType } from './tensor';

/** Makes a value of the arguments, or gives undefined if they do not fit. */
type Constructor = (args: readonly PickleValue[]) => PickleValue | undefined;

/** Storage classes of torch, by the type of their elements. */
export const storageTypes: ReadonlyMap<string, CheckpointType> = new Map([
  ['torch.DoubleStorage', 'float64'],
  ['torch.FloatStorage', 'float32'],
  ['torch.HalfStorage', 'float16'],
  ['torch.BFloat16Storage', 'bfloat16'],
  ['torch.LongStorage', 'int64'],
  ['torch.IntStorage', 'int32'],
  ['torch.ShortStorage', 'int16'],
  ['torch.CharStorage', 'int8'],
  ['torch.ByteStorage', 'uint8'],
  ['torch.BoolStorage', 'bool'],
]);

/**
 * Names that build tensors and containers, and the book-keeping that training scripts save beside
 * the weights (MAE, DeiT: `args`, learning rates as numpy scalars): the latter stay opaque.
 */
export const constructors: ReadonlyMap<string, Constructor> = new Map<string, Constructor>([
  ['collections.OrderedDict', ([pairs]) => dictOf(pairs)],
  ['collections.defaultdict', ([, pairs]) => dictOf(pairs)],
  ['torch._utils._rebuild_tensor', rebuildTensor],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  ['torch._utils._rebuild_parameter', ([data]) => (isTensor(data) ? data : undefined)],
  ['torch._utils._rebuild_parameter_with_state', ([data]) => (isTensor(data) ? data : undefined)],
  ['torch.Size', ([sizes]) => sizes ?? { kind: 'tuple', items: [] }],
  ...['builtins.dict', '__builtin__.dict'].map((name): [string, Constructor] => [
    name,
    ([pairs]) => dictOf(pairs),
  ]),
  ...[
    'argparse.Namespace',
    'torch.device',
    'numpy.dtype',
    'numpy.core.multiarray.scalar',
    'numpy._core.multiarray.scalar',
    '_codecs.encode',
  ].map((name): [string, Constructor] => [name, () => ({ kind: 'opaque', name })]),
]);

/** Whether a value of this kind may have attributes set on it afterwards; they are dropped. */
export function mayBeBuilt(value: PickleValue): boolean {
  return value instanceof Map || isTensor(value) || isOpaque(value);
}

function dictOf(pairs: PickleValue | undefined): PickleDict | undefined {
  const dict: PickleDict = new Map();
  if (pairs === undefined) return dict;
  for (const pair of itemsOf(pairs) ?? []) {
    const [key, value, ...more] = itemsOf(pair) ?? [];
    if (key === undefined || value === undefined || more.length > 0) return undefined;
    dict.set(key, value);
  }
  return dict;
}

function rebuildTensor(args: readonly PickleValue[]): PickleTensor | undefined {
  const [storage, offset, size, stride] = args;
  const dims = countsOf(size);
  const strides = countsOf(stride);
  if (!isStorage(storage) || !isCount(offset) || dims?.length !== strides?.length) return undefined;
  return dims && strides && { kind: 'tensor', storage, offset, dims, strides };
}

function countsOf(value: PickleValue | undefined): readonly number[] | undefined {
  const items = itemsOf(value);
  const counts = items?.filter(isCount);
  return counts?.length === items?.length ? counts : undefined;
}

function itemsOf(value: PickleValue | undefined): readonly PickleValue[] | undefined {
  if (isTuple(value)) return value.items;
  return Array.isArray(value) ? value : undefined;
}

export function isCount(value: PickleValue | undefined): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 0;
}
