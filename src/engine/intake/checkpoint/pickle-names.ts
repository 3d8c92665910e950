/**
 * The few names in a pickle that something is made of, and what each stands for. Nothing of Python
 * is ever looked up, called or imitated beyond them: any other object stays a name (`PickleOpaque`).
 */
import { isName, isOpaque, isStorage, isTensor, isTuple } from './pickle-value';
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

/** Names that build tensors and containers. */
export const constructors: ReadonlyMap<string, Constructor> = new Map<string, Constructor>([
  ['collections.OrderedDict', ([pairs]) => dictOf(pairs)],
  ['collections.defaultdict', ([, pairs]) => dictOf(pairs)],
  ['torch._utils._rebuild_tensor', rebuildTensor],
  ['torch._utils._rebuild_tensor_v2', rebuildTensor],
  [
    'torch._utils._rebuild_parameter',
    ([data]) => (isTensor(data) || isOpaque(data) ? data : undefined),
  ],
  [
    'torch._utils._rebuild_parameter_with_state',
    ([data]) => (isTensor(data) || isOpaque(data) ? data : undefined),
  ],
  ['torch.Size', ([sizes]) => sizes ?? { kind: 'tuple', items: [] }],
  ...['builtins.dict', '__builtin__.dict'].map((name): [string, Constructor] => [
    name,
    ([pairs]) => dictOf(pairs),
  ]),
  ['torch._tensor._rebuild_from_type_v2', rebuildFromType],
]);

/**
 * Names that are in a file of weights to do harm when Python opens it. Here they could do none, but
 * whoever is about to open such a file elsewhere should know.
 */
export const harmfulNames =
  /^(os|posix|nt|subprocess|sys|pty|socket|shutil|runpy|importlib|ctypes|webbrowser|commands)\.|^(builtins|__builtin__)\.(eval|exec|execfile|compile|open|input|__import__)$/;

/** Whether a value of this kind may have attributes set on it afterwards; they are dropped. */
export function mayBeBuilt(value: PickleValue): boolean {
  return value instanceof Map || Array.isArray(value) || isTensor(value);
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

/** PyTorch has no tensor of more dimensions. */
const mostDimensions = 64;

function rebuildTensor(args: readonly PickleValue[]): PickleValue | undefined {
  const [storage, offset, size, stride] = args;
  // Of numbers that are not read: the tensor is an unknown object as well.
  if (isOpaque(storage)) return storage;
  const dims = countsOf(size);
  const strides = countsOf(stride);
  if (!isStorage(storage) || !isCount(offset) || dims?.length !== strides?.length) return undefined;
  return (
    dims && strides && ({ kind: 'tensor', storage, offset, dims, strides } satisfies PickleTensor)
  );
}

/** A tensor of a class of its own (fastai, or with attributes): `(function, class, arguments, state)`. */
function rebuildFromType([made, , args]: readonly PickleValue[]): PickleValue | undefined {
  if (!isName(made) || !isTuple(args)) return undefined;
  const makesTensor = made.name.startsWith('torch._utils._rebuild_');
  const constructor = makesTensor ? constructors.get(made.name) : undefined;
  return constructor ? constructor(args.items) : { kind: 'opaque', name: made.name };
}

function countsOf(value: PickleValue | undefined): readonly number[] | undefined {
  const items = itemsOf(value);
  if (items !== undefined && items.length > mostDimensions) return undefined;
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
