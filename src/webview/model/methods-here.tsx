/** Which methods the model can be explained by, which one it is by itself, and why others cannot. */
import { bestFirst } from '../../shared/method-choice';
import type { ShownModel } from '../../shared/model-page/model-page-state';
import type { FromModelPage } from '../../shared/protocol/model-page';
import { Part } from './part';

interface Props {
  readonly model: ShownModel;
  readonly say: (message: FromModelPage) => void;
}

export function MethodsHere({ model: { found, methods, stated, fixed }, say }: Props) {
  const nameOf = (id: string): string => methods.find((one) => one.id === id)?.name ?? id;
  const can = found.methods.filter(({ reason }) => reason === undefined).map(({ id }) => id);
  const cannot = found.methods.filter(({ reason }) => reason !== undefined);
  const best = bestFirst.find((id) => can.includes(id));
  return (
    <Part id="methods" title="Methods">
      {fixed === undefined && (
        <div class="field">
          <label for="method">Explained by, where nobody names one</label>
          <select
            id="method"
            data-testid="method"
            value={stated.method ?? ''}
            onChange={({ currentTarget: { value } }) =>
              say({ kind: 'state', changes: { method: value === '' ? null : value } })
            }
          >
            <option value="">the best one{best === undefined ? '' : `, ${nameOf(best)}`}</option>
            {stated.method !== undefined && !can.includes(stated.method) && (
              <option value={stated.method}>{nameOf(stated.method)}, not here</option>
            )}
            {can.map((id) => (
              <option key={id} value={id}>
                {nameOf(id)}
              </option>
            ))}
          </select>
        </div>
      )}
      <ul
        class="method-names"
        data-testid="methods-here"
        aria-label="Methods that it can be explained by"
      >
        {can.map((id) => (
          <li key={id}>{nameOf(id)}</li>
        ))}
      </ul>
      {cannot.length > 0 && (
        <dl class="facts" data-testid="methods-not-here">
          {cannot.map(({ id, reason }) => (
            <div key={id}>
              <dt>{nameOf(id)}</dt>
              <dd>Not here. {reason}</dd>
            </div>
          ))}
        </dl>
      )}
    </Part>
  );
}
