/** From a file to what its page shows of the model in it. */
import path from 'node:path';
import type { ModelDescription } from '../../shared/model';
import type { ShownModel } from '../../shared/model-page/model-page-state';
import { readManifest } from '../../store/manifest';
import { modelIdOf } from '../../store/model-id';
import { presetsFor } from '../../store/presets-for';
import type { ModelManager } from '../models/model-manager';
import type { WorkerHost } from '../worker-host';

export interface ReadModel {
  readonly description: ModelDescription;
  readonly shown: ShownModel;
}

/** @throws Failure for what is no model; nothing is said of its preparation before it is known to be one */
export async function readModel(
  file: string,
  { models, worker }: { readonly models: ModelManager; readonly worker: WorkerHost },
  signal: AbortSignal,
  onPhrase: (phrase: string) => void,
): Promise<ReadModel> {
  const description = await models.resolve(await modelIdOf(file, models.folders), signal, onPhrase);
  const found = await worker.call(
    'inspect',
    { model: description },
    { signal, onEvent: ({ phrase }) => onPhrase(phrase) },
  );
  const [methods, stated, presets] = await Promise.all([
    worker.methods(),
    readManifest(description.path),
    presetsFor(description),
  ]);
  const { id, name, preprocessing, preprocessingSource, labels, zeroShot } = description;
  return {
    description,
    shown: {
      id,
      name,
      kind: kindOf(description),
      preprocessing,
      preprocessingSource,
      labels,
      comparesPhrases: zeroShot !== undefined,
      stated: stated ?? { format: 1 },
      fixed: whyFixed(description),
      presets,
      found,
      methods,
    },
  };
}

function kindOf({ backbone, path: file }: ModelDescription): ShownModel['kind'] {
  if (backbone !== undefined) return 'probe';
  return path.extname(file).toLowerCase() === '.onnx' ? 'onnx' : 'checkpoint';
}

function whyFixed({ id, backbone }: ModelDescription): string | undefined {
  if (id === 'starter')
    return 'It ships with the extension; to change anything, copy its folder and open the copy.';
  return backbone === undefined
    ? undefined
    : `It was trained on pictures prepared like this, by its backbone, ${backbone.name}.`;
}
