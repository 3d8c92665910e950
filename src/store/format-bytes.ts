/** `346 MB`, `1.22 GB`: bytes in decimal units, as model hubs and file managers show them. */
export function formatBytes(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  while (value >= 999.5 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  const digits = unit > 0 ? Number(value.toPrecision(3)) : value;
  return `${digits} ${units[unit] ?? ''}`;
}
