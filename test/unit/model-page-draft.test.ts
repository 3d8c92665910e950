/** What is typed on the page of a model file, and what it comes to. */
import { describe, expect, it } from 'vitest';
import { freshModelPage } from '../../src/shared/model-page/model-page-state';
import type { Preprocessing } from '../../src/shared/preprocessing';
import { samePreprocessing } from '../../src/shared/same-preprocessing';
import { presets, presetOf } from '../../src/store/presets';
import { withFact } from '../../src/webview/model/architecture-facts';
import { draftOf, preprocessingOf } from '../../src/webview/model/preparation-draft';
import {
  initialModelPage,
  toKeepOfModelPage,
  updateModelPage,
} from '../../src/webview/model-state';

const timm = presetOf('timm').preprocessing(224);
const odd: Preprocessing = {
  resize: { rule: 'contain', size: [200, 300], rounding: 'down' },
  interpolation: 'lanczos',
  crop: [224, 320],
  cropRounding: 'towards-zero',
  fill: [1, 2, 255],
  place: 'top-left',
  channels: 'bgr',
  rescale: 0.5,
  mean: [-1, 0, 1],
  std: [1, 2, 3],
};
const longest: Preprocessing = {
  ...timm,
  resize: { rule: 'shortest-edge', size: 800, longest: 1333 },
};

const undrafted = (draft: ReturnType<typeof draftOf>) => preprocessingOf(draft, {});

describe('a draft of how pictures are prepared', () => {
  it.each([...presets.map(({ preprocessing }) => preprocessing(224)), odd, longest])(
    'comes to what it was made of: %j',
    (preprocessing) => {
      const drafted = undrafted(draftOf(preprocessing));
      if (!('preprocessing' in drafted)) throw new Error(drafted.problem);
      expect(samePreprocessing(drafted.preprocessing, preprocessing)).toBe(true);
    },
  );

  it('takes fractions, and keeps what is said of reading pictures', () => {
    const draft = { ...draftOf(timm), rescale: ' 1 / 128 ', mean: ['1/2', '0', '-1e-1'] } as const;
    expect(preprocessingOf(draft, { alpha: 'white' })).toMatchObject({
      preprocessing: { alpha: 'white', rescale: 1 / 128, mean: [0.5, 0, -0.1] },
    });
  });

  it.each([
    ['short', { short: '0' }, /short side has to be a whole number from 1 to 16384/],
    ['short', { short: '' }, /short side/],
    ['cropWidth', { cropWidth: '224.5' }, /width of the crop/],
    ['mean', { mean: ['0,5', '0', '0'] }, /means have to be three numbers/],
    ['mean', { mean: ['1/2/3', '0', '0'] }, /means/],
    ['std', { std: ['1', '1', '0'] }, /deviations have to be numbers above 0/],
    ['rescale', { rescale: '1/0' }, /factor has to be a number above 0/],
    ['fill', { fill: ['0', '0', '256'] }, /colours have to be three numbers from 0 to 255/],
  ] as const)('says which field is unsound: %s as %j', (field, change, problem) => {
    const drafted = undrafted({ ...draftOf(timm), ...change });
    expect(drafted).toEqual({ field, problem: expect.stringMatching(problem) as string });
  });
});

describe('the same preparation', () => {
  it('is the same however it is written', () => {
    const squash = presetOf('siglip').preprocessing(224);
    const inFull: Preprocessing = {
      channels: 'rgb',
      ...squash,
      resize: { size: [224, 224], rule: 'squash' },
      fill: [0, 0, 0],
    };
    expect(samePreprocessing(squash, inFull)).toBe(true);
    expect(samePreprocessing(squash, { ...inFull, channels: 'bgr' })).toBe(false);
    expect(samePreprocessing(timm, longest)).toBe(false);
  });
});

describe('what is typed', () => {
  const file = {
    name: 'a.onnx',
    folder: '/',
    bytes: 1,
    manifest: { name: 'a.vit.json', exists: false },
  };
  const typed = { ...draftOf(timm), short: '250' };
  const page = updateModelPage(initialModelPage(undefined), {
    kind: 'drafted',
    draft: typed,
  }).model;
  const told = (preprocessing: Preprocessing) => {
    const state = freshModelPage(file, true);
    // Of a model, nothing else is looked at.
    const model = { preprocessing } as NonNullable<(typeof state)['model']>;
    const change = { kind: 'state', heard: 0, changed: { ...state, model }, gone: [] } as const;
    return updateModelPage(page, { kind: 'received', change }).model;
  };

  it('is kept over a reload, and until it is kept in the manifest', () => {
    expect(toKeepOfModelPage(page)).toEqual({ draft: typed });
    expect(initialModelPage(toKeepOfModelPage(page)).draft).toEqual(typed);
    expect(told(timm).draft).toEqual(typed);
    expect(told({ ...timm, resize: { rule: 'shortest-edge', size: 250 } }).draft).toBeUndefined();
  });
});

describe('a fact of a checkpoint', () => {
  it('is stated beside what is stated already', () => {
    expect(withFact({ heads: 3 }, 'grid', '14 × 15')).toEqual({
      architecture: { heads: 3, grid: [14, 15] },
    });
    expect(withFact(undefined, 'normEpsilon', '1e-6')).toEqual({
      architecture: { normEpsilon: 1e-6 },
    });
  });

  it.each([
    ['heads', '1.5'],
    ['heads', ''],
    ['grid', '14'],
    ['grid', '14, x'],
    ['activation', 'swish'],
    ['weights', ' '],
  ] as const)('is refused with what it has to be: %s as “%s”', (fact, text) => {
    expect(withFact(undefined, fact, text)).toHaveProperty('problem');
  });
});
