/**
 * Heads of classifiers: a linear layer, in timm's naming also MAE's linear probe, which standardises
 * the features first (BatchNorm1d without affine part, eps 1e-6: facebookresearch/mae,
 * main_linprobe.py) and is saved as `head.0`, `head.1`.
 */
import type { StateDictReader } from './state-dict-reader';
import type { HeadWeights } from './vit-weights';

const epsilon = 1e-6;

/** A head that is one linear layer. @returns undefined for a backbone */
export function readLinearHead(
  state: StateDictReader,
  name: string,
  features: number,
): HeadWeights | undefined {
  return state.has(`${name}.weight`) ? { linear: state.linear(name, features) } : undefined;
}

/** A head in timm's naming, undefined for a backbone. @param features width of what the head may read, the likeliest first. */
export function readHead(
  state: StateDictReader,
  features: readonly number[],
): HeadWeights | undefined {
  const isProbe = state.has('head.1.weight') && state.has('head.0.running_mean');
  const name = isProbe ? 'head.1' : 'head';
  if (!state.has(`${name}.weight`)) return undefined;
  const width = state.tensor(`${name}.weight`).dims[1] ?? 0;
  const input = features.includes(width) ? width : (features[0] ?? 0);
  const linear = state.linear(name, input);
  const norm = isProbe ? 'head.0' : 'head_bn';
  return {
    standardisation: state.has(`${norm}.running_mean`)
      ? {
          mean: state.tensor(`${norm}.running_mean`, [input]),
          variance: state.tensor(`${norm}.running_var`, [input]),
          epsilon,
        }
      : undefined,
    linear,
    distillation: state.has('head_dist.weight')
      ? state.linear('head_dist', input, linear.weight.dims[0])
      : undefined,
  };
}
