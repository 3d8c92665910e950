/** How a list of models is divided: by where they are. */
import type { ModelListing } from './model';

export interface ModelGroup {
  readonly label: string;
  readonly models: readonly ModelListing[];
}

const groups: readonly (readonly [string, (listing: ModelListing) => boolean])[] = [
  ['Used lately', ({ source }) => source === 'recent'],
  ['In the workspace', ({ source }) => source === 'workspace'],
  [
    'On this machine',
    ({ source, onDisk }) => onDisk && source !== 'recent' && source !== 'workspace',
  ],
  ['To be downloaded', ({ onDisk }) => !onDisk],
];

/** Each model in one group; groups without any are left out. */
export function modelGroups(models: readonly ModelListing[]): readonly ModelGroup[] {
  return groups
    .map(([label, belongs]) => ({ label, models: models.filter(belongs) }))
    .filter((group) => group.models.length > 0);
}
