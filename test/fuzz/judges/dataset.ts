/** Tables of samples with their labels and annotations, and reports of them. */
import { existsSync } from 'node:fs';
import path from 'node:path';
import { csvReport } from '../../../src/dataset/csv-report';
import { boxCoverage } from '../../../src/dataset/annotations/box-coverage';
import { boxesShown, placingOf } from '../../../src/dataset/annotations/frame';
import { LineStore } from '../../../src/dataset/line-store';
import { listSources } from '../../../src/dataset/list-sources';
import { mergeReports } from '../../../src/dataset/merge-reports';
import { prepareBatch } from '../../../src/dataset/prepare-batch';
import { ResultLog } from '../../../src/dataset/result-log';
import { htmlReport } from '../../../src/dataset/report/html-report';
import { maskCoverage } from '../../../src/service/batch/mask-coverage';
import type { Annotation } from '../../../src/shared/annotation';
import { reportHeader } from '../bases/report-lines';
import { DatasetTally } from '../../../src/dataset/dataset-summary';
import { fault, refusal, type Verdict } from './verdict';

const window = { imageWidth: 40, imageHeight: 30, left: 0, top: 0, width: 40, height: 30 };

export async function judgeDataset(file: string): Promise<Verdict> {
  const folder = path.dirname(file);
  const annotations = ['coco.json', 'annotations']
    .map((name) => path.join(folder, name))
    .filter((one) => existsSync(one));
  try {
    const list = await listSources([file]);
    const { samples } = await prepareBatch({
      ...{ source: file, list, method: 'attention', options: {}, annotations },
      model: {
        ...{ id: 'file:model', name: 'model', path: 'model.onnx', preprocessingSource: 'here' },
        ...{ labels: [], assumed: [], preprocessing: reportHeader.preprocessing },
      },
      opened: {
        ...{ modelSha256: 'ab', classes: 3, labels: reportHeader.classes, output: 'softmax' },
        oneSideNamed: false,
      },
    });
    for await (const { annotation } of samples) {
      const shares = annotation && (await coverageOf(annotation));
      if (shares?.every((share) => share >= 0 && share <= 1.0001) === false)
        return fault('shares of an object that are none', shares.join());
    }
  } catch (thrown) {
    return refusal(thrown);
  }
  return { kind: 'answered', compared: false };
}

async function coverageOf(annotation: Annotation): Promise<Float32Array | undefined> {
  if (annotation.kind === 'mask')
    return (await maskCoverage(annotation.path, window, 1, 3, 4)).shares;
  const shown = { width: window.imageWidth, height: window.imageHeight, orientation: 1 };
  const { frame } = placingOf(annotation.frame, shown, annotation.boxes);
  return frame && boxCoverage(boxesShown(annotation.boxes, frame, shown), window, 3, 4);
}

export async function judgeReport(file: string): Promise<Verdict> {
  const log = new ResultLog(LineStore.temporary());
  try {
    const { header } = await mergeReports([file], log);
    for await (const row of csvReport(header, log.results()))
      if (row === '') throw new Error('no row');
    const tally = new DatasetTally();
    for await (const result of log.results()) tally.add(result);
    htmlReport(header, tally, new Map(), { classSpecific: true, signed: true, pixels: false });
  } catch (thrown) {
    return refusal(thrown);
  } finally {
    log.close();
  }
  return { kind: 'answered', compared: false };
}
