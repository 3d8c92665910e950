/** What is made of the answers under several preparations. */
import { describe, expect, it } from 'vitest';
import { tallyTrial, waysToTry } from '../../src/shared/model-page/tally-trial';
import type { Trial } from '../../src/shared/model-page/trial';
import { trialAdvice } from '../../src/shared/model-page/trial-advice';
import type { TriedPicture } from '../../src/shared/protocol/preparations';
import { presetOf, presets } from '../../src/store/presets';

const offered = presets.map(({ name, preprocessing }) => ({
  name,
  preprocessing: preprocessing(224),
}));
const timm = presetOf('timm').preprocessing(224);
const ways = waysToTry(timm, offered);
const odd = { ...timm, rescale: 1 };

describe('the ways to try', () => {
  it('are those that differ, the one in use first', () => {
    expect(ways[0]).toEqual({ names: ['timm ViT'], preprocessing: timm });
    expect(ways.flatMap(({ names }) => names).sort()).toEqual(
      offered.map(({ name }) => name).sort(),
    );
    expect(waysToTry(odd, offered)[0]).toEqual({ names: [], preprocessing: odd });
    const large = presets.map(({ name, preprocessing }) => ({
      name,
      preprocessing: preprocessing(384),
    }));
    const alike = waysToTry(odd, large).find(({ names }) => names.length > 1);
    expect(alike?.names).toEqual(['timm DeiT, MAE, DINO', 'DINOv2', 'torchvision, SWAG weights']);
  });
});

/**
 * @param ranks of the truth by each way; the best class is the truth, or one that no label names, and
 *   the loss is the rank
 */
function picture(name: string, ...ranks: readonly number[]): TriedPicture {
  return {
    ok: true,
    name,
    answers: ranks.map((truthRank, way) => ({
      truthRank,
      loss: truthRank,
      top: [{ index: truthRank === 0 ? 0 : 100 + way, label: 'a', probability: 0.5 + way / 4 }],
    })),
  };
}

const two = ways.slice(0, 2);
const torn: TriedPicture = {
  ok: false,
  name: 'torn',
  code: 'image-unreadable',
  message: 'It is torn.',
};

describe('the tally', () => {
  const pictures = [picture('a', 0, 1), picture('b', 4, 0), picture('c', 5, 0), torn];

  it('counts each way, and holds it against the one in use', () => {
    const { rows, broken } = tallyTrial(two, pictures, timm);
    expect(rows.map(({ inUse }) => inUse)).toEqual([true, false]);
    expect(rows.map(({ figures }) => figures)).toEqual([
      {
        pictures: 3,
        labelled: 3,
        right: 1,
        inFive: 2,
        gain: { mean: 0, error: 0 },
        others: 0,
        confidence: 0.5,
      },
      {
        pictures: 3,
        labelled: 3,
        right: 2,
        inFive: 3,
        // Gains of −1, 4 and 5: their deviation is √(62 / 6).
        gain: { mean: 8 / 3, error: expect.closeTo(Math.sqrt(62 / 6 / 3), 12) as number },
        others: 3,
        confidence: 0.75,
      },
    ]);
    expect(broken).toEqual({ count: 1, first: 'It is torn.' });
  });

  it('follows what is in use meanwhile', () => {
    const [, second] = two;
    const { rows } = tallyTrial(two, pictures, second?.preprocessing ?? timm);
    expect(rows.map(({ inUse }) => inUse)).toEqual([false, true]);
    expect(rows[0]?.figures.gain?.mean).toBeCloseTo(-8 / 3, 12);
    expect(tallyTrial(two, pictures, odd).rows.some(({ inUse }) => inUse)).toBe(false);
  });

  it('shows the answers of a single picture', () => {
    expect(tallyTrial(two, [picture('a', 0, 1)], timm).rows[1]?.top[0]?.index).toBe(101);
    expect(tallyTrial(two, pictures, timm).rows[1]?.top).toEqual([]);
    expect(tallyTrial(two, [torn], timm).rows).toEqual([]);
  });
});

describe('the advice', () => {
  const trialOf = (pictures: readonly TriedPicture[], kind: 'picture' | 'dataset' = 'dataset') =>
    ({
      subject: { kind, name: 'animals', uris: [] },
      drawn: pictures.length,
      available: pictures.length,
      activity: { kind: 'idle' },
      ...tallyTrial(two, pictures, timm),
    }) satisfies Trial;
  const many = (count: number, ...ranks: readonly number[]) =>
    Array.from({ length: count }, (_, at) => picture(`${ranks.join()} ${at}`, ...ranks));

  it('names a way that suits the pictures clearly better', () => {
    const advice = trialAdvice(trialOf([...many(9, 1, 0), ...many(1, 0, 1), ...many(10, 0, 0)]));
    expect(advice?.better).toBeUndefined();
    const surely = trialAdvice(trialOf([...many(12, 1, 0), ...many(1, 0, 1), ...many(10, 0, 0)]));
    expect(surely?.better?.names).toEqual(two[1]?.names);
    expect(surely?.sentence).toMatch(/right on 22 of 23 instead of 11, .* less by 0\.48 ± 0\.12/);
  });

  it('names none where the difference may be chance, or the pictures are few', () => {
    const chance = trialAdvice(trialOf([...many(4, 1, 0), ...many(1, 0, 1), ...many(20, 0, 0)]));
    expect(chance?.better).toBeUndefined();
    expect(chance?.sentence).toMatch(/no reason to change/);
    const few = trialAdvice(trialOf(many(19, 5, 0)));
    expect(few?.better).toBeUndefined();
    expect(few?.sentence).toMatch(/^Only 19 of these pictures .* 20 would do/);
  });

  it('does not judge without labels, nor a single picture', () => {
    const unlabelled: TriedPicture = { ok: true, name: 'a', answers: [{ top: [] }, { top: [] }] };
    expect(trialAdvice(trialOf([unlabelled, unlabelled]))?.sentence).toMatch(/^No label/);
    expect(trialAdvice(trialOf(many(1, 1, 0), 'picture'))).toBeUndefined();
    expect(trialAdvice(trialOf([torn]))).toBeUndefined();
  });
});
