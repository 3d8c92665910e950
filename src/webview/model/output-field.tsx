/** What the model's numbers mean, and a choice to state it. */
import type { ShownModel } from '../../shared/model-page/model-page-state';
import { outputInWords, outputKinds } from '../../shared/output-kind';
import type { FromModelPage } from '../../shared/protocol/model-page';

interface Props {
  readonly model: ShownModel;
  readonly say: (message: FromModelPage) => void;
}

export function OutputField({ model: { stated, found, fixed }, say }: Props) {
  if (fixed !== undefined) return null;
  return (
    <div class="field">
      <label for="output">Its numbers are</label>
      <select
        id="output"
        data-testid="output"
        value={stated.output ?? ''}
        onChange={({ currentTarget: { value } }) => {
          const output = outputKinds.find((kind) => kind === value) ?? null;
          say({ kind: 'state', changes: { output } });
        }}
      >
        <option value="">
          {stated.output === undefined ? `${outputInWords(found.output)}, as found` : 'as found'}
        </option>
        {outputKinds.map((kind) => (
          <option key={kind} value={kind}>
            {outputInWords(kind)}
          </option>
        ))}
      </select>
    </div>
  );
}
