/** What an ONNX graph itself decides about its pictures, whatever stands beside it. */
import { beforeRange, type InputNormalisation } from '../engine/onnx/input-normalisation';
import {
  areSame,
  composed,
  isPlausible,
  valuesOf,
  turned,
} from '../engine/onnx/usual-normalisations';
import type { Assumption } from '../shared/assumption';
import type { ModelDescription } from '../shared/model';
import type { Preprocessing } from '../shared/preprocessing';
import type { WeightEvidence } from './weight-evidence';

type Prepared = Pick<
  ModelDescription,
  'preprocessing' | 'preprocessingSource' | 'guessedPreset' | 'assumed'
>;

/**
 * The size that is the only one to run: the declared one, or that of learned positions that the graph does not
 * resize.
 * @param stated what the files beside the model say
 */
export function onlySize(
  { input, likely }: WeightEvidence,
  stated?: readonly [height: number, width: number],
): WeightEvidence['input'] {
  if (input !== undefined || likely?.only !== true) return input;
  return stated !== undefined && likely.fits(stated) ? stated : likely.size;
}

/** Says the size of a model that leaves it open, and does not normalise what the graph normalises. */
export function asGraphDecides<Described extends Prepared>(
  described: Described,
  evidence: WeightEvidence,
): Described {
  const { input, likely, normalisation } = evidence;
  const assumed: Assumption[] = [...described.assumed];
  let { preprocessing, preprocessingSource } = described;
  if (input === undefined && likely !== undefined) {
    assumed.push({
      subject: 'input size',
      value: preprocessing.crop.join(' × '),
      reason: likely.only
        ? likely.reason
        : `the file leaves it open, and resizes its positions to any; this is the size of the preprocessing (${preprocessingSource})`,
      field: 'preprocessing',
    });
  }
  if (normalisation !== undefined) {
    const files = described.guessedPreset === undefined ? preprocessing : undefined;
    const { byGraph, isBlueFirst, because } = decided(files, normalisation);
    const inside = preparedFor(preprocessing, { ...normalisation, isBlueFirst });
    const reason = `${inWords(normalisation)}${because}`;
    if (!sameValues(preprocessing, inside)) {
      const order = isBlueFirst ? ', blue first' : '';
      assumed.push({
        subject: 'preprocessing',
        value: byGraph
          ? `values ${normalisation.range}${order}, not normalised before the model`
          : `normalised before the model (${preprocessingSource})`,
        reason,
        field: 'preprocessing',
      });
    }
    if (byGraph) {
      preprocessing = inside;
      preprocessingSource = `${preprocessingSource}; ${reason}`;
    }
  }
  return { ...described, preprocessing, preprocessingSource, assumed };
}

/** The same pictures with the values that the graph's own normalisation is made for. */
export function preparedFor(
  preprocessing: Preprocessing,
  { range, isBlueFirst }: InputNormalisation,
): Preprocessing {
  const { rescale, mean, deviation } = beforeRange[range];
  const channels = isBlueFirst ? ({ channels: 'bgr' } as const) : {};
  return { ...preprocessing, rescale, mean, std: deviation, ...channels };
}

interface Decided {
  readonly byGraph: boolean;
  readonly isBlueFirst: boolean;
  /** Appended to what the graph does. */
  readonly because: string;
}

/**
 * Whether what a graph does to its input is the normalisation of plain values, or turns those that the files
 * beside it state into others, as from ImageNet's to CLIP's. Of both readings the one counts that makes the
 * values of a known data set, or those that a data set may have; where nothing tells them apart, the files
 * are right.
 * @param files what they state; undefined where they state nothing
 */
function decided(files: Preprocessing | undefined, graph: InputNormalisation): Decided {
  const { range, isBlueFirst } = graph;
  const alone = composed(beforeRange[range], graph);
  const whose = valuesOf(isBlueFirst ? turned(alone) : alone);
  const blue = isBlueFirst ? ' whose blue comes first' : '';
  const because = whose === undefined ? '' : `, which makes ${whose} of plain ones${blue}`;
  const byGraph = { byGraph: true, isBlueFirst, because };
  if (files === undefined || whose !== undefined) return byGraph;
  const stated = { rescale: files.rescale, mean: files.mean, deviation: files.std };
  if (areSame(alone, stated)) return { ...byGraph, because: ', as the file beside it states too' };
  if (areSame(turned(alone), stated)) {
    const how = ', as the file beside it states too, but with the channels the other way round';
    return { byGraph: true, isBlueFirst: true, because: how };
  }
  // Bytes are told from anything else by their size.
  if (range === '0…255') return byGraph;
  const both = composed(stated, graph);
  const becomes = valuesOf(both);
  if (becomes !== undefined)
    return { ...byGraph, byGraph: false, because: `, which makes ${becomes} of those` };
  if (isPlausible(alone) && !isPlausible(both)) return byGraph;
  const perhaps = ', which may be meant for values that are normalised already';
  return { ...byGraph, byGraph: false, because: perhaps };
}

function sameValues(a: Preprocessing, b: Preprocessing): boolean {
  const values = ({ rescale, mean, std, channels = 'rgb' }: Preprocessing) =>
    [rescale, ...mean, ...std, channels].join();
  return values(a) === values(b);
}

function inWords({ mean, deviation, range }: InputNormalisation): string {
  const plain = (values: readonly number[]) => {
    const each = values.map((value) => Number(value.toPrecision(4)));
    return each.every((value) => value === each[0]) ? String(each[0]) : each.join(', ');
  };
  const does = [
    ...(mean.some((value) => value !== 0) ? [`subtracts ${plain(mean)}`] : []),
    ...(deviation.some((value) => value !== 1) ? [`divides by ${plain(deviation)}`] : []),
  ];
  return does.length === 0
    ? `the graph itself takes whole numbers (${range})`
    : `the graph itself ${does.join(' and ')}`;
}
