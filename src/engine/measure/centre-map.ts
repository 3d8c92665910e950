import type { Grid } from '../../shared/explanation';

/** A Gaussian in the middle of the grid, a quarter of each side wide: what a photographer does. */
export function centreMap([rows, columns]: Grid): Float32Array {
  const along = (place: number, size: number) => ((place + 0.5) / size - 0.5) / 0.25;
  return Float32Array.from({ length: rows * columns }, (_, patch) => {
    const y = along(Math.floor(patch / columns), rows);
    const x = along(patch % columns, columns);
    return Math.exp(-(y * y + x * x) / 2);
  });
}
