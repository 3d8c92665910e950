/** The head on features of photographs, as the cache keeps them, beside scikit-learn's. */
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listSamples } from '../../src/dataset/list-samples';
import { labelledSamples } from '../../src/dataset/labelled-samples';
import { classificationReport } from '../../src/engine/heads/classification-report';
import { takeRows, type LabelledFeatures } from '../../src/engine/heads/labelled-features';
import { logitsOf, softmaxRegression } from '../../src/engine/heads/softmax-regression';
import { standardisationOf, standardise } from '../../src/engine/heads/standardisation';
import { stratifiedSplit } from '../../src/engine/heads/stratified-split';
import { resolveModel } from '../../src/store/resolve-model';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import { backboneOf } from '../../src/engine/heads/attach-head';
import { featureProgram } from '../../src/engine/heads/feature-program';
import { ImageSession } from '../../src/engine/image-program';
import { decodeImage } from '../../src/service/pictures/decode';
import { preprocess } from '../../src/service/pictures/preprocess';
import { FeatureCache } from '../../src/service/probe/feature-cache';
import { labelsOf, classNamesOf } from '../../src/service/probe/label-rows';
import { readFile } from 'node:fs/promises';
import { writePhotoClasses } from '../fixtures/photo-classes';
import { hasScikitLearn, scikitLearn } from '../fixtures/scikit-learn';

const repository = path.resolve(import.meta.dirname, '../..');
let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-probe-features-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

/** Features of small crops by the starter model, written to a cache and read back. */
async function photographs(): Promise<LabelledFeatures> {
  const photos = path.join(folder, 'photos');
  await writePhotoClasses(repository, photos, 40);
  const { samples } = labelledSamples(await listSamples(photos));
  const model = await resolveModel('starter', {
    starterFolder: path.join(repository, 'models/starter'),
  });
  const { graph } = await canonicalise(model.path, { inputSize: model.preprocessing.crop });
  const backbone = backboneOf(graph);
  const session = await ImageSession.open(featureProgram(backbone), 1);
  const keyOf = (row: number) => row.toString(16).padStart(64, '0');
  const written = await FeatureCache.open(path.join(folder, 'cache'), backbone.dim);
  for (const [row, { path: file, name }] of samples.entries()) {
    const image = await decodeImage(await readFile(file), name);
    const { values } = preprocess(image, model.preprocessing);
    const [features] = await session.run(values);
    if (features) await written.add(keyOf(row), features.data);
  }
  await written.close();
  await session.release();
  const read = await FeatureCache.open(path.join(folder, 'cache'), backbone.dim);
  const features = new Float32Array(samples.length * backbone.dim);
  samples.forEach((_, row) => {
    features.set(read.get(keyOf(row)) ?? [], row * backbone.dim);
  });
  const classes = classNamesOf(samples);
  return {
    features,
    dim: backbone.dim,
    labels: labelsOf(samples, classes),
    classes: classes.length,
  };
}

describe.skipIf(!hasScikitLearn)(
  'scikit-learn on features of photographs (left out where python3-sklearn is not installed)',
  () => {
    it('agrees on the loss within 1 % and on the accuracy within half a point', async () => {
      const data = await photographs();
      const split = stratifiedSplit(data.labels, 0.5, 0);
      const raw = takeRows(data, split.train);
      const standardisation = standardisationOf(raw.features, data.dim);
      const standard = (rows: LabelledFeatures) => ({
        ...rows,
        features: standardise(rows.features, standardisation),
      });
      const [train, held] = [standard(raw), standard(takeRows(data, split.validation))];
      for (const penalty of [1e-1, 1e-3]) {
        const { head, minimum } = await softmaxRegression(train, { penalty, threads: 1 });
        const logits = await logitsOf(held.features, head, 1);
        const { top1 } = classificationReport(logits, held.labels, data.classes);
        const reference = scikitLearn(train, held, penalty);
        console.log(
          `penalty ${penalty}: loss ${minimum.value.toFixed(6)} (scikit-learn ${reference.loss.toFixed(6)}), accuracy ${top1.toFixed(4)} (${reference.accuracy.toFixed(4)})`,
        );
        expect(Math.abs(minimum.value - reference.loss) / reference.loss).toBeLessThan(0.01);
        expect(Math.abs(top1 - reference.accuracy)).toBeLessThan(0.005);
      }
    });
  },
);
