/** A model from anywhere on this machine is in no list, but a page has to name it. */
import type { ModelListing } from '../../shared/model';

/** @param chosen the model in use, where it is known */
export function withModel(
  listings: readonly ModelListing[],
  chosen: Pick<ModelListing, 'id' | 'name'> | undefined,
): readonly ModelListing[] {
  if (chosen === undefined || listings.some(({ id }) => id === chosen.id)) return listings;
  const listing: ModelListing = {
    id: chosen.id,
    name: chosen.name,
    onDisk: true,
    bytes: undefined,
    licence: undefined,
    source: 'own',
  };
  return [...listings, listing];
}
