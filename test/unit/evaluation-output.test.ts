/** What a run takes over from the file of a run before. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EvaluationOutput } from '../../src/cli/evaluation-output';
import { evaluationText } from '../../src/dataset/evaluation/evaluation-file';
import type { EvaluationHeader, PictureRecord } from '../../src/shared/evaluation';
import type { BatchSample } from '../../src/shared/protocol/dataset';
import { evaluatedPicture, evaluationHeader, measuredMap } from '../fixtures/evaluation/records';

let folder = '';
beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-evaluation-'));
});
afterEach(() => rm(folder, { recursive: true }));

const at = (name: string) => path.join(folder, name);

async function resumed(
  records: readonly PictureRecord[],
  samples: readonly Omit<BatchSample, 'path'>[],
  header: EvaluationHeader = evaluationHeader,
) {
  const onDisk = samples.map((sample) => ({ ...sample, path: at(sample.name) }));
  for (const { name } of samples) await writeFile(at(name), name);
  await writeFile(at('run.jsonl'), evaluationText(header, records));
  return EvaluationOutput.open(at('run.jsonl'), header, onDisk, true);
}

function recordOf(name: string, ...methods: string[]): PictureRecord {
  return {
    ...evaluatedPicture(
      name,
      Object.fromEntries(methods.map((method) => [method, measuredMap(0.5)])),
    ),
    sha256: createHash('sha256').update(name).digest('hex'),
  };
}

describe('the records that a run takes over', () => {
  it('measures a picture anew whose label means another class by now, where maps are of that class', async () => {
    const samples = [
      { name: 'same', label: 'cat', truth: 0 },
      { name: 'other', label: 'cat', truth: 1 },
    ];
    const records = [recordOf('same', 'gae'), recordOf('other', 'gae')];
    const ofLabel = await resumed(records, samples, { ...evaluationHeader, evaluated: 'label' });
    expect(ofLabel.missing(['gae']).map(({ name }) => name)).toEqual(['other']);
    const ofAnswer = await resumed(records, samples);
    expect(ofAnswer.missing(['gae'])).toEqual([]);
  });

  it('lists what each picture lacks of the methods', async () => {
    const samples = ['both', 'one'].map((name) => ({ name, label: 'cat', truth: 0 }));
    const output = await resumed(
      [recordOf('both', 'gae', 'rollout'), recordOf('one', 'gae')],
      samples,
    );
    expect(output.methods).toEqual(['gae', 'rollout']);
    expect(output.missing(['gae', ...output.methods])).toEqual([
      expect.objectContaining({ name: 'one', methods: ['rollout'] }),
    ]);
  });
});
