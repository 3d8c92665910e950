/** How a model of one's own wants its images prepared: asked once, remembered beside the model. */
import * as vscode from 'vscode';
import type { ModelDescription } from '../../shared/model';
import { writeManifest } from '../../store/manifest';
import { preprocessingForInput, presets } from '../../store/presets';

/**
 * Lets the person choose among the presets, the present one first, and writes the choice into the
 * model's manifest.
 * @returns whether something was written
 * @throws Failure `cache-unwritable` where the model's folder cannot be written
 */
export async function choosePreprocessing(model: ModelDescription): Promise<boolean> {
  const side = Math.min(...model.preprocessing.crop);
  const items = presets
    .map((preset) => ({
      label: preset.name,
      description: preset.id === model.guessedPreset ? 'guessed' : '',
      detail: preset.sentence,
      preset,
    }))
    .sort((a, b) => Number(b.description !== '') - Number(a.description !== ''));
  const picked = await vscode.window.showQuickPick(items, {
    title: `How are images prepared for ${model.name}?`,
    placeHolder: `Now ${model.preprocessingSource}. The wrong choice costs accuracy silently.`,
    matchOnDetail: true,
    ignoreFocusOut: true,
  });
  if (picked === undefined) {
    return false;
  }
  const preprocessing = preprocessingForInput(
    picked.preset.preprocessing(side),
    model.preprocessing.crop,
  );
  await writeManifest(model.path, { preprocessing });
  return true;
}

/** Says what was guessed, and offers to keep or change it; the work goes on with the guess meanwhile. */
export async function confirmGuess(model: ModelDescription): Promise<boolean> {
  const keep = 'Keep';
  const choose = 'Choose…';
  const answer = await vscode.window.showInformationMessage(
    `Nothing beside ${model.name} says how its images are prepared; ${model.preprocessingSource}.`,
    keep,
    choose,
  );
  if (answer === keep) {
    await writeManifest(model.path, { preprocessing: model.preprocessing });
    return false;
  }
  return answer === choose && (await choosePreprocessing(model));
}
