import type { DatasetSummary } from './dataset-summary';

/** Shares of the area where shares of the evidence are told of: what an even spread would give each. */
export interface AreaShares {
  /** Of the outermost ring of patches. */
  readonly border: number;
  /** Of one corner, a quarter of the side long. */
  readonly corner: number;
}

/** Undefined where there is no map. */
export function areaShares({ meanMaps }: Pick<DatasetSummary, 'meanMaps'>): AreaShares | undefined {
  const map = meanMaps[0]?.meanMap;
  if (map === undefined) return undefined;
  const { rows, columns } = map;
  const patches = rows * columns;
  const inner = Math.max(0, rows - 2) * Math.max(0, columns - 2);
  const cornerRows = Math.max(1, Math.floor(rows / 4));
  const cornerColumns = Math.max(1, Math.floor(columns / 4));
  return { border: (patches - inner) / patches, corner: (cornerRows * cornerColumns) / patches };
}
