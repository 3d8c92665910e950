/** What an ONNX graph itself decides about its pictures, whatever stands beside it. */
import type { InputNormalisation } from '../engine/onnx/input-normalisation';
import type { Assumption } from '../shared/assumption';
import type { ModelDescription, Preprocessing } from '../shared/model';
import type { WeightEvidence } from './weight-evidence';

type Prepared = Pick<ModelDescription, 'preprocessing' | 'preprocessingSource' | 'assumed'>;

/**
 * The size that is the only one to run: the declared one, or that of learned positions that the graph does not
 * resize.
 * @param stated what the files beside the model say
 */
export function onlySize(
  { input, likely }: WeightEvidence,
  stated?: readonly [height: number, width: number],
): WeightEvidence['input'] {
  if (input !== undefined || likely?.only !== true) {
    return input;
  }
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
    const inside = preparedFor(preprocessing, normalisation);
    const reason = inWords(normalisation);
    if (!sameValues(preprocessing, inside)) {
      assumed.push({
        subject: 'preprocessing',
        value: `values ${normalisation.range}, not normalised before the model`,
        reason,
        field: 'preprocessing',
      });
    }
    preprocessing = inside;
    preprocessingSource = `${preprocessingSource}; ${reason}`;
  }
  return { ...described, preprocessing, preprocessingSource, assumed };
}

/** The same pictures with the values that the graph's own normalisation is made for. */
export function preparedFor(
  preprocessing: Preprocessing,
  { range }: InputNormalisation,
): Preprocessing {
  const unchanged = { mean: [0, 0, 0], std: [1, 1, 1] } as const;
  switch (range) {
    case '0…1':
      return { ...preprocessing, rescale: 1 / 255, ...unchanged };
    case '0…255':
      return { ...preprocessing, rescale: 1, ...unchanged };
    case '−1…1':
      return { ...preprocessing, rescale: 1 / 255, mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
  }
}

function sameValues(a: Preprocessing, b: Preprocessing): boolean {
  const values = ({ rescale, mean, std }: Preprocessing) => [rescale, ...mean, ...std].join();
  return values(a) === values(b);
}

function inWords({ mean, deviation, range }: InputNormalisation): string {
  const plain = (values: readonly number[]) =>
    [...new Set(values.map((value) => Number(value.toPrecision(3))))].join(', ');
  const subtracts = mean.some((value) => value !== 0) ? `subtracts ${plain(mean)} and ` : '';
  const divides = deviation.some((value) => value !== 1) ? `divides by ${plain(deviation)}` : '';
  return subtracts === '' && divides === ''
    ? `the graph itself takes whole numbers (${range})`
    : `the graph itself ${subtracts}${divides === '' ? 'divides by 1' : divides}`;
}
