/**
 * Checkpoints as torch.save wrote them before 1.6 (or with `_use_new_zipfile_serialization=False`):
 * pickles of a magic number, a version, facts of the machine, the object and its storage keys, then
 * every storage in that order: element count as int64, then its elements.
 */
import type { ByteSource } from './byte-source';
import { isStorage } from './pickle-value';
import type { PickleStorage, PickleValue } from './pickle-value';
import { weightSetsOf } from './weight-sets';
import type { StoragePlace, WeightSet } from './weight-sets';
import { checkpointTypeSize, mostStorages } from './tensor';
import { bigEndian, loadStorage } from './torch-storage';
import { unpickle } from './unpickle';
import type { PersistentLoad } from './unpickle';
import { EngineError } from '../../engine-error';

const magicNumber = 0x1950a86a20f9469cfc6cn;
const protocolVersion = 1001;

/** The five pickles lie within this many bytes of the start; the names of a large model take about 100 KB. */
const pickleWindow = 64 * 1024 * 1024;

/** Its sets of weights. @throws EngineError `model-unreadable` if the file is damaged or no such checkpoint. */
export async function readPytorchLegacy(source: ByteSource): Promise<readonly WeightSet[]> {
  const window = await source.read(0, Math.min(source.size, pickleWindow));
  let at = 0;
  const next = (load?: PersistentLoad): PickleValue => {
    const { value, length } = unpickle(window.subarray(at), source.fileName, load);
    at += length;
    return value;
  };
  if (next() !== magicNumber || next() !== protocolVersion) {
    throw new EngineError(
      'model-unreadable',
      `“${source.fileName}” is a pickle, but not one that torch.save wrote.`,
      'Save the weights with torch.save(model.state_dict(), …) or as safetensors.',
    );
  }
  checkMachine(source, next());
  const storages = new Map<string, PickleStorage>();
  const value = next((id) => {
    const storage = loadStorage(id);
    if (isStorage(storage)) storages.set(storage.key, storage);
    return storage;
  });
  const keys = next();
  if (!Array.isArray(keys)) throw source.damaged('its list of storages is missing');
  if (keys.length > mostStorages) throw source.damaged(`it lists ${keys.length} storages`);
  const places = await storagePlaces(source, at, keys, storages);
  return weightSetsOf(value, source, (storage) => places.get(storage.key));
}

async function storagePlaces(
  source: ByteSource,
  start: number,
  keys: readonly PickleValue[],
  storages: ReadonlyMap<string, PickleStorage>,
): Promise<ReadonlyMap<string, StoragePlace>> {
  const places = new Map<string, StoragePlace>();
  let position = start;
  for (const key of keys) {
    const storage = typeof key === 'string' ? storages.get(key) : undefined;
    if (!isStorage(storage)) throw source.damaged('it lists a storage that no tensor uses');
    const header = new DataView((await source.read(position, 8)).buffer);
    const bytes = Number(header.getBigInt64(0, true)) * checkpointTypeSize[storage.type];
    position += 8;
    if (!(bytes >= 0 && position + bytes <= source.size))
      throw source.damaged(`the storage “${storage.key}” is cut off`);
    places.set(storage.key, { position, bytes });
    position += bytes;
  }
  return places;
}

function checkMachine(source: ByteSource, facts: PickleValue): void {
  if (facts instanceof Map && facts.get('little_endian') === false)
    throw bigEndian(source.fileName);
}
