/** What the presets are tried on, picked by the person. */
import type { TrialSubject } from '../../shared/model-page/trial';
import { datasetFor } from '../dataset-picker';
import { datasetTitle } from '../gallery/dataset-title';
import { pickPicture } from '../image-picker';
import { pictureName } from '../panel/picture';

/** @returns undefined when the person changed their mind */
export async function chooseSubject(kind: TrialSubject['kind']): Promise<TrialSubject | undefined> {
  if (kind === 'picture') {
    const picture = await pickPicture();
    return picture && { kind, name: pictureName(picture), uris: [picture.toString()] };
  }
  const sources = await datasetFor(undefined, undefined, 'Try the Presets on a Folder');
  return sources.length === 0
    ? undefined
    : { kind, name: datasetTitle(sources), uris: sources.map(String) };
}
