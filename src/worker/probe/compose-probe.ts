/** The model of a probe: its backbone, then its head. */
import { createHash, randomUUID } from 'node:crypto';
import { access, mkdir, mkdtemp, readFile, rename, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { attachHead } from '../../engine/heads/attach-head';
import { readHeadFile } from '../../engine/heads/head-file';
import { markUsed } from '../../engine/cache/mark-used';
import type { Graph } from '../../engine/onnx/graph';
import { Failure } from '../../shared/failure';
import type { ModelDescription } from '../../shared/model';
import type { ProbeBackbone } from '../../shared/probe';
import type { OnnxFile } from '../onnx-file';
import { openBackbone } from './open-backbone';

/** Part of the cache key: raise it when the graph that is built changes. */
const composerVersion = 1;

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
  if (!(await exists(file))) {
    await mkdir(path.dirname(file), { recursive: true });
    const partial = `${file}.${randomUUID()}.tmp`;
    await writeFile(partial, attachHead(opened.backbone, standardisation, head, 'beside'));
    await rename(partial, file);
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

async function exists(file: string): Promise<boolean> {
  try {
    await access(file);
    return true;
  } catch {
    return false;
  }
}
