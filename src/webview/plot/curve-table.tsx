/** The curves of a plot as numbers. */
import { formatShare } from '../../shared/format-number';
import type { PlotProps } from './plot-props';

export function CurveTable({ title, shares, shareName, curves, counts, format }: PlotProps) {
  return (
    <details class="plot-table">
      <summary>The curves as a table</summary>
      <div class="table-room" tabIndex={0} role="region" aria-label={`${title} as a table`}>
        <table data-testid="plot-table">
          <thead>
            <tr>
              <th scope="col">{shareName}</th>
              {curves.map(({ name }) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
              {counts && <th scope="col">{counts.name}</th>}
            </tr>
          </thead>
          <tbody>
            {shares.map((share, at) => (
              <tr key={share}>
                <th scope="row">{formatShare(share)}</th>
                {curves.map(({ name, values }) => (
                  <td key={name}>{format(values[at] ?? 0)}</td>
                ))}
                {counts && <td>{counts.values[at]}</td>}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </details>
  );
}
