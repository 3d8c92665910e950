/** The head of a probe, which has to be the one that its manifest is about. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { largest, readRegular } from '../../engine/files/regular-file';
import { classesSha256Of, readHeadFile, type HeadFile } from '../../engine/heads/head-file';
import { Failure } from '../../shared/failure';
import type { ProbeManifest } from '../../shared/probe';
import { readProbeManifest } from '../../store/probe-manifest';

export interface OpenHead extends HeadFile {
  readonly manifest: ProbeManifest;
  /** Of the file. */
  readonly sha256: string;
}

/**
 * @throws Failure `model-missing`, `model-unreadable` where head and manifest are not of one
 *   training; EngineError `model-unreadable`, `not-finite`
 */
export async function openHead(file: string): Promise<OpenHead> {
  const manifest = await readProbeManifest(file);
  const read = await readHeadFile(file);
  const sha256 = createHash('sha256')
    .update(await readRegular(file, largest.onnx))
    .digest('hex');
  const { classes, backbone, headSha256 = sha256 } = manifest;
  const { classesSha256 = classesSha256Of(classes) } = read;
  const belong = (why: string) =>
    new Failure(
      'model-unreadable',
      `${path.basename(file)} and its manifest belong to different trainings: ${why}.`,
      'Put the two files of one training side by side as they were written, or train the probe anew.',
    );
  if (read.backboneSha256 !== backbone.sha256) throw belong('they name different backbones');
  if (read.head.classes !== classes.length)
    throw belong(`the head has ${read.head.classes} classes, the manifest names ${classes.length}`);
  if (classesSha256 !== classesSha256Of(classes))
    throw belong('the manifest names other classes, or the same ones in another order');
  if (headSha256 !== sha256) throw belong('the manifest was written for another head');
  return { ...read, manifest, sha256 };
}
