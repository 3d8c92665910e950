/** What the whole dataset shows. */
import { amongInWords } from '../../shared/among';
import { areaShares } from '../../shared/area-shares';
import { counted } from '../../shared/counted';
import type { DatasetSummary, MeanMap } from '../../shared/dataset-summary';
import { formatAccuracy, formatFigure, formatShare } from '../../shared/format-number';
import type { GalleryView } from '../../shared/gallery/gallery-view';
import { remarkOfMany } from '../../shared/picture-remark';
import { normaliseMinMax } from '../../shared/upsample';
import { shortName } from '../../shared/class-name';
import { Notices } from '../components/notices';
import { CalibrationView } from './calibration-view';
import { ClassTable } from './class-table';
import { ConfusionMatrix } from './confusion-matrix';
import type { GalleryDataset } from '../../shared/gallery/gallery-state';
import { Overlay } from './overlay';

interface Props {
  readonly summary: DatasetSummary;
  /** Whether answers are those among some classes, where these are known. */
  readonly isAmong: boolean;
  readonly dataset: GalleryDataset;
  /** Whether the method tells what speaks against an answer, too. */
  readonly signed: boolean;
  readonly onView: (change: Partial<GalleryView>) => void;
  readonly onOpen: (name: string) => void;
}

const mapsShown = 24;
const mistakesShown = 12;

export function SummaryView({ summary, isAmong, dataset, signed, onView, onOpen }: Props) {
  const { classes } = dataset;
  const { among } = summary;
  const shown = isAmong && among !== undefined ? among : summary;
  const words = dataset.among && amongInWords(dataset.among);
  /** A figure among some classes, beside that among all. */
  const beside = (value: string | undefined) =>
    value === undefined || words === undefined ? undefined : `${value} among ${words}`;
  const ofWhich = shown === summary ? '' : ` among ${words}`;
  // Maps are of these.
  const ofAll = shown === summary ? '' : ' among all';
  const area = areaShares(summary);
  const showCell = (truth: number, answer: number, among = isAmong): void =>
    onView({
      tab: 'samples',
      among,
      cell: { truth, answer },
      show: 'all',
      classIndex: undefined,
      text: '',
    });
  const showClass = (classIndex: number): void =>
    onView({ tab: 'samples', classIndex, cell: undefined, show: 'all', text: '' });
  const meanMaps = [...summary.meanMaps]
    .sort((a, b) => b.meanMap.samples - a.meanMap.samples || a.index - b.index)
    .slice(0, mapsShown);
  const confusions = summary.confusion
    .filter(({ truth, answer }) => truth !== answer)
    .sort((a, b) => b.count - a.count)
    .slice(0, mapsShown);
  return (
    <div class="summary-view" data-testid="summary" tabIndex={0} role="region" aria-label="Summary">
      <dl class="figures">
        <Figure name="Samples" value={String(summary.samples)} />
        {summary.top1 !== undefined && (
          <Figure
            name="Accuracy"
            value={formatAccuracy(summary.top1)}
            beside={beside(among?.top1 === undefined ? undefined : formatAccuracy(among.top1))}
            testId="accuracy"
          />
        )}
        {summary.top5 !== undefined && (
          <Figure
            name="Within the first five"
            value={formatAccuracy(summary.top5)}
            beside={beside(
              among?.top5 === undefined || (dataset.among?.classes.length ?? 0) <= 5
                ? undefined
                : formatAccuracy(among.top5),
            )}
          />
        )}
        {summary.values !== undefined && (
          <Figure
            name="Value, least to most"
            value={`${formatFigure(summary.values.least)} to ${formatFigure(summary.values.most)}`}
            testId="values"
          />
        )}
        {summary.loss !== undefined && (
          <Figure
            name="Mean loss"
            value={summary.loss.toFixed(2)}
            beside={beside(among?.loss?.toFixed(2))}
            testId="loss"
          />
        )}
        {summary.calibration !== undefined && (
          <Figure
            name="Calibration error"
            value={formatAccuracy(summary.calibration.error)}
            beside={beside(among?.calibration && formatAccuracy(among.calibration.error))}
            testId="calibration-error"
          />
        )}
        <Figure
          name="On the border"
          value={formatShare(summary.border)}
          beside={area && `of the evidence, ${formatShare(area.border)} of the area`}
          testId="border"
        />
        <Figure
          name="In the corners"
          value={summary.corners.map(formatShare).join(', ')}
          beside={area && `each ${formatShare(area.corner)} of the area`}
          testId="corners"
        />
        {summary.outside !== undefined && (
          <Figure name="Outside the object" value={formatShare(summary.outside)} testId="outside" />
        )}
        <Figure name="Not readable" value={String(summary.unread)} testId="broken" />
      </dl>
      {signed && (
        <p class="quiet" data-testid="counted">
          Shares and mean maps count what speaks for an answer; what speaks against it is left out.
        </p>
      )}
      <Notices
        label="Remarks"
        notices={summary.remarks.map(({ kind, count }) => remarkOfMany(kind, count))}
      />
      {among !== undefined && among.outside > 0 && (
        <p class="quiet" data-testid="among-outside">
          {`Labelled with none of ${words}, and in no figure among these: ${counted(among.outside, 'sample', 'samples')}.`}
        </p>
      )}
      {shown.confusion.length > 0 && (
        <section>
          <h2>{`Confusion matrix${ofWhich}`}</h2>
          <p class="quiet">A row a true class, a column an answer. A cell opens its samples.</p>
          <ConfusionMatrix
            confusion={shown.confusion}
            classes={classes}
            onChoose={(truth, answer) => showCell(truth, answer)}
          />
        </section>
      )}
      <ClassTable confusion={shown.confusion} classes={classes} onChoose={showClass} />
      {shown.calibration !== undefined && <CalibrationView calibration={shown.calibration} />}
      {shown.mistakes.length > 0 && (
        <section>
          <h2>{`Most confident mistakes${ofWhich}`}</h2>
          <ol class="mistakes">
            {shown.mistakes.slice(0, mistakesShown).map(({ name, truth, answer, probability }) => (
              <li key={name}>
                <button
                  type="button"
                  class="plain"
                  data-testid="mistake"
                  onClick={() => onOpen(name)}
                >
                  {`${shortName(classes, answer)} ${formatShare(probability)}, is ${shortName(classes, truth)}`}
                </button>
                <span class="quiet"> {name}</span>
              </li>
            ))}
          </ol>
        </section>
      )}
      {meanMaps.length > 0 && (
        <section>
          <h2>
            {summary.values === undefined
              ? `Where the model looks, by its answer${ofAll}`
              : 'Where the model looks'}
          </h2>
          <ul class="mean-maps">
            {meanMaps.map(({ index, meanMap }) => (
              <MeanMapTile
                key={index}
                caption={shortName(classes, index)}
                meanMap={meanMap}
                dataset={dataset}
                onChoose={() =>
                  onView({
                    tab: 'samples',
                    among: false,
                    // One of values is that of every sample.
                    classIndex: summary.values === undefined ? index : undefined,
                    cell: undefined,
                    show: 'all',
                  })
                }
              />
            ))}
          </ul>
        </section>
      )}
      {confusions.length > 0 && (
        <section>
          <h2>{`Where it looks when it is wrong${ofAll}`}</h2>
          <ul class="mean-maps">
            {confusions.map(({ truth, answer, meanMap }) => (
              <MeanMapTile
                key={`${truth} ${answer}`}
                caption={`${shortName(classes, truth)} taken for ${shortName(classes, answer)}`}
                meanMap={meanMap}
                dataset={dataset}
                onChoose={() => showCell(truth, answer, false)}
              />
            ))}
          </ul>
        </section>
      )}
    </div>
  );
}

interface FigureProps {
  readonly name: string;
  readonly value: string;
  /** What it is to be held against. */
  readonly beside?: string | undefined;
  readonly testId?: string;
}

function Figure({ name, value, beside, testId }: FigureProps) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-testid={testId}>{value}</dd>
      {beside !== undefined && (
        <dd class="figure-beside" data-testid={testId && `${testId}-beside`}>
          {beside}
        </dd>
      )}
    </div>
  );
}

interface MeanMapProps {
  readonly caption: string;
  readonly meanMap: MeanMap;
  readonly dataset: GalleryDataset;
  readonly onChoose: () => void;
}

function MeanMapTile({ caption, meanMap, dataset, onChoose }: MeanMapProps) {
  const { rows, columns, values, samples } = meanMap;
  const unit = normaliseMinMax(Float32Array.from(values));
  return (
    <li>
      <button type="button" class="mean-map" data-testid="mean-map" onClick={onChoose}>
        <Overlay
          class="mean-map-picture"
          positions={Uint8Array.from(unit, (value) => Math.round(value * 255))}
          grid={[rows, columns]}
          colourMap={dataset.colourMap}
          diverging={false}
          over={false}
        />
        <span>{caption}</span>
        <span class="quiet">{samples === 1 ? '1 sample' : `${samples} samples`}</span>
      </button>
    </li>
  );
}
