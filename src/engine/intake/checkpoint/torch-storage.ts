/** The persistent ids of torch.save: references to storages, and classes of whole models. */
import { isCount, storageTypes } from './pickle-names';
import { isName, isTuple } from './pickle-value';
import type { PickleStorage, PickleValue } from './pickle-value';
import { EngineError } from '../../engine-error';

/**
 * `('storage', torch.FloatStorage, key, location, elements[, view])`; `view`, in legacy files only:
 * `(key, first element, elements)`.
 */
export function loadStorage(id: PickleValue): PickleValue | undefined {
  if (!isTuple(id)) return undefined;
  const [tag, storageClass, key, , elements, view] = id.items;
  // The class of a whole model, as older versions wrote it: with its source beside the name.
  if (tag === 'module' && isName(storageClass)) return storageClass;
  if (tag !== 'storage' || !isName(storageClass) || typeof key !== 'string') return undefined;
  const type = storageTypes.get(storageClass.name);
  // Of a type that is not read; it matters only where weights are made of it.
  if (type === undefined) return { kind: 'opaque', name: storageClass.name };
  if (!isCount(elements)) return undefined;
  const start = isTuple(view) ? view.items[1] : 0;
  return isCount(start)
    ? ({ kind: 'storage', key, type, elements, start } satisfies PickleStorage)
    : undefined;
}

export function bigEndian(fileName: string): EngineError {
  return new EngineError(
    'model-unreadable',
    `“${fileName}” was written on a big-endian machine.`,
    'Save it again on a little-endian machine, or as safetensors.',
  );
}
