/** Which methods the model can be explained by, and why the others cannot. */
import type { ShownModel } from '../../shared/model-page/model-page-state';
import { Part } from './part';

export function MethodsHere({ model }: { readonly model: ShownModel }) {
  const { found, methods } = model;
  const nameOf = (id: string): string => methods.find((one) => one.id === id)?.name ?? id;
  const can = found.methods.filter(({ reason }) => reason === undefined);
  const cannot = found.methods.filter(({ reason }) => reason !== undefined);
  return (
    <Part id="methods" title="Methods">
      <ul
        class="method-names"
        data-testid="methods-here"
        aria-label="Methods that it can be explained by"
      >
        {can.map(({ id }) => (
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
