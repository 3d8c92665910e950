/** How schedulers tell a task its place in an array of tasks, and how some of them are submitted again. */
import type { SchedulerId } from '../shared/shard';

export type Environment = Readonly<Record<string, string | undefined>>;

/** The tasks of an array as they were submitted: from the first to the last, every so many. */
export interface TaskRange {
  readonly first: number;
  readonly last: number;
  readonly step: number;
}

export interface Scheduler {
  readonly id: SchedulerId;
  readonly name: string;
  /** Environment variable with the task's number. */
  readonly variable: string;
  /** What that variable says where there is no array. */
  readonly without?: string;
  /** What it counts from where nothing else is said. */
  readonly from: 0 | 1;
  /** Environment variables with the array as it was submitted, as far as the scheduler tells it. */
  readonly range?: {
    readonly first?: string;
    readonly last: string;
    readonly step: string;
    readonly count?: string;
  };
  /** The command lines that submit any of the tasks again; none where it takes no list of them. */
  readonly again: (tasks: readonly number[]) => readonly string[];
}

export const schedulers: readonly Scheduler[] = [
  {
    id: 'slurm',
    name: 'Slurm',
    variable: 'SLURM_ARRAY_TASK_ID',
    from: 1,
    range: {
      first: 'SLURM_ARRAY_TASK_MIN',
      last: 'SLURM_ARRAY_TASK_MAX',
      step: 'SLURM_ARRAY_TASK_STEP',
      count: 'SLURM_ARRAY_TASK_COUNT',
    },
    again: (tasks) => [`sbatch --array=${rangesOf(tasks).join(',')}`],
  },
  {
    id: 'kubernetes',
    name: 'Kubernetes',
    variable: 'JOB_COMPLETION_INDEX',
    from: 0,
    again: () => [],
  },
  {
    id: 'pbs',
    name: 'PBS',
    variable: 'PBS_ARRAY_INDEX',
    from: 1,
    again: () => [],
  },
  {
    id: 'lsf',
    name: 'LSF',
    variable: 'LSB_JOBINDEX',
    without: '0',
    from: 1,
    range: { last: 'LSB_JOBINDEX_END', step: 'LSB_JOBINDEX_STEP' },
    again: (tasks) => [`bsub -J "vit-explain[${rangesOf(tasks).join(',')}]"`],
  },
  {
    id: 'grid-engine',
    name: 'Grid Engine',
    variable: 'SGE_TASK_ID',
    without: 'undefined',
    from: 1,
    range: { first: 'SGE_TASK_FIRST', last: 'SGE_TASK_LAST', step: 'SGE_TASK_STEPSIZE' },
    // It takes one range at a time.
    again: (tasks) => rangesOf(tasks).map((range) => `qsub -t ${range}`),
  },
];

/** `3`, `7-9`: neighbours together. @param tasks in their order */
function rangesOf(tasks: readonly number[]): readonly string[] {
  const ranges: [first: number, last: number][] = [];
  for (const task of tasks) {
    const range = ranges.at(-1);
    if (range?.[1] === task - 1) range[1] = task;
    else ranges.push([task, task]);
  }
  return ranges.map(([first, last]) => (first === last ? `${first}` : `${first}-${last}`));
}
