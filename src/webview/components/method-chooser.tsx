/** How the model is explained, what that shows and where it misleads. */
import type { MethodAvailability, MethodInfo, Preset } from '../../shared/explanation';
import { offeredMethods } from '../offered-methods';

interface Props {
  readonly methods: readonly MethodInfo[];
  readonly availability: readonly MethodAvailability[];
  readonly chosen: string;
  /** Of the maps that are shown. */
  readonly preset: Preset | undefined;
  readonly onChoose: (method: string) => void;
}

export function MethodChooser({ methods, availability, chosen, preset, onChoose }: Props) {
  const method = methods.find(({ id }) => id === chosen);
  const offered = offeredMethods(methods, availability);
  const groups = [
    { label: 'One map a class', members: offered.filter((m) => m.classSpecific) },
    { label: 'One map for all classes', members: offered.filter((m) => !m.classSpecific) },
  ];
  return (
    <div class="field">
      <label for="method">Method</label>
      <select
        id="method"
        data-testid="method"
        value={chosen}
        aria-describedby="method-sentence"
        onChange={(event) => onChoose(event.currentTarget.value)}
      >
        {method === undefined && <option value={chosen}>{chosen}</option>}
        {groups
          .filter(({ members }) => members.length > 0)
          .map(({ label, members }) => (
            <optgroup key={label} label={label}>
              {members.map(({ id, name, reason }) => (
                <option key={id} value={id} disabled={reason !== undefined} title={reason}>
                  {name}
                </option>
              ))}
            </optgroup>
          ))}
      </select>
      {method !== undefined && <MethodDescription method={method} preset={preset} />}
    </div>
  );
}

function MethodDescription({
  method,
  preset,
}: {
  readonly method: MethodInfo;
  readonly preset: Preset | undefined;
}) {
  const { paper } = method;
  return (
    <div class="method-description">
      <p id="method-sentence" data-testid="method-sentence">
        {method.sentence}
      </p>
      {method.caution !== undefined && (
        <p class="caution" data-testid="method-caution">
          {method.caution}
        </p>
      )}
      <details>
        <summary>Where it misleads, cost and source</summary>
        <p data-testid="method-misleads">{method.misleads}</p>
        <p>{costSentence(method)}</p>
        {preset !== undefined && (
          <p data-testid="method-preset">{`Where published codes differ: preset “${preset}”.`}</p>
        )}
        <p>
          <a href={paper.url} title={paper.url}>
            {paper.title}
          </a>
          , {paper.authors} {paper.year}
        </p>
      </details>
    </div>
  );
}

function costSentence({ cost, classSpecific }: MethodInfo): string {
  const passes = cost < 1.5 ? 'one forward pass' : `${Math.round(cost)} forward passes`;
  return classSpecific
    ? `One class takes as long as about ${passes}.`
    : `Takes as long as about ${passes}; the map is the same for every class.`;
}
