/** What neither the weights nor the files beside them decide, and why it was taken. */
import type { ShownModel } from '../../shared/model-page/model-page-state';
import { Part } from './part';

export function AssumedFacts({ model }: { readonly model: ShownModel }) {
  const { assumed } = model.found;
  return (
    <Part id="assumed" title="Assumed">
      {assumed.length === 0 ? (
        <p class="quiet">Nothing: the file and what lies beside it say all.</p>
      ) : (
        <dl class="facts">
          {assumed.map(({ subject, value, reason }) => (
            <div key={`${subject} ${value}`}>
              <dt>{subject}</dt>
              <dd>
                {value}, <span class="quiet">since {reason}</span>
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Part>
  );
}
