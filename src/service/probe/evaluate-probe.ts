/** Measures a linear probe on labelled pictures. */
import { logitsOf } from '../../engine/heads/softmax-regression';
import { standardise } from '../../engine/heads/standardisation';
import { Failure } from '../../shared/failure';
import type { EvaluateProbeParams, ProbeOutcome } from '../../shared/protocol/probe';
import type { Tell } from '../../shared/protocol/calls';
import { cachedFeatures } from './cached-features';
import { checkBackbone } from './compose-probe';
import { labelsOf } from './label-rows';
import { openBackbone } from './open-backbone';
import { openHead } from './open-head';
import { reportOf, withEvidence } from './probe-report';
import { stagesTo } from '../stages';
import type { Workroom } from '../workroom';

/**
 * Labels that the probe does not know are passed over, and listed.
 *
 * @throws Failure `cancelled`, `dataset-unusable`, `model-unreadable` when the backbone has changed or
 *   head and manifest do not belong together; EngineError `not-finite`
 */
export async function evaluateProbe(
  params: EvaluateProbeParams,
  room: Workroom,
  tell: Tell<'evaluateProbe'>,
  signal?: AbortSignal,
): Promise<ProbeOutcome> {
  const { model } = params;
  const { backbone } = model;
  if (backbone === undefined) {
    throw new Failure(
      'model-unreadable',
      `${model.name} is no linear probe.`,
      'Name a file that ends in .probe.safetensors.',
    );
  }
  const head = await openHead(model.path);
  const { manifest } = head;
  const classes = manifest.classes;
  const known = params.samples.filter(({ label }) => classes.includes(label));
  const unknown = params.samples
    .filter(({ label }) => !classes.includes(label))
    .map(({ name, label }) => ({ name, reason: `The probe has no class “${label}”.` }));
  if (known.length === 0) {
    throw new Failure(
      'dataset-unusable',
      'No picture carries the name of one of the probe’s classes.',
      `Its classes are ${classes.slice(0, 6).join(', ')}${classes.length > 6 ? ', …' : ''}: name the folders or labels alike.`,
    );
  }
  const { cacheFolder, threads } = room.settings;
  const opened = await openBackbone({ ...model, path: backbone.path }, cacheFolder, stagesTo(tell));
  checkBackbone(opened.sha256, backbone);
  const features = await cachedFeatures(known, opened, model, room, tell, signal);
  if (features.samples.length === 0) {
    throw new Failure(
      'dataset-unusable',
      'None of the pictures could be read.',
      features.skipped[0]?.reason ?? 'Check the folder.',
    );
  }
  const start = performance.now();
  const logits = await logitsOf(
    standardise(features.values, head.standardisation),
    head.head,
    threads,
  );
  const trainingSeconds = (performance.now() - start) / 1000;
  const { samples } = features;
  const report = reportOf(
    { samples, labels: labelsOf(samples, classes), logits },
    {
      probe: manifest.name,
      backbone: backbone.name,
      root: params.root,
      classes,
      learningCurve: manifest.learningCurve,
      skipped: [...params.skipped, ...unknown, ...features.skipped],
      mistakes: params.explained,
    },
  );
  return {
    report: await withEvidence(report, samples, model, room, tell),
    features: {
      computed: features.computed,
      cached: features.cached,
      seconds: features.seconds,
    },
    trainingSeconds,
    assumed: [...model.assumed, ...opened.assumed],
    notices: [...opened.notices, ...features.notices],
  };
}
