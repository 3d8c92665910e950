/** What nothing beside a model of one's own says: asked for once, remembered in its manifest. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelDescription } from '../../shared/model';
import type { Preprocessing } from '../../shared/preprocessing';
import { preparedFor } from '../../store/graph-decides';
import { readLabelFile } from '../../store/labels';
import { writeManifest } from '../../store/manifest';
import { preprocessingForInput } from '../../store/preprocessing/for-input';
import { presets } from '../../store/presets';
import { readWeightEvidence } from '../../store/weight-evidence';

/**
 * Lets the person choose how images are prepared, among the presets with the guessed one first, and
 * which class names the model has; writes the choice into the model's manifest.
 * @returns whether something was written
 * @throws Failure `cache-unwritable` where the model's folder cannot be written, `model-unreadable`
 *   for a label file of no known form
 */
export async function chooseDescription(model: ModelDescription): Promise<boolean> {
  const preprocessing = await choosePreprocessing(model);
  if (preprocessing === undefined) return false;
  const labels = await chooseLabels(model);
  await writeManifest(model.path, { preprocessing, ...(labels !== undefined && { labels }) });
  return true;
}

async function choosePreprocessing(model: ModelDescription): Promise<Preprocessing | undefined> {
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
  if (picked === undefined) return undefined;
  const chosen = preprocessingForInput(picked.preset.preprocessing(side), model.preprocessing.crop);
  // What the graph does itself is not done before it, whatever the preset says.
  const { normalisation } = await readWeightEvidence(model.path);
  return normalisation === undefined ? chosen : preparedFor(chosen, normalisation);
}

/** What the manifest is to say about class names; undefined: nothing new. */
async function chooseLabels(
  model: ModelDescription,
): Promise<readonly string[] | string | undefined> {
  const found = model.labels.length;
  const asIs = {
    label: found === 0 ? 'Numbers only' : 'As They Are',
    description: found === 0 ? '' : `${found} names, ${model.labels.slice(0, 3).join(', ')}, …`,
  };
  const imagenet = { label: 'ImageNet-1k', description: '1000 names, tench, goldfish, …' };
  const file = { label: 'A File…', description: 'JSON, or one name a line' };
  const picked = await vscode.window.showQuickPick([asIs, imagenet, file], {
    title: `What are the classes of ${model.name} called?`,
    ignoreFocusOut: true,
  });
  if (picked === imagenet) return 'imagenet-1k';
  if (picked !== file) return undefined;
  const [uri] =
    (await vscode.window.showOpenDialog({
      title: 'Class Names',
      openLabel: 'Use These Names',
      defaultUri: vscode.Uri.file(path.dirname(model.path)),
      filters: { 'Class names': ['json', 'txt'] },
    })) ?? [];
  // The names themselves: the file may lie anywhere, the manifest goes with the model.
  return uri && (await readLabelFile(uri.fsPath));
}
