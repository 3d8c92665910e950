/** The chosen method: its mean curves beside those of the method in use, its best and its worst pictures. */
import { isControl, type EvaluationRow } from '../../shared/evaluation';
import type { ComparedMethods, Comparison } from '../../shared/evaluation-page/evaluation-state';
import { formatShare } from '../../shared/format-number';
import type { FromEvaluation } from '../../shared/protocol/evaluation';
import { CurvePlot } from '../plot/curve-plot';
import { MethodPictures } from './method-pictures';
import { UseMethod } from './use-method';

interface Props {
  readonly row: EvaluationRow;
  readonly comparison: Comparison;
  readonly compared: ComparedMethods;
  readonly say: (message: FromEvaluation) => void;
}

export function MethodDetail({ row, comparison, compared, say }: Props) {
  const { summary, shares, addresses } = comparison;
  const { methods } = compared;
  const info = methods.find(({ id }) => id === row.id);
  const other = summary.rows.find(({ id }) => id === summary.reference && id !== row.id);
  const otherName = methods.find(({ id }) => id === other?.id)?.name;
  // An order that looks at no model has no maps.
  const method = isControl(row.id) ? summary.reference : row.id;
  const open = (name: string): void => {
    if (method !== undefined) say({ kind: 'open', name, method });
  };
  return (
    <section class="method-detail" data-testid="method-detail" aria-labelledby="detail-title">
      <h2 id="detail-title">{info?.name ?? row.id}</h2>
      {info !== undefined && <p>{info.sentence}</p>}
      {info !== undefined && summary.advice.method !== row.id && (
        <UseMethod method={row.id} compared={compared} say={say} />
      )}
      <div class="method-figures">
        {row.curves !== undefined && (
          <CurvePlot
            title="Mean probability"
            shares={shares}
            shareName="patches taken away"
            curves={[
              { name: 'most relevant first', values: row.curves.mostFirst.probability },
              { name: 'least relevant first', values: row.curves.leastFirst.probability },
              ...(other?.curves === undefined
                ? []
                : [
                    {
                      name: `${otherName ?? other.id}, most relevant first`,
                      values: other.curves.mostFirst.probability,
                    },
                    {
                      name: `${otherName ?? other.id}, least relevant first`,
                      values: other.curves.leastFirst.probability,
                    },
                  ]),
            ]}
            between={[0, 1]}
            format={formatShare}
          />
        )}
        <div class="method-pictures">
          <MethodPictures
            title="Most faithful on"
            names={row.best}
            addresses={addresses}
            onOpen={open}
          />
          <MethodPictures
            title="Least faithful on"
            names={row.worst}
            addresses={addresses}
            onOpen={open}
          />
        </div>
      </div>
    </section>
  );
}
