/** Answers among some classes: beside SciPy's and scikit-learn's (`among-figures.py`), and by hand. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { amongList } from '../../src/dataset/among-list';
import { packMap } from '../../src/dataset/pack-map';
import { answersAmong } from '../../src/engine/outputs/among';
import { probabilitiesOf } from '../../src/engine/outputs/probabilities';
import { sampleLine } from '../../src/service/batch/sample-line';
import { scoresOf } from '../../src/service/scores';
import { amongNotice, checkAmong, tidyClasses, whyNotAmong } from '../../src/shared/among';
import { readClassList } from '../../src/shared/class-list';
import { tallied } from '../tallied';

const numbers = v.array(v.number());
const reference = v.parse(
  v.object({
    among: numbers,
    samples: v.array(v.object({ truth: v.number(), logits: numbers, shares: numbers })),
    labelled: v.number(),
    top1: v.number(),
    top1OfAll: v.number(),
    top5: v.number(),
    loss: v.number(),
    confusion: v.array(numbers),
  }),
  JSON.parse(
    readFileSync(path.resolve(import.meta.dirname, '../fixtures/among-figures.json'), 'utf8'),
  ),
);

const window = { imageWidth: 8, imageHeight: 8, left: 0, top: 0, width: 8, height: 8 };

describe('answers among some classes', () => {
  const { among } = reference;

  it('are the softmax of these classes alone, as SciPy has it', () => {
    for (const { logits, shares } of reference.samples) {
      const { ranked, shareOf } = answersAmong(Float32Array.from(logits), 'softmax', among);
      among.forEach((index, place) => expect(shareOf(index)).toBeCloseTo(shares[place] ?? -1, 12));
      const best = shares.indexOf(Math.max(...shares));
      expect(ranked[0]).toBe(among[best]);
      expect([...ranked].sort((a, b) => a - b)).toEqual(among);
      expect(shareOf(0)).toBeUndefined();
    }
  });

  it('count in a dataset as scikit-learn counts them, beside those among all', async () => {
    const lines = await Promise.all(
      reference.samples.map(({ truth, logits }, at) =>
        sampleLine(
          { path: '', name: String(at).padStart(3, '0'), label: String(truth), truth },
          '',
          {
            logits: Float32Array.from(logits),
            map: packMap(Float32Array.of(1), 1, 1),
            window,
            remarks: [],
          },
          1,
          { kind: 'softmax', among },
        ),
      ),
    );
    const { summary } = tallied(lines);
    const { labelled, top1, top5, loss, outside, confusion, mistakes } = summary.among ?? {};
    expect(summary.top1).toBeCloseTo(reference.top1OfAll, 12);
    expect({ labelled, outside }).toEqual({
      labelled: reference.labelled,
      outside: reference.samples.length - reference.labelled,
    });
    expect(top1).toBeCloseTo(reference.top1, 12);
    expect(top1).toBeGreaterThan(summary.top1 ?? 1);
    expect(top5).toBeCloseTo(reference.top5, 12);
    expect(loss).toBeCloseTo(reference.loss, 10);
    const expected = reference.confusion.flatMap((row, truth) =>
      row.flatMap((count, answer) =>
        count === 0 ? [] : [{ truth: among[truth], answer: among[answer], count }],
      ),
    );
    expect(confusion).toEqual(expected);
    const wrong = expected.filter((cell) => cell.truth !== cell.answer);
    expect(mistakes).toHaveLength(
      Math.min(
        50,
        wrong.reduce((sum, { count }) => sum + count, 0),
      ),
    );
    const sure = mistakes?.map(({ probability }) => probability);
    expect(sure).toEqual([...(sure ?? [])].sort((a, b) => b - a));
  });

  it('divide probabilities that add up to 1 by the sum of these, also where all of them are 0', () => {
    const { ranked, shareOf, lossOf } = answersAmong(
      Float32Array.of(0.5, 0.125, 0, 0.375, 0),
      'probability',
      [1, 2, 3],
    );
    expect(ranked).toEqual([3, 1, 2]);
    expect(shareOf(3)).toBeCloseTo(0.75, 6);
    expect(shareOf(1)).toBeCloseTo(0.25, 6);
    expect(shareOf(2)).toBeCloseTo(0, 6);
    expect(lossOf(1)).toBeCloseTo(-Math.log(0.25), 5);
    expect(lossOf(0)).toBeUndefined();
    const none = answersAmong(Float32Array.of(1, 0, 0), 'probability', [1, 2]);
    expect(none.shareOf(1)).toBeCloseTo(0.5);
  });

  it('leave the probabilities of classes that are judged each on its own as they are', () => {
    const logits = Float32Array.of(3, -1, 0.5, 2);
    const own = probabilitiesOf(logits, 'sigmoid') ?? [];
    const { ranked, shareOf, lossOf } = answersAmong(logits, 'sigmoid', [1, 2, 3]);
    expect(ranked).toEqual([3, 2, 1]);
    expect(shareOf(3)).toBe(own[3]);
    expect(lossOf(1)).toBeCloseTo(-Math.log(own[1] ?? 0), 12);
    // Of a model whose sigmoids could not be told from other numbers between 0 and 1.
    const shares = answersAmong(Float32Array.of(0.9, 0.875, 0.25), 'probability', [1, 2]);
    expect([shares.shareOf(1), shares.shareOf(2)]).toEqual([0.875, 0.25]);
  });

  it('give scores a share beside the probability among all, where they are of these classes', () => {
    const logits = Float32Array.of(2, 1, 0);
    const by = {
      labels: ['a', 'b', 'c'],
      kind: 'softmax' as const,
      among: [1, 2],
    };
    const scored = scoresOf([1, 0], logits, by, Float32Array.of(0, 0, 0));
    expect(scored[0]?.share).toBeCloseTo(Math.E / (Math.E + 1), 12);
    expect(scored[0]?.probability).toBeCloseTo(Math.E / (Math.E ** 2 + Math.E + 1), 12);
    expect(scored[1]?.share).toBeUndefined();
    // Of the picture before it was changed, the same.
    expect(scored[0]?.before).toMatchObject({ probability: 1 / 3, share: 1 / 2 });
  });
});

describe('classes to take answers among', () => {
  it('are some of several, of a model that chooses', () => {
    expect(whyNotAmong('softmax', 4, [1, 2])).toBeUndefined();
    expect(whyNotAmong('sigmoid', 4, [1, 2])).toBeUndefined();
    expect(whyNotAmong('softmax', 4, [1])).toMatch(/only one/);
    expect(whyNotAmong('softmax', 4, [])).toMatch(/none/);
    expect(whyNotAmong('softmax', 4, [0, 1, 2, 3])).toMatch(/all classes of the model/);
    expect(whyNotAmong('softmax', 4, [1, 9])).toMatch(/no class 9: the model has 4/);
    expect(whyNotAmong('value', 4, [1, 2])).toMatch(/values and no classes/);
    expect(whyNotAmong('binary', 2, [0, 1])).toMatch(/two classes apart/);
    expect(() => checkAmong('value', 4, [1, 2])).toThrow(/values and no classes/);
    expect(tidyClasses([7, 2, 7])).toEqual([2, 7]);
    expect(amongNotice('sigmoid')).toMatch(/each class on its own/);
    expect(amongNotice('softmax')).toBeUndefined();
  });

  const classes = ['tench', 'tabby, tabby cat', 'tiger cat', 'tiger', 'crane', 'crane'];

  it.each<[string, number[]]>([
    ['tench, 3', [0, 3]],
    ['tabby, tabby cat, tiger cat', [1, 2]],
    ['TABBY , Tabby Cat', [1]],
    ['tiger,tiger,,2 ,', [3, 2]],
    ['', []],
  ])('“%s” names %j', (text, expected) => {
    expect(readClassList(text, classes)).toEqual({ classes: expected, problems: [] });
  });

  it('are refused with a sentence for each name that is none, or several', () => {
    const { classes: found, problems } = readClassList('tench, crane, mule, 6', classes);
    expect(found).toEqual([0]);
    expect(problems).toHaveLength(3);
    expect(problems.join(' ')).toMatch(
      /“crane” fits several classes: 4 crane; 5 crane.*no class named “mule”.*There is no class 6/,
    );
    // How many classes a model without names has is known where it runs.
    expect(readClassList('6, 900', [])).toEqual({ classes: [6, 900], problems: [] });
  });

  it('looks a long list up by going through the names a few times, however many it names', () => {
    let looks = 0;
    const names = Array.from({ length: 400 }, (_, index) => `bird ${index}, b${index}`);
    const watched = new Proxy(names, {
      get: (target, key, receiver) => {
        looks++;
        return Reflect.get(target, key, receiver) as unknown;
      },
    });
    const each = names.map((_, index) => index);
    expect(readClassList(names.join(', '), watched)).toEqual({ classes: each, problems: [] });
    expect(looks).toBeLessThan(10 * names.length);
  });

  it('come from the labels of a dataset or a list, or there is a reason', () => {
    const what = { output: 'softmax', classes, labelled: [3, 0, 3] } as const;
    expect(amongList({ of: 'all' }, what)).toEqual({});
    expect(amongList({ of: 'dataset' }, what)).toEqual({
      list: { of: 'dataset', classes: [0, 3] },
    });
    expect(amongList({ of: 'list', text: 'tiger, tench' }, what)).toEqual({
      list: { of: 'list', classes: [0, 3] },
    });
    expect(amongList({ of: 'list', text: 'mule, tench' }, what).whyAll).toMatch(/“mule”/);
    expect(amongList({ of: 'dataset' }, { ...what, labelled: [3] }).whyAll).toMatch(/only one/);
  });
});
