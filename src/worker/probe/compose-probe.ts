/** The model of a probe: its backbone, then its head. */
import { createHash } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { attachHead } from '../../engine/heads/attach-head';
import { readHeadFile } from '../../engine/heads/head-file';
import { markUsed } from '../../engine/cache/mark-used';
import { reportDamage } from '../../engine/cache/report-damage';
import { writeWhole } from '../../engine/cache/write-whole';
import type { Graph } from '../../engine/onnx/graph';
import { Failure } from '../../shared/failure';
import type { ModelDescription } from '../../shared/model';
import type { ProbeBackbone } from '../../shared/probe';
import type { OnnxFile } from '../onnx-file';
import { openBackbone } from './open-backbone';

/** Part of the cache key: raise it when the graph that is built changes. */
const composerVersion = 2;

/**
 * The ONNX model of a probe. It lies in the cache, beside the backbone's weights, which it refers to.
 *
 * @throws Failure `model-missing` without the backbone, `model-unreadable` when the backbone is
 *   another file than the one that the head was trained on
 */
export async function composeProbe(
  model: ModelDescription & { readonly backbone: ProbeBackbone },
  cacheFolder: string,
  onStage: (phrase: string) => void,
): Promise<OnnxFile> {
  const { backbone } = model;
  onStage('Reading the probe');
  const { head, standardisation, backboneSha256 } = await readHeadFile(model.path);
  if (backboneSha256 !== backbone.sha256) {
    throw new Failure(
      'model-unreadable',
      `${path.basename(model.path)} and its manifest belong to different trainings: they name different backbones.`,
      'Put the two files of one training side by side, or train the probe anew.',
    );
  }
  const opened = await openBackbone({ ...model, path: backbone.path }, cacheFolder, onStage);
  checkBackbone(opened.sha256, backbone);
  if (opened.backbone.dim !== head.dim) {
    throw new Failure(
      'model-unreadable',
      `The head reads ${String(head.dim)} features, but ${backbone.name} gives ${String(opened.backbone.dim)}.`,
      'Train the probe anew.',
    );
  }
  const sha256 = createHash('sha256')
    .update(await readFile(model.path))
    .digest('hex');
  const key = createHash('sha256')
    .update(JSON.stringify([composerVersion, sha256, ...weightFiles(opened.backbone.graph)]))
    .digest('hex');
  const name = `probe-${key.slice(0, 32)}.onnx`;
  const { assumed, notices } = opened;
  const common = { builtFrom: sha256, assumed, notices };
  if (opened.weightsFolder === undefined) {
    // Small enough to be whole in memory, or the cache cannot be written.
    const folder = await mkdtemp(path.join(os.tmpdir(), 'vit-explainer-'));
    const file = path.join(folder, name);
    await writeFile(file, attachHead(opened.backbone, standardisation, head));
    return { ...common, path: file, dispose: () => rm(folder, { recursive: true }) };
  }
  const file = path.join(opened.weightsFolder, name);
  await markUsed(file);
  const bytes = attachHead(opened.backbone, standardisation, head, 'beside');
  // Made anew within milliseconds: only the same bytes in the same place let it stay prepared.
  const kept = await readFile(file).catch(() => undefined);
  if (kept?.equals(bytes) !== true) {
    if (kept !== undefined) {
      reportDamage(file, 'it is not as it was written');
    }
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
  if (sha256 === backbone.sha256) {
    return;
  }
  throw new Failure(
    'model-unreadable',
    `The backbone ${backbone.path} has changed since the probe was trained on it (its checksum is another one), so its features no longer fit the head.`,
    'Put the original file back, or train the probe anew.',
  );
}
