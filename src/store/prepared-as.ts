/** In one line, how pictures are prepared for a model. */
import type { ModelDescription } from '../shared/model';
import { preprocessingInBrief } from '../shared/preprocessing-steps';
import { samePreprocessing } from '../shared/same-preprocessing';
import { preprocessingForInput } from './preprocessing/for-input';
import { presets } from './presets';

/** By the family whose way it is, where it is a known one, else by where it was found. */
export function preparedAs({
  preprocessing,
  preprocessingSource,
  guessedPreset,
}: Pick<ModelDescription, 'preprocessing' | 'preprocessingSource' | 'guessedPreset'>): string {
  const { crop } = preprocessing;
  const family = presets.find((preset) =>
    guessedPreset === undefined
      ? samePreprocessing(
          preprocessing,
          preprocessingForInput(preset.preprocessing(Math.min(...crop)), crop),
        )
      : preset.id === guessedPreset,
  );
  const guess = guessedPreset === undefined ? '' : ', a guess';
  const how = family === undefined ? preprocessingSource : `as ${family.name}${guess}`;
  return `Prepared ${how}: ${preprocessingInBrief(preprocessing)}`;
}
