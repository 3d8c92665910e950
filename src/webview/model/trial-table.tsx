/** Ways of preparing pictures × what came of them. */
import { formatShare, formatStrength } from '../../shared/format-number';
import type { ShownModel } from '../../shared/model-page/model-page-state';
import type { Trial, TrialRow } from '../../shared/model-page/trial';
import { nameOfWay } from '../../shared/model-page/trial-advice';
import { readingOf } from '../../shared/picture-reading';
import { preprocessingInBrief } from '../../shared/preprocessing-steps';
import type { FromModelPage } from '../../shared/protocol/model-page';

interface Props {
  readonly trial: Trial;
  readonly model: ShownModel;
  readonly say: (message: FromModelPage) => void;
}

interface Column {
  readonly name: string;
  readonly cell: (row: TrialRow) => string;
}

export function TrialTable({ trial, model, say }: Props) {
  const columns = columnsOf(trial, model);
  const ofPicture = trial.subject.kind === 'picture';
  return (
    <div class="trial-room" tabIndex={0} role="region" aria-label="Answers by preparation">
      <table class="trial-table" data-testid="trial-table">
        <thead>
          <tr>
            <th scope="col">Prepared as</th>
            <th scope="col">Keep</th>
            {ofPicture && <th scope="col">Answers</th>}
            {columns.map(({ name }) => (
              <th key={name} scope="col">
                {name}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {trial.rows.map((row) => (
            <tr key={nameOfWay(row)} data-testid="trial-row" data-used={row.inUse}>
              <th scope="row">
                {nameOfWay(row)}
                <span class="quiet">{preprocessingInBrief(row.preprocessing)}</span>
              </th>
              <td>
                {row.inUse ? (
                  'in use'
                ) : (
                  <button
                    type="button"
                    class="plain"
                    data-testid="use-way"
                    aria-label={`Keep: ${nameOfWay(row)}`}
                    onClick={() => {
                      // How numbers are read stays as it is stated.
                      const reading = readingOf(model.stated.preprocessing ?? {});
                      const preprocessing = { ...row.preprocessing, ...reading };
                      say({ kind: 'state', changes: { preprocessing } });
                    }}
                  >
                    Keep
                  </button>
                )}
              </td>
              {ofPicture && (
                <td>
                  <ol class="answers">
                    {row.top.map((score) => (
                      <li key={score.index}>
                        {score.label} <span class="quiet">{formatStrength(score)}</span>
                      </li>
                    ))}
                  </ol>
                </td>
              )}
              {columns.map(({ name, cell }) => (
                <td key={name}>{cell(row)}</td>
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

/** Of a dataset: accuracy where there are labels, else how sure the answers are. */
function columnsOf(
  { subject, rows }: Trial,
  { found, comparesPhrases }: ShownModel,
): readonly Column[] {
  const [first] = rows;
  if (subject.kind === 'picture' || first === undefined) return [];
  const { labelled, confidence } = first.figures;
  const share = (part: number, of: number) => `${formatShare(part / of)} (${part})`;
  const judged: readonly Column[] = [
    { name: 'Right', cell: ({ figures }) => share(figures.right, figures.labelled) },
    ...(found.classes > 5 && !comparesPhrases
      ? [
          {
            name: 'In five',
            cell: ({ figures }: TrialRow) => share(figures.inFive, figures.labelled),
          },
        ]
      : []),
  ];
  return [
    ...(labelled > 0 ? judged : []),
    { name: 'Others', cell: ({ figures, inUse }) => (inUse ? '' : String(figures.others)) },
    ...(confidence === undefined
      ? []
      : [{ name: 'Sure', cell: ({ figures }: TrialRow) => formatShare(figures.confidence ?? 0) }]),
  ];
}
