/** Trains a linear probe on labelled pictures and writes it, ready to be explained. */
import { classesSha256Of, encodeHeadFile } from '../../engine/heads/head-file';
import { checkClasses, trainProbe as train } from '../../engine/heads/train-probe';
import type { ProbeOutcome, TrainProbeParams } from '../../shared/protocol/probe';
import type { Tell } from '../../shared/protocol/calls';
import { cachedFeatures } from './cached-features';
import { describedProbe, manifestOf } from './describe-probe';
import { classNamesOf, labelsOf, splitOf } from './label-rows';
import { openBackbone } from './open-backbone';
import { reportOf, withEvidence } from './probe-report';
import { writeProbe } from './write-probe';
import { stagesTo } from '../stages';
import type { Workroom } from '../workroom';

/**
 * Whatever breaks it off, nothing is lost: features stay in the cache, and an older probe of the
 * same name is replaced only by a complete new one.
 *
 * @param signal stops between two pictures or two steps of the training
 * @throws Failure `cancelled`, `cache-unwritable`; EngineError `dataset-unusable`, and what opening
 *   the backbone throws
 */
export async function trainProbe(
  params: TrainProbeParams,
  room: Workroom,
  tell: Tell<'trainProbe'>,
  signal?: AbortSignal,
): Promise<ProbeOutcome> {
  const stage = stagesTo(tell);
  const { cacheFolder, threads } = room.settings;
  // Of a probe, the model that it reads itself.
  const backbone = { ...params.backbone, ...params.backbone.backbone };
  const classNames = classNamesOf(params.samples);
  const check = (samples: TrainProbeParams['samples']) => {
    const split = splitOf(samples);
    checkClasses(labelsOf(samples, classNames), { classNames, ...(split && { split }) });
    return split;
  };
  // Before any work: what is wrong with the dataset itself.
  check(params.samples);

  const opened = await openBackbone(backbone, cacheFolder, stage);
  const features = await cachedFeatures(params.samples, opened, backbone, room, tell, signal);
  const { samples } = features;
  const skipped = [...params.skipped, ...features.skipped];
  const split = check(samples);

  const start = performance.now();
  const probe = await train(
    {
      features: features.values,
      dim: opened.backbone.dim,
      labels: labelsOf(samples, classNames),
      classes: classNames.length,
    },
    {
      seed: params.seed,
      validationShare: params.validationShare,
      threads,
      classNames,
      onStage: stage,
      ...(split && { split }),
      ...(signal && { signal }),
    },
  );
  const trainingSeconds = (performance.now() - start) / 1000;

  const head = encodeHeadFile({
    head: probe.head,
    standardisation: probe.standardisation,
    backboneSha256: opened.sha256,
    classesSha256: classesSha256Of(classNames),
  });

  const manifest = manifestOf({
    params,
    backbone,
    backboneSha256: opened.sha256,
    probe,
    head,
    classNames,
    splitBy: split ? 'dataset' : 'seed',
    skipped: skipped.length,
  });
  const held = Array.from(probe.split.validation, (row) => samples[row]).filter(
    (sample) => sample !== undefined,
  );
  const report = reportOf(
    { samples: held, labels: labelsOf(held, classNames), logits: probe.validationLogits },
    {
      probe: params.name,
      backbone: backbone.name,
      root: params.root,
      classes: classNames,
      learningCurve: probe.learningCurve,
      skipped,
      mistakes: params.explained,
    },
  );
  // The probe is safe on disk before its mistakes are explained, which reads it back.
  await writeProbe(params.head, head, manifest, report);
  const explained = await withEvidence(
    report,
    held,
    describedProbe(params.head, manifest, backbone),
    room,
    tell,
  );
  if (explained !== report) await writeProbe(params.head, head, manifest, explained);
  return {
    report: explained,
    features: {
      computed: features.computed,
      cached: features.cached,
      seconds: features.seconds,
    },
    trainingSeconds,
    assumed: [...backbone.assumed, ...opened.assumed],
    notices: [...opened.notices, ...features.notices],
  };
}
