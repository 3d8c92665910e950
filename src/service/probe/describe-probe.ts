/** A trained probe as its files and as whoever explains it know it. */
import { createHash } from 'node:crypto';
import type { Probe } from '../../engine/heads/train-probe';
import type { ModelDescription } from '../../shared/model';
import type { ProbeManifest } from '../../shared/probe';
import type { TrainProbeParams } from '../../shared/protocol/probe';

/** What a training rests on and came to. */
export interface Training {
  readonly params: TrainProbeParams;
  /** The model that the probe reads, with the SHA-256 of its weights. */
  readonly backbone: ModelDescription;
  readonly backboneSha256: string;
  readonly probe: Probe;
  /** The head's file. */
  readonly head: Uint8Array;
  readonly classNames: readonly string[];
  readonly splitBy: ProbeManifest['split']['by'];
  readonly skipped: number;
}

export function manifestOf({
  params: { name, seed, validationShare },
  backbone,
  backboneSha256,
  probe,
  head,
  classNames,
  splitBy,
  skipped,
}: Training): ProbeManifest {
  const { split, penalty, report, learningCurve } = probe;
  return {
    format: 1,
    name,
    backbone: {
      id: backbone.id,
      name: backbone.name,
      path: backbone.path,
      sha256: backboneSha256,
    },
    headSha256: createHash('sha256').update(head).digest('hex'),
    preprocessing: backbone.preprocessing,
    classes: classNames,
    split: {
      by: splitBy,
      seed,
      validationShare,
      train: split.train.length,
      validation: split.validation.length,
      skipped,
    },
    penalty,
    accuracy: { top1: report.top1, top5: report.top5, loss: report.loss },
    learningCurve,
    date: new Date().toISOString(),
  };
}

/** The probe as a model to be explained. */
export function describedProbe(
  file: string,
  manifest: ProbeManifest,
  { architecture }: ModelDescription,
): ModelDescription {
  return {
    id: `file:${file}`,
    name: manifest.name,
    path: file,
    preprocessing: manifest.preprocessing,
    preprocessingSource: 'from the probe',
    assumed: [],
    labels: manifest.classes,
    output: { kind: 'softmax', by: 'config' },
    backbone: manifest.backbone,
    ...(architecture !== undefined && { architecture }),
  };
}
