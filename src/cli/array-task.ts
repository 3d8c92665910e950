/** Which shard a task of an array is, by what its scheduler says in the environment. */
import { mostShards, type TaskArray } from '../shared/shard';
import { wholeNumber } from './arguments';
import { UsageError } from './command';
import { schedulers, type Environment, type Scheduler, type TaskRange } from './schedulers';

export interface ArrayTask {
  /** From 1. */
  readonly index: number;
  readonly of: number;
  readonly array: TaskArray;
}

/** Nine digits. */
const largestTask = 999_999_999;
const example = '“--shards 8”, or “--shards 0-7” where the array counted from 0';

/**
 * @param shards the array as it was first submitted, where a person says so: `8`, `0-7` or `0-14:2`
 * @throws UsageError where the environment tells of no array, of two, or of a part of one only
 */
export function arrayTask(environment: Environment, shards: string | undefined): ArrayTask {
  const scheduler = schedulerOf(environment);
  const { id, variable } = scheduler;
  const task = numberIn(environment, variable);
  const range = shards === undefined ? submitted(scheduler, environment) : said(shards, scheduler);
  checkFits(scheduler, environment, task, range);
  const { first, step } = range;
  const of = countOf(range);
  if (of > mostShards)
    throw new UsageError(`There may be up to ${mostShards} shards, and not ${of}.`);
  return {
    index: (task - first) / step + 1,
    of,
    array: { scheduler: id, first, step },
  };
}

function schedulerOf(environment: Environment): Scheduler {
  const found = schedulers.filter(({ variable, without }) => {
    const value = environment[variable] ?? '';
    return value !== '' && value !== without;
  });
  const [scheduler, other] = found;
  if (scheduler === undefined) {
    const variables = schedulers.map(({ variable }) => variable).join(', ');
    throw new UsageError(
      `--shard auto finds no array of tasks: of ${variables} none is set. Say which part this is with --shard I/N.`,
    );
  }
  if (other !== undefined) {
    const [one, two] = [scheduler, other].map(({ name, variable }) => `${name} (${variable})`);
    throw new UsageError(
      `--shard auto finds two arrays of tasks, of ${one} and of ${two}: say which part this is with --shard I/N.`,
    );
  }
  return scheduler;
}

function numberIn(environment: Environment, variable: string): number {
  const text = environment[variable] ?? '';
  if (/^\d{1,9}$/.test(text)) return Number(text);
  throw new UsageError(
    `--shard auto finds “${text}” in ${variable}, which is no number of a task: say which part this is with --shard I/N.`,
  );
}

/** The array by what the scheduler says of it. */
function submitted({ name, range }: Scheduler, environment: Environment): TaskRange {
  const variables = Object.values(range ?? {});
  if (range === undefined || variables.some((variable) => !environment[variable]))
    throw new UsageError(`${name} does not say how many tasks its array has: add ${example}.`);
  const first = range.first === undefined ? 1 : numberIn(environment, range.first);
  const last = numberIn(environment, range.last);
  const step = Math.max(1, numberIn(environment, range.step));
  const count = countOf({ first, last, step });
  const told = range.count === undefined ? count : numberIn(environment, range.count);
  if (told !== count || count < 2) {
    const what = told === 1 ? `the one task ${first}` : `a list of ${told} tasks`;
    throw new UsageError(
      `This array of ${name} is ${what}, which does not say of how many shards: add --shards with the array as it was first submitted, ${example}.`,
    );
  }
  return { first, last, step };
}

/** The array as a person says that it was first submitted. */
function said(text: string, { from }: Scheduler): TaskRange {
  const [, one = '', end, every = '1'] = /^(\d+)(?:-(\d+)(?::(\d+))?)?$/.exec(text) ?? [];
  const whole = (part: string, least: number) => wholeNumber('--shards', part, least, largestTask);
  if (end === undefined) return { first: from, last: from + whole(one || text, 1) - 1, step: 1 };
  const first = whole(one, 0);
  return { first, last: whole(end, first), step: whole(every, 1) };
}

/** Whether this task, and the first and last ones with it, are of that array: else all of them stop. */
function checkFits(
  { name, range }: Scheduler,
  environment: Environment,
  task: number,
  whole: TaskRange,
): void {
  const { first, last, step } = whole;
  const edges = [range?.first, range?.last].flatMap((variable) =>
    variable !== undefined && environment[variable] ? [numberIn(environment, variable)] : [],
  );
  const stranger = [task, ...edges].find(
    (number) => number < first || number > last || (number - first) % step !== 0,
  );
  if (stranger === undefined) return;
  const every = step === 1 ? '' : `, every ${step}`;
  throw new UsageError(
    `${name} has a task ${stranger} in this array, and there are shards for the tasks ${first} to ${last}${every} only: say with --shards how the array was first submitted, ${example}.`,
  );
}

function countOf({ first, last, step }: TaskRange): number {
  return Math.floor((last - first) / step) + 1;
}
