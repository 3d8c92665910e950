/** True classes against answers; each cell with samples is a button. */
import { confusionTable } from '../../shared/confusion-table';
import type { CountedCell } from '../../shared/dataset-summary';
import { shortName } from '../../shared/class-name';

interface Props {
  readonly confusion: readonly CountedCell[];
  readonly classes: readonly string[];
  readonly onChoose: (truth: number, answer: number) => void;
}

export function ConfusionMatrix({ confusion, classes, onChoose }: Props) {
  const { truths, answers, count, others } = confusionTable(confusion);
  return (
    <div class="confusion-room">
      <table class="confusion" data-testid="confusion">
        <thead>
          <tr>
            <td />
            {answers.map((answer) => (
              <th key={answer} scope="col">
                <span>{shortName(classes, answer)}</span>
              </th>
            ))}
            <th scope="col">
              <span>other classes</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {truths.map((truth) => {
            const rest = others(truth);
            const total = answers.reduce((sum, answer) => sum + count(truth, answer), rest);
            return (
              <tr key={truth}>
                <th scope="row">{shortName(classes, truth)}</th>
                {answers.map((answer) => {
                  const samples = count(truth, answer);
                  return (
                    <td
                      key={answer}
                      class={truth === answer ? 'right' : 'wrong'}
                      style={{ '--share': `${Math.round((100 * samples) / total)}%` }}
                    >
                      {samples > 0 && (
                        <button
                          type="button"
                          data-testid="cell"
                          aria-label={`${samples} of ${shortName(classes, truth)}, answered ${shortName(classes, answer)}`}
                          onClick={() => onChoose(truth, answer)}
                        >
                          {samples}
                        </button>
                      )}
                    </td>
                  );
                })}
                <td>{rest > 0 && rest}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}
