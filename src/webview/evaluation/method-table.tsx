/** Methods × figures; the chosen one’s curves and pictures stand below. */
import { isControl } from '../../shared/evaluation';
import type { ComparisonTable } from '../../shared/evaluation-page/evaluation-state';
import type { MethodInfo } from '../../shared/explanation';

interface Props {
  readonly table: ComparisonTable;
  readonly methods: readonly MethodInfo[];
  readonly methodInUse: string;
  readonly chosen: string | undefined;
  readonly onChoose: (id: string) => void;
}

export function MethodTable({ table, methods, methodInUse, chosen, onChoose }: Props) {
  const nameOf = (id: string): string => methods.find((one) => one.id === id)?.name ?? id;
  return (
    <section aria-labelledby="methods-title">
      <h2 id="methods-title">Methods, the most faithful first</h2>
      <div class="table-room methods" tabIndex={0} role="region" aria-label="Table of methods">
        <table data-testid="methods">
          <thead>
            <tr>
              {table.head.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {table.rows.map(({ id, cells: [first = id, ...figures] }) => (
              <tr
                key={id}
                data-testid="method-row"
                data-id={id}
                data-control={isControl(id)}
                data-chosen={id === chosen}
              >
                <th scope="row">
                  <button
                    type="button"
                    class="plain"
                    aria-pressed={id === chosen}
                    onClick={() => onChoose(id)}
                  >
                    {isControl(id) ? first : nameOf(id)}
                  </button>
                  {id === methodInUse && <span class="quiet"> in use</span>}
                </th>
                {figures.map((figure, column) => (
                  <td key={column}>{figure}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      <p class="quiet">
        Mean over the pictures ± its standard error; in brackets the 95 % interval of the
        difference, picture by picture. Cost: plain forward runs a map, measured here when all
        pictures are done.
      </p>
    </section>
  );
}
