/** Which shards are whole, lacking or of another run, by what their files say of themselves. */
import { describe, expect, it } from 'vitest';
import type { ShardHead } from '../../src/dataset/shards/shard-head';
import { surveyShards } from '../../src/dataset/shards/survey-shards';
import type { BatchHeader } from '../../src/shared/batch-header';
import type { EvaluationHeader } from '../../src/shared/evaluation';
import { defaultMeasuring } from '../../src/shared/faithfulness';
import { schedulers } from '../../src/cli/schedulers';
import { squashedTo } from '../fixtures/preprocessing';

const header: BatchHeader = {
  format: 'vit-explainer-batch',
  version: 1,
  dataset: 'photos',
  samples: 3,
  model: { name: 'small', sha256: 'aa' },
  preprocessing: squashedTo(8),
  output: 'softmax',
  method: 'gae',
  options: { preset: 'model' },
  classes: ['cat'],
  unmatched: [],
  skipped: [],
  otherFiles: 0,
};
const listing = 'a'.repeat(64);
const written = Date.UTC(2026, 0, 1);

interface Changes extends Omit<Partial<ShardHead>, 'header'> {
  readonly of?: number;
  readonly program?: string;
  readonly header?: BatchHeader | EvaluationHeader;
}

function head(index: number, changes: Changes = {}): ShardHead {
  const { of = 4, program = '1.0.0', header: own = header, ...others } = changes;
  const shard = { index, of, program };
  return {
    file: `${index}.jsonl`,
    header:
      own.format === 'vit-explainer-batch'
        ? { ...own, otherFiles: index, shard }
        : { ...own, shard },
    complete: { samples: 1, listing },
    written,
    ...others,
  };
}

const states = (heads: readonly ShardHead[]) =>
  surveyShards(heads)?.shards.map(({ state }) => state);
const unfinished = { complete: undefined };
const withModel = (sha256: string) => ({ header: { ...header, model: { name: 'small', sha256 } } });

describe('a survey of shards', () => {
  it('knows whole, unfinished and missing ones', () => {
    const survey = surveyShards([head(1), head(2, unfinished), head(4)]);
    expect(survey).toEqual({
      kind: 'batch',
      dataset: 'photos',
      of: 4,
      shards: [
        { index: 1, state: 'whole', file: '1.jsonl' },
        { index: 2, state: 'unfinished', file: '2.jsonl', written },
        { index: 3, state: 'missing' },
        { index: 4, state: 'whole', file: '4.jsonl' },
      ],
      strangers: [],
    });
    expect(surveyShards([])).toBeUndefined();
    expect(states([head(1, { ...unfinished, of: 1 })])).toEqual(['unfinished']);
  });

  it.each<[string, Changes, string]>([
    ['weights', withModel('bb'), 'The model differs from 1.jsonl.'],
    [
      'weights, unfinished',
      { ...withModel('bb'), ...unfinished },
      'The model differs from 1.jsonl.',
    ],
    [
      'annotations',
      { header: { ...header, annotations: 'cc' } },
      'What the annotations say differs from 1.jsonl.',
    ],
    [
      'options',
      { header: { ...header, options: { preset: 'chefer' } } },
      'The method’s options differs from 1.jsonl.',
    ],
    ['version', { program: '1.0.1' }, 'The version of vit-explain differs from 1.jsonl.'],
    [
      'listing',
      { complete: { samples: 1, listing: 'b'.repeat(64) } },
      'The list of samples and labels differs from 1.jsonl.',
    ],
  ])('knows one of other inputs by its %s', (_, changes, why) => {
    const survey = surveyShards([head(1), head(2), head(3, changes), head(4)]);
    expect(survey?.shards[2]).toEqual({ index: 3, state: 'other', file: '3.jsonl', why });
    expect(survey?.shards.filter(({ state }) => state === 'whole')).toHaveLength(3);
  });

  it('takes what most are made of for what is meant', () => {
    const others = [1, 2, 3].map((index) => head(index, withModel('bb')));
    expect(states([...others, head(4)])).toEqual(['whole', 'whole', 'whole', 'other']);
  });

  it('looks for one whole copy of each that belongs to the others', () => {
    const copy = { file: 'copy.jsonl' };
    const survey = surveyShards([
      ...[head(1), head(2), head(3, unfinished), head(3, copy)],
      ...[head(4, withModel('bb')), head(4, { ...copy, ...unfinished })],
    ]);
    expect(survey?.shards.slice(2)).toEqual([
      { index: 3, state: 'whole', file: 'copy.jsonl' },
      { index: 4, state: 'unfinished', file: 'copy.jsonl', written },
    ]);
  });

  it('names files of another division or command as strangers', () => {
    const evaluation: EvaluationHeader = {
      ...{ format: 'vit-explainer-evaluation', version: 1, dataset: 'photos', samples: 3 },
      ...{ available: 3, model: header.model, preprocessing: header.preprocessing },
      ...{ output: 'softmax', options: {}, evaluated: 'answer', measuring: defaultMeasuring },
      ...{ classes: [], skipped: [] },
    };
    const survey = surveyShards([
      head(1, { file: 'a.jsonl', of: 2 }),
      head(1, { file: 'b.jsonl', header: evaluation }),
      ...[1, 2, 3, 4].map((index) => head(index)),
    ]);
    expect(survey?.strangers).toEqual(['a.jsonl', 'b.jsonl']);
    expect(survey?.shards.every(({ state }) => state === 'whole')).toBe(true);
  });

  it('knows shards of an evaluation that were measured with fewer methods than others', () => {
    const measured = (...methods: string[]) => ({ complete: { samples: 1, listing, methods } });
    const two = measured('gae', 'rollout');
    const survey = surveyShards([
      ...[head(1, two), head(2, measured('rollout'))],
      // In two files, as by two runs.
      ...[head(3, measured('gae')), head(3, measured('rollout')), head(4, two)],
    ]);
    expect(survey?.shards.map(({ state }) => state)).toEqual(['whole', 'other', 'whole', 'whole']);
    expect(survey?.shards[1]?.why).toBe('It was not measured with gae.');
  });
});

describe('tasks are submitted again', () => {
  it.each([
    ['slurm', ['sbatch --array=3,7-9,12']],
    ['lsf', ['bsub -J "vit-explain[3,7-9,12]"']],
    ['grid-engine', ['qsub -t 3', 'qsub -t 7-9', 'qsub -t 12']],
    ['kubernetes', []],
    ['pbs', []],
  ])('by %s', (scheduler, commands) => {
    const again = schedulers.find(({ id }) => id === scheduler)?.again([3, 7, 8, 9, 12]);
    expect(again).toEqual(commands);
  });
});
