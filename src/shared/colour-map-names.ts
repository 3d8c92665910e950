/** The colour maps that there are; their tables are in `colour-map.ts`. */
export type SequentialColourMapName =
  'viridis' | 'inferno' | 'magma' | 'plasma' | 'cividis' | 'turbo' | 'jet';
export type DivergingColourMapName = 'blue-red' | 'purple-green';
export type ColourMapName = SequentialColourMapName | DivergingColourMapName;

export interface ColourMapInfo<Name extends ColourMapName = ColourMapName> {
  readonly name: Name;
  /** What a person reads. */
  readonly title: string;
  /** Whether equal steps of relevance look equally large. */
  readonly even: boolean;
}

/** Maps from little to much, in the order to offer them. */
export const sequentialColourMaps: readonly ColourMapInfo<SequentialColourMapName>[] = [
  { name: 'viridis', title: 'Viridis', even: true },
  { name: 'inferno', title: 'Inferno', even: true },
  { name: 'magma', title: 'Magma', even: true },
  { name: 'plasma', title: 'Plasma', even: true },
  { name: 'cividis', title: 'Cividis', even: true },
  { name: 'turbo', title: 'Turbo', even: false },
  { name: 'jet', title: 'Jet', even: false },
];

/** Maps from evidence against, over none, to evidence for; in the order to offer them. */
export const divergingColourMaps: readonly ColourMapInfo<DivergingColourMapName>[] = [
  { name: 'blue-red', title: 'Blue – red', even: true },
  { name: 'purple-green', title: 'Purple – green', even: true },
];
