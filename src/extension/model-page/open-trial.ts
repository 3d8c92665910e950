/** From what the presets are to be tried on to the pictures that are, and the model that answers them. */
import * as vscode from 'vscode';
import { drawEvenly } from '../../dataset/draw-evenly';
import { defaultMethod } from '../../shared/method-choice';
import type { ModelDescription } from '../../shared/model';
import type { TrialSubject } from '../../shared/model-page/trial';
import type { PictureToTry } from '../../shared/protocol/preparations';
import { withoutPhrases } from '../evaluation/open-evaluation';
import { openDataset, type DatasetServices } from '../gallery/open-dataset';
import { readShown } from '../panel/read-shown';

export interface OpenedTrial {
  readonly model: ModelDescription;
  readonly pictures: readonly PictureToTry[];
  /** How many there are to draw from. */
  readonly available: number;
}

/** Enough to tell a wrong preparation by, and a minute of work for a base model. */
const mostPictures = 60;

/**
 * @param onPhrase told what is being done
 * @throws Failure where there are no pictures to be read, or the model needs phrases that are not there
 */
export async function openTrial(
  { kind, name, uris }: TrialSubject,
  model: ModelDescription,
  services: DatasetServices,
  signal: AbortSignal,
  onPhrase: (phrase: string) => void,
): Promise<OpenedTrial> {
  const addresses = uris.map((uri) => vscode.Uri.parse(uri, true));
  const [first] = addresses;
  if (kind === 'picture' && first !== undefined) {
    const bytes = await readShown(first);
    return { model, pictures: [{ name, source: { kind: 'encoded', bytes } }], available: 1 };
  }
  const dataset = await openDataset(
    addresses,
    { modelId: model.id, method: defaultMethod },
    services,
    ({ progress }) => {
      if (progress?.kind === 'opening') onPhrase(progress.phrase);
    },
    signal,
  );
  if (dataset === 'awaiting phrases') throw withoutPhrases();
  const { header } = await dataset.batch.whole();
  const drawn = await drawEvenly(dataset.batch, mostPictures, signal);
  return {
    model: dataset.params.model,
    pictures: drawn.map(({ path, name: key, truth }) => ({
      name: key,
      source: { kind: 'file', path },
      ...(truth !== undefined && { truth }),
    })),
    available: header.samples,
  };
}
