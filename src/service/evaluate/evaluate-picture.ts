/** All maps of one picture, measured side by side. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { packMap } from '../../dataset/pack-map';
import { EngineError } from '../../engine/engine-error';
import type { Classified, Explainer } from '../../engine/explainer';
import { classSensitivity } from '../../engine/measure/class-sensitivity';
import {
  measureFaithfulness,
  type MeasuredMap as TracedMap,
} from '../../engine/measure/faithfulness';
import { MaskedAnswers } from '../../engine/measure/masked-answers';
import { methodOf } from '../../engine/methods/catalogue';
import { probabilitiesOf, ranking } from '../../engine/outputs/probabilities';
import type { MeasuredMap, PictureRecord } from '../../shared/evaluation';
import type { Faithfulness } from '../../shared/faithfulness';
import { Failure } from '../../shared/failure';
import { patchSums } from '../../shared/patch-sums';
import type { EvaluatedSample, MeasuredModel } from '../../shared/protocol/evaluate';
import { readSample } from '../batch/read-sample';
import type { Workroom } from '../workroom';
import { rounded, roundedAll } from './rounded';

/** A method's maps of the class and, where it traces classes, of the next best one. */
interface Traced {
  readonly method: string;
  readonly map: TracedMap;
  readonly other: TracedMap | undefined;
}

/**
 * One forward run serves all methods, and masks that several of them have in common are run once.
 *
 * @returns a record that says why, where the picture cannot be measured
 * @throws Failure, EngineError when the model cannot be used at all
 */
export async function evaluatePicture(
  sample: EvaluatedSample,
  { model, options, evaluated, measuring }: MeasuredModel,
  explainer: Explainer,
  room: Workroom,
): Promise<PictureRecord> {
  const { name, label, truth, methods } = sample;
  try {
    const bytes = await readSample(sample.path);
    const image = { kind: 'encoded', bytes, name: path.basename(sample.path) } as const;
    const { input } = await room.inputs.prepare(image, model.preprocessing);
    const calls = methods.map((method) => ({ method, options }));
    const classified = await explainer.classify(input.values, ...calls);
    const { kind } = explainer.output;
    const ranked = ranking(classified.logits, kind);
    const index = evaluated === 'answer' ? ranked[0] : truth;
    if (index === undefined) throw withoutClass(name);
    const next = kind === 'value' ? undefined : ranked.find((one) => one !== index);
    const { traced, failures } = await traceAll(explainer, classified, { methods, options }, [
      index,
      ...(next === undefined ? [] : [next]),
    ]);
    const measured = await measureFaithfulness(
      explainer,
      new MaskedAnswers(classified, measuring.removal),
      { index },
      traced.map(({ map }) => map),
      measuring,
    );
    const { grid } = explainer.structure;
    const maps = traced.flatMap((one, i) => {
      const faithfulness = measured[i];
      return faithfulness ? [[one.method, measuredMap(one, faithfulness, grid)] as const] : [];
    });
    const [first] = measured;
    if (!first) throw notFinite(name, failures);
    const probabilities = probabilitiesOf(classified.logits, kind);
    return {
      ok: true,
      name,
      sha256: createHash('sha256').update(bytes).digest('hex'),
      ...(label !== undefined && { label }),
      index,
      strength: rounded((probabilities ?? classified.logits)[index] ?? 0),
      shares: roundedAll(first.shares),
      controls: {
        random: roundedFigures(first.controls.random),
        centre: roundedFigures(first.controls.centre),
      },
      maps: Object.fromEntries(maps),
      ...(failures.size > 0 && { failures: Object.fromEntries(failures) }),
    };
  } catch (thrown) {
    const ofThisPicture =
      thrown instanceof Failure || (thrown instanceof EngineError && thrown.code === 'not-finite');
    if (!ofThisPicture) throw thrown;
    const { code, message } = thrown;
    return { ok: false, name, ...(label !== undefined && { label }), code, message };
  }
}

/** Where a map is not finite, the other methods may fare better. */
async function traceAll(
  explainer: Explainer,
  classified: Classified,
  { methods, options }: { readonly methods: readonly string[] } & Pick<MeasuredModel, 'options'>,
  classes: readonly number[],
) {
  const traced: Traced[] = [];
  const failures = new Map<string, string>();
  // What averages over other images lets go of what was kept of this one.
  const sorted = [...methods].sort((a, b) => images(a) - images(b));
  for (const method of sorted) {
    try {
      const { maps, shape } = await explainer.explain(classified, method, options, classes);
      const size = shape[0] * shape[1];
      const mapOf = (row: number) => ({ values: maps.slice(row * size, (row + 1) * size), shape });
      traced.push({ method, map: mapOf(0), other: classes.length > 1 ? mapOf(1) : undefined });
    } catch (thrown) {
      if (!(thrown instanceof EngineError) || thrown.code !== 'not-finite') throw thrown;
      failures.set(method, thrown.message);
    }
  }
  return { traced, failures };
}

function images(method: string): number {
  return methodOf(method).images === undefined ? 0 : 1;
}

function measuredMap(
  { map, other }: Traced,
  { figures, mostFirst, leastFirst }: Faithfulness,
  grid: Explainer['structure']['grid'],
): MeasuredMap {
  return {
    map: packMap(Float32Array.from(patchSums(map.values, map.shape, grid)), ...grid),
    figures: roundedFigures(figures),
    ...(other && { classSensitivity: rounded(classSensitivity(map, other, grid)) }),
    mostFirst: roundedCurve(mostFirst),
    leastFirst: roundedCurve(leastFirst),
  };
}

function roundedFigures({ saco, ...figures }: Faithfulness['figures']): MeasuredMap['figures'] {
  const { abc, abcLogit, deletion, insertion } = figures;
  return {
    abc: rounded(abc),
    abcLogit: rounded(abcLogit),
    deletion: rounded(deletion),
    insertion: rounded(insertion),
    ...(saco !== undefined && { saco: rounded(saco) }),
  };
}

function roundedCurve({ probability, logit }: MeasuredMap['mostFirst']): MeasuredMap['mostFirst'] {
  return { probability: roundedAll(probability), logit: roundedAll(logit) };
}

function withoutClass(name: string): Failure {
  return new Failure(
    'labels-mismatch',
    `${name} has no label that is a class of the model.`,
    'Measure the class that the model answers, or say what the labels mean.',
  );
}

function notFinite(name: string, failures: ReadonlyMap<string, string>): Failure {
  const [why = `There is no map of ${name}.`] = failures.values();
  return new Failure('not-finite', why, 'Choose another method.');
}
