/** Precision and recall of each class that samples are labelled with. */
import { classFigures } from '../../shared/class-figures';
import { shortName } from '../../shared/class-name';
import type { CountedCell } from '../../shared/dataset-summary';
import { formatAccuracy } from '../../shared/format-number';

interface Props {
  readonly confusion: readonly CountedCell[];
  readonly classes: readonly string[];
  readonly onChoose: (index: number) => void;
}

const mostRows = 200;

export function ClassTable({ confusion, classes, onChoose }: Props) {
  const all = classFigures(confusion);
  if (all.length === 0) return null;
  return (
    <section>
      <h2 id="class-table">Precision and recall by class</h2>
      <p class="quiet">
        Recall: the share of a class’s samples that is answered with it. Precision: the share of the
        answers with a class that is right. The least recalled first; a class opens its samples.
        {all.length > mostRows && ` ${mostRows} of ${all.length} classes.`}
      </p>
      <div class="table-room" tabIndex={0} role="region" aria-labelledby="class-table">
        <table data-testid="class-table">
          <thead>
            <tr>
              {['Class', 'Samples', 'Answers', 'Precision', 'Recall'].map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {all.slice(0, mostRows).map(({ index, samples, answers, precision, recall }) => (
              <tr key={index}>
                <th scope="row">
                  <button
                    type="button"
                    class="plain"
                    data-testid="class-samples"
                    onClick={() => onChoose(index)}
                  >
                    {shortName(classes, index)}
                  </button>
                </th>
                <td>{samples}</td>
                <td>{answers}</td>
                <td>{precision === undefined ? '–' : formatAccuracy(precision)}</td>
                <td>{formatAccuracy(recall)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}
