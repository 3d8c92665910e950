/** The figures of a map's faithfulness beside those of orders that look at no model. */
import type { Faithfulness, FaithfulnessFigures as Figures } from '../../shared/faithfulness';
import { formatDecimals, formatFigure } from '../../shared/format-number';

interface Column {
  readonly name: string;
  readonly title: string;
  readonly of: (figures: Figures) => number | undefined;
}

const columns: readonly Column[] = [
  {
    name: 'ABC',
    title: 'Area between the curves: −1 … 1, high is good',
    of: ({ abc }) => abc,
  },
  {
    name: 'Deletion',
    title: 'Area under the curve with the most relevant patches taken away first: low is good',
    of: ({ deletion }) => deletion,
  },
  {
    name: 'Insertion',
    title: 'Area under the curve as patches come back, the most relevant first: high is good',
    of: ({ insertion }) => insertion,
  },
  {
    name: 'SaCo',
    title: 'Whether twice the relevance is twice the effect: −1 … 1, high is good',
    of: ({ saco }) => saco,
  },
];

export function FaithfulnessFigures({ faithfulness }: { readonly faithfulness: Faithfulness }) {
  const { figures, controls, classSensitivity, completenessError, runs } = faithfulness;
  const rows: readonly (readonly [string, Figures])[] = [
    ['This map', figures],
    ['Centre', controls.centre],
    ['Random', controls.random],
  ];
  const shown = columns.filter(({ of }) => of(figures) !== undefined);
  return (
    <details class="faithfulness-figures">
      <summary>The figures</summary>
      <div class="table-room" tabIndex={0} role="region" aria-label="Figures of faithfulness">
        <table data-testid="faithfulness-figures">
          <thead>
            <tr>
              <td />
              {shown.map(({ name, title }) => (
                <th key={name} scope="col" title={title}>
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {rows.map(([name, of]) => (
              <tr key={name}>
                <th scope="row">{name}</th>
                {shown.map((column) => (
                  <td key={column.name}>{inTable(column.of(of))}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <dl>
        {shown.map(({ name, title }) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{title}.</dd>
          </div>
        ))}
      </dl>
      {classSensitivity !== undefined && (
        <p>{`Other than the next class’s map by ${inTable(classSensitivity)} (0: the same, 1: unlike, 2: its opposite).`}</p>
      )}
      {completenessError !== undefined && (
        <p>{`Its sum misses what the method promises by ${formatFigure(completenessError)} of that.`}</p>
      )}
      <p class="quiet">{`${runs} forward runs.`}</p>
    </details>
  );
}

/** Two decimals, which is what one picture can tell apart. */
function inTable(value: number | undefined): string {
  return value === undefined ? '–' : formatDecimals(value, 2);
}
