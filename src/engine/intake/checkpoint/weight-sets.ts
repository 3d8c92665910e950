/** The weights among what a checkpoint holds: one set for each dictionary that has tensors in it. */
import type { ByteSource } from './byte-source';
import { isOpaque, isTensor, isTuple } from './pickle-value';
import type {
  PickleDict,
  PickleOpaque,
  PickleStorage,
  PickleTensor,
  PickleValue,
} from './pickle-value';
import { checkpointTypeSize } from './tensor';
import type { CheckpointTensor } from './tensor';
import { EngineError } from '../../engine-error';
import { sizeOf } from '../../onnx/tensor-bytes';

/** Tensors that a file keeps side by side. */
export interface WeightSet {
  /** Keys of the dictionaries around it, joined by dots: `state_dict`, `teacher`; empty for the file itself. */
  readonly key: string;
  /** By their dotted name. */
  readonly tensors: ReadonlyMap<string, CheckpointTensor>;
}

/** Where a storage lies in the file. */
export interface StoragePlace {
  readonly position: number;
  readonly bytes: number;
}

/** How deep dictionaries of tensors may lie in each other (`{model: {backbone: {…}, head: {…}}}`). */
const deepest = 4;

/** State of the training, of which some tensors have the names and shapes of the weights. */
const training =
  /^(.*optim(izer)?s?(_states?)?(_dict)?|opt|.*schedulers?|.*scaler|amp|callbacks|loops|.*rng_states?)$/i;

/** @throws EngineError `model-unreadable` if there are none, or one leaves its storage */
export function weightSetsOf(
  value: PickleValue,
  source: ByteSource,
  placeOf: (storage: PickleStorage) => StoragePlace | undefined,
): readonly WeightSet[] {
  const found = new Map<string, Map<string, PickleTensor>>();
  collect(value, [], found);
  const module = moduleIn(value);
  const hasMaps = [...found.values()].some((set) =>
    [...set.values()].some(({ dims }) => dims.length === 4),
  );
  if (module && !hasMaps) throw wholeModel(value, module, source);
  if (found.size === 0) {
    throw new EngineError(
      'model-unreadable',
      `“${source.fileName}” holds no weights.`,
      'Choose a checkpoint made with torch.save(model.state_dict(), …).',
    );
  }
  return [...found].map(([key, tensors]) => ({
    key,
    tensors: new Map(
      [...tensors].map(([name, tensor]) => [name, place(name, tensor, source, placeOf)]),
    ),
  }));
}

function collect(
  value: PickleValue,
  keys: readonly string[],
  into: Map<string, Map<string, PickleTensor>>,
  seen = new Set<PickleValue>(),
): void {
  // What holds itself, or the same thing a thousand times, is looked at once.
  if (keys.length >= deepest || seen.has(value)) return;
  seen.add(value);
  const tensors = new Map<string, PickleTensor>();
  const inner: [key: string, item: PickleValue][] = [];
  for (const [key, item] of entriesOf(value)) {
    if (isTensor(item)) tensors.set(key, item);
    else if (!training.test(key) && !isOptimizer(item)) inner.push([key, item]);
  }
  if (tensors.size > 0) into.set(keys.join('.'), tensors);
  for (const [key, item] of inner) collect(item, [...keys, key], into, seen);
}

/** Of dictionaries, and of the list that some scripts save (weights, state of the optimizer). */
function entriesOf(value: PickleValue): readonly (readonly [string, PickleValue])[] {
  const items = listOf(value);
  if (items !== undefined)
    return items.flatMap((item, i) => (isTensor(item) ? [] : [[String(i), item] as const]));
  return [...(dictOf(value) ?? [])].flatMap(([key, item]) =>
    typeof key === 'string' ? [[key, item] as const] : [],
  );
}

function listOf(value: PickleValue): readonly PickleValue[] | undefined {
  if (isTuple(value)) return value.items;
  return Array.isArray(value) ? value : undefined;
}

function dictOf(value: PickleValue): PickleDict | undefined {
  if (value instanceof Map) return value;
  return isOpaque(value) ? value.items : undefined;
}

/** What `torch.optim` saves, under whatever key. */
function isOptimizer(value: PickleValue): boolean {
  return value instanceof Map && value.has('param_groups');
}

function wholeModel(value: PickleValue, module: PickleOpaque, source: ByteSource): EngineError {
  const entry = entriesOf(value).find(([, item]) => item === module);
  const access = entry === undefined ? '' : `["${entry[0]}"]`;
  return new EngineError(
    'model-unreadable',
    `“${source.fileName}” holds a whole model as a Python object (${module.name}), not its weights alone. To rebuild it, its code would have to be run, which never happens here.`,
    `If you trust it, save its weights where its code is installed: torch.save(torch.load("${source.fileName}", map_location="cpu", weights_only=False)${access}.state_dict(), "weights.pth")`,
  );
}

/** The first object that is built like a `torch.nn.Module`. */
function moduleIn(value: PickleValue): PickleOpaque | undefined {
  const [first] = [value, ...entriesOf(value).map(([, item]) => item)].filter(isModule);
  return first;
}

function isModule(value: PickleValue): value is PickleOpaque {
  return isOpaque(value) && value.state instanceof Map && value.state.has('_modules');
}

/** Elements of a tensor that repeats its values: above the largest weight of any known model. */
const mostRepeated = 2 ** 26;

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
  // What torch's expand() made repeats its values: an axis of stride 0.
  const distinct = sizeOf(dims.filter((_, axis) => strides[axis] !== 0));
  // The other conditions: a tensor that repeats its storage could claim any size.
  const isTooLarge =
    distinct * size > where.bytes || (elements * size > where.bytes && elements > mostRepeated);
  if (elements > 0 && ((last + 1) * size > where.bytes || isTooLarge)) {
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
