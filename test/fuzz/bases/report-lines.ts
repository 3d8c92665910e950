/** A report of three pictures, as `vit-explain batch --jsonl` writes it. */
import { reportLine } from '../../../src/dataset/jsonl-report';
import { packMap } from '../../../src/dataset/pack-map';
import type { BatchHeader } from '../../../src/shared/batch-header';
import type { SampleResult } from '../../../src/shared/sample-result';

export const reportHeader: BatchHeader = {
  format: 'vit-explainer-batch',
  version: 1,
  dataset: 'pets',
  samples: 3,
  model: { name: 'model', sha256: 'ab' },
  preprocessing: {
    resize: { rule: 'squash' },
    interpolation: 'bicubic',
    crop: [8, 12],
    rescale: 1 / 255,
    mean: [0.5, 0.5, 0.5],
    std: [0.5, 0.5, 0.5],
  },
  output: 'softmax',
  method: 'attention',
  options: { preset: 'model' },
  classes: ['cat', 'dog', 'cow'],
  unmatched: [],
  truths: { cat: 0, dog: 1 },
  skipped: [],
  otherFiles: 0,
};

const results: readonly SampleResult[] = [
  ...[0, 1].map((answer): SampleResult => ({
    ok: true,
    name: `cat/${answer}.png`,
    sha256: 'cd',
    label: 'cat',
    truth: 0,
    top: [{ index: answer, probability: 0.75 }],
    truthRank: answer,
    loss: 0.25,
    map: packMap(Float32Array.of(0, 1, 2, 3), 2, 2),
    shares: { border: 1, corners: [0.25, 0.25, 0.25, 0.25], outside: 0.5 },
  })),
  { ok: false, name: 'dog/2.png', label: 'dog', code: 'image-unreadable', message: 'It is none.' },
];

export const reportText = [reportHeader, ...results].map(reportLine).join('');
