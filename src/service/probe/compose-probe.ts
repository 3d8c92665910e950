/** The model of a probe: its backbone, then its head. */
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { attachHead } from '../../engine/heads/attach-head';
import { markUsed } from '../../engine/cache/mark-used';
import { reportDamage } from '../../engine/cache/report-damage';
import { writeWhole } from '../../engine/files/write-whole';
import { largest, readRegular } from '../../engine/files/regular-file';
import { inTemporaryFolder } from '../../engine/files/temporary-folder';
import type { Graph } from '../../engine/onnx/graph';
import { Failure } from '../../shared/failure';
import type { ModelDescription } from '../../shared/model';
import type { ProbeBackbone } from '../../shared/probe';
import type { OnnxFile } from '../models/onnx-file';
import { openHead } from './open-head';
import { openBackbone } from './open-backbone';

/** Part of the cache key: raise it when the graph that is built changes. */
const composerVersion = 2;

/**
 * The ONNX model of a probe. It lies in the cache, beside the backbone's weights, which it refers to.
 *
 * @throws Failure `model-missing` without the backbone, `model-unreadable` when the backbone is
 *   another one than the head was trained on, or head and manifest do not belong together
 */
export async function composeProbe(
  model: ModelDescription & { readonly backbone: ProbeBackbone },
  cacheFolder: string,
  onStage: (phrase: string) => void,
): Promise<OnnxFile> {
  const { backbone } = model;
  onStage('Reading the probe');
  const { head, standardisation, sha256 } = await openHead(model.path);
  const opened = await openBackbone({ ...model, path: backbone.path }, cacheFolder, onStage);
  checkBackbone(opened.sha256, backbone);
  if (opened.backbone.dim !== head.dim) {
    throw new Failure(
      'model-unreadable',
      `The head reads ${String(head.dim)} features, but ${backbone.name} gives ${String(opened.backbone.dim)}.`,
      'Train the probe anew.',
    );
  }
  const key = createHash('sha256')
    .update(JSON.stringify([composerVersion, sha256, ...weightFiles(opened.backbone.graph)]))
    .digest('hex');
  const name = `probe-${key.slice(0, 32)}.onnx`;
  const { assumed, notices } = opened;
  const common = { builtFrom: sha256, assumed, notices };
  if (opened.weightsFolder === undefined) {
    // Small enough to be whole in memory, or the cache cannot be written.
    const bytes = attachHead(opened.backbone, standardisation, head);
    return inTemporaryFolder(async (folder, dispose) => {
      const file = path.join(folder, name);
      await writeFile(file, bytes);
      return { ...common, path: file, dispose };
    });
  }
  const file = path.join(opened.weightsFolder, name);
  await markUsed(file);
  const bytes = attachHead(opened.backbone, standardisation, head, 'beside');
  // Made anew within milliseconds: only the same bytes in the same place let it stay prepared.
  const kept = await readRegular(file, largest.onnx).catch(() => undefined);
  if (kept?.equals(bytes) !== true) {
    if (kept !== undefined) reportDamage(file, 'it is not as it was written');
    await writeWhole(file, (handle) => handle.writeFile(bytes));
  }
  return { ...common, path: file, dispose: () => Promise.resolve() };
}

/** The files that the weights of a graph lie in. */
function weightFiles(graph: Graph): readonly string[] {
  const files = [...graph.constants.values()].map(({ stored }) => stored?.file);
  return [...new Set(files.filter((file) => file !== undefined))].sort();
}

/** @throws Failure `model-unreadable` */
export function checkBackbone(sha256: string, backbone: ProbeBackbone): void {
  if (sha256 === backbone.sha256) return;
  const isBuilt = path.extname(backbone.path).toLowerCase() !== '.onnx';
  const what = isBuilt ? ', or what the files beside it say of its architecture,' : '';
  const back = isBuilt
    ? 'the original files back (the weights, their config.json and “architecture” in their .vit.json)'
    : 'the original file back';
  throw new Failure(
    'model-unreadable',
    `The backbone ${backbone.path}${what} has changed since the probe was trained on it (its checksum is another one), so its features no longer fit the head.`,
    `Put ${back}, or train the probe anew.`,
  );
}
