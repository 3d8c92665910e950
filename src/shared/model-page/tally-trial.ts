/** From the answers of a model under several preparations to what is held side by side. */
import type { Preprocessing } from '../preprocessing';
import type { TriedPicture } from '../protocol/preparations';
import { samePreprocessing } from '../same-preprocessing';
import type { OfferedPreset } from './model-page-state';
import type { Trial, TrialFigures, TrialRow, TrialWay } from './trial';

type Answered = Extract<TriedPicture, { ok: true }>;

/** The way in use first, then the presets; those that come to the same are one way. */
export function waysToTry(
  inUse: Preprocessing,
  presets: readonly Pick<OfferedPreset, 'name' | 'preprocessing'>[],
): readonly TrialWay[] {
  const ways: { names: string[]; preprocessing: Preprocessing }[] = [
    { names: [], preprocessing: inUse },
  ];
  for (const { name, preprocessing } of presets) {
    const known = ways.find((way) => samePreprocessing(way.preprocessing, preprocessing));
    if (known === undefined) ways.push({ names: [name], preprocessing });
    else known.names.push(name);
  }
  return ways;
}

/** @param inUse what the model is prepared by now, which may be another way than when it was tried */
export function tallyTrial(
  ways: readonly TrialWay[],
  pictures: readonly TriedPicture[],
  inUse: Preprocessing,
): Pick<Trial, 'rows' | 'broken'> {
  const answered = pictures.filter((picture) => picture.ok);
  const broken = pictures.filter((picture) => !picture.ok);
  const used = ways.findIndex((way) => samePreprocessing(way.preprocessing, inUse));
  const [only, ...more] = answered;
  const rows = ways.map((way, at): TrialRow => ({
    ...way,
    inUse: at === used,
    figures: figuresOf(answered, at, used),
    top: (more.length === 0 ? only?.answers[at]?.top : undefined) ?? [],
  }));
  const [first] = broken;
  return {
    rows: only === undefined ? [] : rows,
    broken: first === undefined ? undefined : { count: broken.length, first: first.message },
  };
}

function figuresOf(answered: readonly Answered[], at: number, used: number): TrialFigures {
  const rankOf = ({ answers }: Answered, way: number) => answers[way]?.truthRank;
  const bestOf = ({ answers }: Answered, way: number) => answers[way]?.top[0];
  const count = (holds: (picture: Answered) => boolean) => answered.filter(holds).length;
  const sure = answered.flatMap((picture) => bestOf(picture, at)?.probability ?? []);
  return {
    pictures: answered.length,
    labelled: count((picture) => rankOf(picture, at) !== undefined),
    right: count((picture) => rankOf(picture, at) === 0),
    inFive: count((picture) => (rankOf(picture, at) ?? Infinity) < 5),
    gain: gainOf(answered, at, used),
    others: used < 0 ? 0 : count((one) => bestOf(one, at)?.index !== bestOf(one, used)?.index),
    confidence:
      sure.length === 0 ? undefined : sure.reduce((sum, one) => sum + one, 0) / sure.length,
  };
}

/** Picture by picture, so that what is difficult about a picture counts on neither side. */
function gainOf(answered: readonly Answered[], at: number, used: number): TrialFigures['gain'] {
  const gains = answered.flatMap(({ answers }) => {
    const before = answers[used]?.loss;
    const now = answers[at]?.loss;
    return before === undefined || now === undefined ? [] : [before - now];
  });
  if (gains.length < 2) return undefined;
  const mean = gains.reduce((sum, gain) => sum + gain, 0) / gains.length;
  const squares = gains.reduce((sum, gain) => sum + (gain - mean) ** 2, 0);
  return { mean, error: Math.sqrt(squares / (gains.length - 1) / gains.length) };
}
