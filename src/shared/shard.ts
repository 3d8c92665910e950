/** One of the parts that a dataset is run in, as plain data. */
import * as v from 'valibot';
import type { Data } from './schema';

export const schedulerIds = ['slurm', 'kubernetes', 'pbs', 'lsf', 'grid-engine'] as const;

export type SchedulerId = (typeof schedulerIds)[number];

/** More than arrays of tasks have anywhere, and few enough to be looked at one by one. */
export const mostShards = 1_000_000;

const natural = v.pipe(v.number(), v.safeInteger(), v.minValue(0));
const positive = v.pipe(v.number(), v.safeInteger(), v.minValue(1));

/** How a scheduler numbers the tasks that run the shards: the first one, and from one to the next. */
export const taskArraySchema = v.object({
  scheduler: v.picklist(schedulerIds),
  first: natural,
  step: positive,
});

export type TaskArray = Data<typeof taskArraySchema>;

export const shardSchema = v.object({
  /** From 1. */
  index: positive,
  of: v.pipe(positive, v.maxValue(mostShards)),
  /** The version of this program. */
  program: v.string(),
  /** Absent where a person said which shard it is. */
  array: v.exactOptional(taskArraySchema),
});

export type Shard = Data<typeof shardSchema>;
