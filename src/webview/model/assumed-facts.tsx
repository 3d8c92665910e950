/** What neither the weights nor the files beside them decide, why it was taken, and a way to state it otherwise. */
import type { ShownModel } from '../../shared/model-page/model-page-state';
import type { FromModelPage } from '../../shared/protocol/model-page';
import { ArchitectureField } from './architecture-field';
import { architectureFactOf } from './architecture-facts';
import { Part } from './part';

interface Props {
  readonly model: ShownModel;
  readonly say: (message: FromModelPage) => void;
}

/** Where on the page a field of the manifest is stated. */
const places: Readonly<Record<string, string>> = {
  preprocessing: 'preparation',
  labels: 'classes',
  output: 'output',
};

export function AssumedFacts({ model, say }: Props) {
  const { assumed } = model.found;
  return (
    <Part id="assumed" title="Assumed">
      {assumed.length === 0 ? (
        <p class="quiet">Nothing: the file and what lies beside it say all.</p>
      ) : (
        <dl class="facts">
          {assumed.map(({ subject, value, reason, field }) => (
            <div key={`${subject} ${value}`} data-testid="assumption" data-field={field}>
              <dt>{subject}</dt>
              <dd>
                <p>
                  {value}, <span class="quiet">since {reason}</span>
                </p>
                {model.fixed === undefined && <Otherwise field={field} model={model} say={say} />}
              </dd>
            </div>
          ))}
        </dl>
      )}
    </Part>
  );
}

function Otherwise({ field, model, say }: Props & { readonly field: string }) {
  const place = places[field];
  if (place !== undefined) {
    return (
      <a
        href={`#${place}`}
        onClick={(event) => {
          event.preventDefault();
          goTo(place);
        }}
      >
        Change…
      </a>
    );
  }
  const fact = architectureFactOf(field);
  return fact === undefined ? null : <ArchitectureField fact={fact} model={model} say={say} />;
}

/** To the first field there. */
function goTo(id: string): void {
  const place = document.getElementById(id);
  place?.scrollIntoView({ block: 'center' });
  const isField = place instanceof HTMLSelectElement;
  (isField ? place : place?.querySelector<HTMLElement>('select, input, button'))?.focus();
}
