/** The presets as a model would be prepared by them. */
import type { ModelDescription } from '../shared/model';
import type { OfferedPreset } from '../shared/model-page/model-page-state';
import { preparedFor } from './graph-decides';
import { preprocessingForInput } from './preprocessing/for-input';
import { presets } from './presets';
import { readWeightEvidence } from './weight-evidence';

/** For its input; what the graph does itself is not done before it, whatever the preset says. */
export async function presetsFor({
  path,
  preprocessing: { crop },
}: Pick<ModelDescription, 'path' | 'preprocessing'>): Promise<readonly OfferedPreset[]> {
  const { normalisation } = await readWeightEvidence(path);
  return presets.map(({ id, name, sentence, preprocessing }) => {
    const fitted = preprocessingForInput(preprocessing(Math.min(...crop)), crop);
    const prepared = normalisation === undefined ? fitted : preparedFor(fitted, normalisation);
    return { id, name, sentence, preprocessing: prepared };
  });
}
