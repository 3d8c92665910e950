/** Which shard a task is, by the environments that schedulers give. */
import { describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import { arrayTask } from '../../src/cli/array-task';
import { UsageError } from '../../src/cli/command';
import { shardAsked } from '../../src/cli/shard-asked';
import type { Environment } from '../../src/cli/schedulers';

/** As Slurm 22.05 sets them, measured; `last` is the last task that there is. */
const slurm = (task: number, first: number, last: number, step: number, count: number) => ({
  SLURM_ARRAY_JOB_ID: '12',
  SLURM_ARRAY_TASK_ID: String(task),
  SLURM_ARRAY_TASK_MIN: String(first),
  SLURM_ARRAY_TASK_MAX: String(last),
  SLURM_ARRAY_TASK_STEP: String(step),
  SLURM_ARRAY_TASK_COUNT: String(count),
});
const gridEngine = (task: string, first = '1', last = '8', step = '1') => ({
  SGE_TASK_ID: task,
  SGE_TASK_FIRST: first,
  SGE_TASK_LAST: last,
  SGE_TASK_STEPSIZE: step,
});
const noGridEngine = gridEngine('undefined', 'undefined', 'undefined', 'undefined');

const placeOf = (environment: Environment, shards?: string) => {
  const { index, of } = arrayTask(environment, shards);
  return `${index}/${of}`;
};

describe('the shard of a task', () => {
  it.each<[string, Environment, string | undefined, string]>([
    ['Slurm from 1', slurm(3, 1, 8, 1, 8), undefined, '3/8'],
    ['Slurm from 0', slurm(0, 0, 7, 1, 8), undefined, '1/8'],
    ['Slurm from 5, every 2', slurm(9, 5, 11, 2, 4), undefined, '3/4'],
    ['Slurm, --array=0-15:4', slurm(12, 0, 12, 4, 4), undefined, '4/4'],
    ['Slurm, a list again', slurm(7, 3, 9, 1, 3), '12', '7/12'],
    ['Slurm, a list of an array from 0 again', slurm(7, 3, 7, 1, 2), '0-7', '8/8'],
    ['Slurm, two neighbours again', slurm(4, 3, 4, 1, 2), '8', '4/8'],
    ['Slurm, one task again', slurm(7, 7, 7, 1, 1), '8', '7/8'],
    ['Slurm, one task of an array with steps again', slurm(8, 8, 8, 1, 1), '0-15:4', '3/4'],
    ['Slurm, one task that is all', slurm(1, 1, 1, 1, 1), '1', '1/1'],
    ['Kubernetes', { JOB_COMPLETION_INDEX: '0' }, '8', '1/8'],
    ['Kubernetes, the last one', { JOB_COMPLETION_INDEX: '7' }, '8', '8/8'],
    ['Kubernetes, spelled out', { JOB_COMPLETION_INDEX: '7' }, '0-7', '8/8'],
    ['PBS', { PBS_ARRAY_INDEX: '2' }, '8', '2/8'],
    ['PBS from 0', { PBS_ARRAY_INDEX: '0' }, '0-7', '1/8'],
    ['LSF', { LSB_JOBINDEX: '2', LSB_JOBINDEX_END: '8', LSB_JOBINDEX_STEP: '1' }, undefined, '2/8'],
    [
      'LSF every 3',
      { LSB_JOBINDEX: '4', LSB_JOBINDEX_END: '7', LSB_JOBINDEX_STEP: '3' },
      undefined,
      '2/3',
    ],
    ['Grid Engine', gridEngine('8'), undefined, '8/8'],
    ['Grid Engine from 2, every 2', gridEngine('6', '2', '8', '2'), undefined, '3/4'],
    ['Grid Engine, a part again', gridEngine('3', '3', '4'), '8', '3/8'],
    // A Slurm job that an environment of no array of Grid Engine came along with.
    [
      'Slurm beside what says “undefined”',
      { ...slurm(2, 1, 2, 1, 2), ...noGridEngine },
      undefined,
      '2/2',
    ],
    [
      'Slurm beside LSF without an array',
      { ...slurm(2, 1, 2, 1, 2), LSB_JOBINDEX: '0' },
      undefined,
      '2/2',
    ],
  ])('%s', (_, environment, shards, place) => {
    expect(placeOf(environment, shards)).toBe(place);
  });

  it.each<[string, Environment, string | undefined, RegExp]>([
    [
      'no array',
      { PATH: '/bin' },
      undefined,
      /finds no array of tasks: of SLURM_ARRAY_TASK_ID, .* --shard I\/N/,
    ],
    ['empty', { SLURM_ARRAY_TASK_ID: '' }, undefined, /finds no array/],
    ['“undefined”', noGridEngine, undefined, /finds no array/],
    [
      'two',
      { ...slurm(2, 1, 2, 1, 2), JOB_COMPLETION_INDEX: '1' },
      '2',
      /two arrays of tasks, of Slurm \(SLURM_ARRAY_TASK_ID\) and of Kubernetes/,
    ],
    [
      'a list',
      slurm(7, 3, 9, 1, 3),
      undefined,
      /array of Slurm is a list of 3 tasks, .* add --shards/,
    ],
    ['one task', slurm(7, 7, 7, 1, 1), undefined, /is the one task 7, .* add --shards/],
    ['one range of Grid Engine', gridEngine('7', '7', '7'), undefined, /is the one task 7/],
    [
      'no total of Kubernetes',
      { JOB_COMPLETION_INDEX: '1' },
      undefined,
      /Kubernetes does not say how many/,
    ],
    ['no total of PBS', { PBS_ARRAY_INDEX: '1' }, undefined, /PBS does not say how many/],
    ['half of Slurm', { SLURM_ARRAY_TASK_ID: '1' }, undefined, /Slurm does not say how many/],
    [
      'no number',
      { ...slurm(1, 1, 8, 1, 8), SLURM_ARRAY_TASK_ID: '1.5' },
      undefined,
      /finds “1\.5” in SLURM_ARRAY_TASK_ID/,
    ],
    [
      'no number of all',
      { ...slurm(1, 1, 8, 1, 8), SLURM_ARRAY_TASK_MAX: 'x' },
      undefined,
      /“x” in SLURM_ARRAY_TASK_MAX/,
    ],
    ['too many', { JOB_COMPLETION_INDEX: '8' }, '1000001', /up to 1000000 shards/],
    [
      'beyond the last',
      { JOB_COMPLETION_INDEX: '8' },
      '8',
      /a task 8 .* for the tasks 0 to 7 only/,
    ],
    // Every task stops, also those whose number would fit: else task 3 would be another shard when it is submitted again.
    [
      'from 0, said to be from 1',
      slurm(3, 0, 7, 1, 8),
      '8',
      /a task 0 .* tasks 1 to 8 only: say with --shards/,
    ],
    ['between the steps', slurm(3, 3, 3, 1, 1), '0-15:4', /a task 3 .* tasks 0 to 15, every 4/],
    [
      'LSF beyond its last',
      { LSB_JOBINDEX: '9', LSB_JOBINDEX_END: '8', LSB_JOBINDEX_STEP: '1' },
      undefined,
      /a task 9/,
    ],
  ])('is not guessed: %s', (_, environment, shards, sentence) => {
    expect(() => arrayTask(environment, shards)).toThrow(sentence);
    expect(() => arrayTask(environment, shards)).toThrow(UsageError);
  });

  it.each(['', '0', 'x', '1.5', '-1', '7-0', '0-7:0', '1-', '99999999999', '1-2-3'])(
    '--shards takes no “%s”',
    (shards) => {
      expect(() => arrayTask({ JOB_COMPLETION_INDEX: '0' }, shards)).toThrow(/--shards takes/);
    },
  );
});

describe('--shard', () => {
  it('asks the environment only where it is auto', () => {
    const array = slurm(2, 1, 2, 1, 2);
    expect(shardAsked({}, array)).toBeUndefined();
    expect(shardAsked({ shard: '3/8' }, array)).toEqual({ index: 3, of: 8, program: version });
    expect(shardAsked({ shard: 'auto' }, array)).toMatchObject({
      ...{ index: 2, of: 2 },
      array: { scheduler: 'slurm', first: 1, step: 1 },
    });
  });

  it.each(['0/8', '9/8', '1', '1/0', 'a/b', '1/8/2', 'AUTO', '', '1/1000001'])(
    'takes no “%s”',
    (shard) => {
      expect(() => shardAsked({ shard }, {})).toThrow(/--shard takes I\/N .* or auto/);
    },
  );

  it('says what --shards goes with', () => {
    expect(() => shardAsked({ shard: '1/8', shards: '8' }, {})).toThrow(/goes with --shard auto/);
    expect(() => shardAsked({ shards: '8' }, {})).toThrow(/goes with --shard auto/);
  });
});
