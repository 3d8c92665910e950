/** The persistent ids of torch.save: references to storages. */
import { isCount, storageTypes } from './pickle-names';
import { isName, isTuple } from './pickle-value';
import type { PickleStorage, PickleValue } from './pickle-value';

/**
 * `('storage', torch.FloatStorage, key, location, elements[, view])`; `view`, in legacy files only:
 * `(key, first element, elements)`.
 */
export function loadStorage(id: PickleValue): PickleStorage | undefined {
  if (!isTuple(id)) return undefined;
  const [tag, storageClass, key, , elements, view] = id.items;
  if (tag !== 'storage' || !isName(storageClass) || typeof key !== 'string') return undefined;
  const type = storageTypes.get(storageClass.name);
  if (type === undefined || !isCount(elements)) return undefined;
  const start = isTuple(view) ? view.items[1] : 0;
  return isCount(start) ? { kind: 'storage', key, type, elements, start } : undefined;
}
