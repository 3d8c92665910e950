/** From what a person names (a catalog id, a path) to everything that is needed to run that model. */
import path from 'node:path';
import { Failure } from '../shared/failure';
import type { ModelDescription } from '../shared/model';
import type { ProbeBackbone } from '../shared/probe';
import { catalogEntry, type CatalogEntry } from './catalog';
import { classesApart, describeWeights } from './describe-weights';
import { downloadedWeights, pulledWeights } from './downloaded-models';
import { pathOfFileId } from './file-id';
import { labelLists } from './labels';
import { readManifest } from './manifest';
import type { ModelFolders } from './model-folders';
import { isProbe, isThere, probeFiles, readProbeManifest } from './probe-manifest';
import { indexIn, indexOfPart, isPart } from './weight-endings';
import { pictureEncoderIn } from './zero-shot-files';

/**
 * @param idOrPath `starter`, a catalog id, a model pulled from the hub, a path of weights (or of the folder of a CLIP or of a
 *   checkpoint in parts), or `file:` and an absolute path
 * @throws Failure `model-missing` when there is nothing there (yet), `model-unreadable` for an
 *   ending or a file beside it that cannot be used
 */
export async function resolveModel(
  idOrPath: string,
  folders: ModelFolders,
): Promise<ModelDescription> {
  if (idOrPath === 'starter') {
    const file = path.join(folders.starterFolder, 'model.onnx');
    return { ...(await describeWeights(file, 'Starter ViT')), output: classesApart, id: 'starter' };
  }
  const entry = catalogEntry(idOrPath);
  if (entry !== undefined) return await describeCatalogEntry(entry, folders.downloads);
  const pulled = await pulledWeights(idOrPath, folders.downloads);
  if (pulled !== undefined)
    return { ...(await describeWeights(pulled, idOrPath)), id: `file:${pulled}` };
  const file = await weightsAt(path.resolve(pathOfFileId(idOrPath)));
  if (isProbe(file)) return await describeProbe(file, folders);
  return { ...(await describeWeights(file, path.basename(file))), id: `file:${file}` };
}

/** What is meant by a folder, or by one of several parts; else the path itself. */
async function weightsAt(named: string): Promise<string> {
  const index = isPart(named) ? indexOfPart(named) : indexIn(named);
  return (await isThere(index)) ? index : await pictureEncoderIn(named);
}

async function describeProbe(file: string, folders: ModelFolders): Promise<ModelDescription> {
  const { head } = probeFiles(file);
  const { name, backbone, preprocessing, classes: names } = await readProbeManifest(file);
  const weights = await findBackbone(head, backbone, folders);
  const architecture = (await readManifest(weights))?.architecture;
  return {
    id: `file:${head}`,
    name,
    path: head,
    preprocessing,
    preprocessingSource: `from the probe’s backbone, ${backbone.name}`,
    assumed: [],
    labels: names,
    output: classesApart,
    backbone: { ...backbone, path: weights },
    ...(architecture !== undefined && { architecture }),
  };
}

/** Shipped and known models by their id, others where they were, or else beside the head. */
async function findBackbone(
  head: string,
  { id, name, path: trained }: ProbeBackbone,
  folders: ModelFolders,
): Promise<string> {
  if (!id.startsWith('file:')) return (await resolveModel(id, folders)).path;
  for (const file of [trained, path.join(path.dirname(head), path.basename(trained))])
    if (await isThere(file)) return file;
  throw new Failure(
    'model-missing',
    `The probe ${path.basename(head)} reads the features of ${name}, which is no longer at ${trained}.`,
    'Put the backbone back there, or into the folder of the probe.',
  );
}

async function describeCatalogEntry(
  entry: CatalogEntry,
  downloads: string | undefined,
): Promise<ModelDescription> {
  const file = await downloadedWeights(entry, downloads);
  if (file === undefined) {
    throw new Failure(
      'model-missing',
      `${entry.name} is known, but not (or not completely) on this machine.`,
      `Download it in the model manager, or with: vit-explain models pull ${entry.id}`,
    );
  }
  const labels = entry.labels === null ? [] : labelLists[entry.labels];
  const { preprocessing } = entry;
  const described = await describeWeights(file, entry.name, { preprocessing, labels });
  const { zeroShot } = described;
  return {
    ...described,
    // The catalog's CLIPs are OpenAI's: their scale is known.
    ...(zeroShot !== undefined && { zeroShot: { ...zeroShot, logitScaleAssumed: false } }),
    id: entry.id,
  };
}
