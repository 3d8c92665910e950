/** How faithful the map in sight is, measured when asked for: curves, what is left, and the figures. */
import { useRef } from 'preact/hooks';
import type { Grid, InputWindow } from '../../shared/explanation';
import type { Faithfulness } from '../../shared/faithfulness';
import { formatFigure, formatShare } from '../../shared/format-number';
import type { DrawnPicture } from '../../shared/panel/panel-model';
import { CurvePlot } from '../plot/curve-plot';
import { valueAt } from '../plot/kept-patches';
import { useHeldFocus } from '../use-held-focus';
import { FaithfulnessFigures } from './faithfulness-figures';
import { CheckIcon, WarningIcon } from './icons';
import { KeptPicture } from './kept-picture';

interface Props {
  /** Undefined until it is measured. */
  readonly faithfulness: Faithfulness | undefined;
  /** The class whose map it is. */
  readonly label: string;
  /** The class that it is held against, where the map is of both. */
  readonly againstLabel: string | undefined;
  /** Whether the model gives values, not probabilities. */
  readonly givesValues: boolean;
  readonly picture: DrawnPicture;
  readonly window: InputWindow;
  readonly grid: Grid;
  readonly disabled: boolean;
  readonly onMeasure: () => void;
}

export function FaithfulnessView(props: Props) {
  const { faithfulness, disabled, onMeasure } = props;
  const section = useRef<HTMLElement>(null);
  useHeldFocus(section);
  return (
    <section ref={section} class="faithfulness" tabIndex={-1} aria-label="Faithfulness">
      {faithfulness === undefined ? (
        <button
          type="button"
          class="plain"
          data-testid="measure-faithfulness"
          title="Takes patches away in the map’s order and asks the model each time (F)"
          aria-disabled={disabled}
          onClick={() => {
            if (!disabled) onMeasure();
          }}
        >
          How faithful is this map?
        </button>
      ) : (
        <Measured {...props} faithfulness={faithfulness} />
      )}
    </section>
  );
}

/** Shares of the patches that small pictures are shown of. */
const keptShares = [0.1, 0.25, 0.5];

function Measured(props: Props & { readonly faithfulness: Faithfulness }) {
  const { faithfulness, label, againstLabel, givesValues, picture, window, grid } = props;
  const { shares, mostFirst, leastFirst, order, trusted, sentence } = faithfulness;
  const named =
    againstLabel === undefined ? `“${label}”` : `“${label}” rather than “${againstLabel}”`;
  const valueName = givesValues ? 'Value' : 'Probability';
  const format = givesValues ? formatFigure : formatShare;
  return (
    <>
      <h2>How faithful is this map?</h2>
      <div class="note" data-testid="faithfulness" data-trusted={trusted} role="status">
        {trusted ? <CheckIcon /> : <WarningIcon />}
        <p>{sentence}</p>
      </div>
      <CurvePlot
        title={`${valueName} of ${named}`}
        shares={shares}
        shareName="patches taken away"
        curves={[
          { name: 'most relevant first', values: mostFirst.probability },
          { name: 'least relevant first', values: leastFirst.probability },
        ]}
        between={[0, 1]}
        format={format}
      />
      <p id="kept-pictures">
        {`What the most relevant patches show alone, and the ${valueName.toLowerCase()} then`}
      </p>
      <ul class="kept-pictures" aria-labelledby="kept-pictures">
        {keptShares.map((kept) => (
          <KeptPicture
            key={kept}
            picture={picture}
            window={window}
            grid={grid}
            order={order}
            kept={kept}
            // The least relevant patches are away then, and nothing else.
            answer={format(valueAt(shares, leastFirst.probability, 1 - kept) ?? 0)}
          />
        ))}
      </ul>
      <FaithfulnessFigures faithfulness={faithfulness} />
    </>
  );
}
