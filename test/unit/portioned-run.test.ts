/** A pass over a dataset, portion by portion. */
import { describe, expect, it } from 'vitest';
import { PortionedRun } from '../../src/extension/gallery/portioned-run';
import { Failure } from '../../src/shared/failure';

interface Sample {
  readonly name: string;
}

interface Result extends Sample {
  readonly said: string;
}

type Ask = (
  portion: readonly Sample[],
  signal: AbortSignal,
  add: (result: Result) => void,
) => Promise<unknown>;

const samples = ['a', 'b', 'c', 'd', 'e'].map((name) => ({ name }));
const well = ({ name }: Sample): Result => ({ name, said: 'well' });

function runOf(ask: Ask, known: readonly Result[] = []) {
  const told: string[] = [];
  const run = new PortionedRun<Sample, Result, Result[]>({
    samples,
    total: () => ({ total: samples.length, isAll: true }),
    results: [...known],
    known: new Set(known.map(({ name }) => name)),
    portionSize: 2,
    ask,
    died: ({ name }, message) => ({ name, said: message }),
    onResult: ({ name }) => told.push(name),
  });
  return { run, told };
}

const names = (list: readonly Sample[]): string => list.map(({ name }) => name).join('');
const dead = (): Failure => new Failure('worker-died', 'It ended.', 'Again.');

describe('a run in portions', () => {
  it('asks for all samples, whatever the order of their results', async () => {
    const asked: string[] = [];
    const { run, told } = runOf((portion, _, add) => {
      asked.push(names(portion));
      for (const sample of [...portion].reverse()) add(well(sample));
      return Promise.resolve();
    });
    await run.work();
    expect(asked).toEqual(['ab', 'cd', 'e']);
    expect(told.join('')).toBe('badce');
    expect(run.results).toHaveLength(5);
  });

  it('asks for nothing that is known', async () => {
    const asked: string[] = [];
    const { run, told } = runOf(
      (portion, _, add) => {
        asked.push(names(portion));
        portion.forEach((sample) => add(well(sample)));
        return Promise.resolve();
      },
      ['d', 'a', 'b'].map((name) => well({ name })),
    );
    await run.work();
    expect(asked).toEqual(['ce']);
    expect(told.join('')).toBe('ce');
    expect(run.results).toHaveLength(5);
  });

  it('blames the first sample without a result where the worker ends, and goes on with the others', async () => {
    let deaths = 0;
    const { run } = runOf((portion, _, add) => {
      if (names(portion) === 'ab' && deaths++ === 0) {
        add(well({ name: 'b' }));
        return Promise.reject(dead());
      }
      portion.forEach((sample) => add(well(sample)));
      return Promise.resolve();
    });
    await run.work();
    expect(run.results.find(({ name }) => name === 'a')?.said).toBe('It ended.');
    expect(run.results.filter(({ said }) => said === 'well').map(({ name }) => name)).toEqual([
      'b',
      'c',
      'd',
      'e',
    ]);
  });

  it('gives up where the worker ends three times in a row', async () => {
    const { run } = runOf(() => Promise.reject(dead()));
    await expect(run.work()).rejects.toThrow('It ended.');
    expect(names(run.results)).toBe('ab');
  });

  it('begins nothing while it is paused, and hears nothing once it is cancelled', async () => {
    const { run, told } = runOf((portion, _, add) => {
      portion.forEach((sample) => add(well(sample)));
      run.pause();
      return Promise.resolve();
    });
    const work = run.work();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(told.join('')).toBe('ab');
    expect(run.paused).toBe(true);
    run.resume();
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(told.join('')).toBe('abcd');
    run.cancel();
    await expect(work).rejects.toMatchObject({ code: 'cancelled' });
    expect(told.join('')).toBe('abcd');
  });
});
