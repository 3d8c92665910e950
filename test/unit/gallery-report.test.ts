import { describe, expect, it } from 'vitest';
import { packMap } from '../../src/dataset/pack-map';
import { reportText, type ReportedGallery } from '../../src/extension/gallery/report-text';
import { choiceInWords } from '../../src/shared/gallery/choice-in-words';
import { everySample } from '../../src/shared/gallery/choose-tiles';
import { tilesAccuracy } from '../../src/shared/gallery/tiles-accuracy';
import type { Tile } from '../../src/shared/gallery/tile';
import type { ExplainedSample } from '../../src/shared/sample-result';
import { squashedTo } from '../fixtures/preprocessing';

const classes = ['cat, house cat', 'dog'];

function sample(name: string, truth: number, answer: number): ExplainedSample {
  return {
    ok: true,
    name,
    sha256: '',
    truth,
    top: [{ index: answer, probability: 0.75 }],
    truthRank: truth === answer ? 0 : 1,
    loss: 1,
    map: packMap(Float32Array.of(0, 1, 2, 3), 2, 2),
    shares: { border: 1, corners: [0, 1 / 6, 1 / 3, 1 / 2] },
  };
}

const samples = [sample('a.jpg', 0, 0), sample('b.jpg', 0, 1), sample('c.jpg', 1, 1)];

function reported(names?: readonly string[]): ReportedGallery {
  return {
    header: {
      format: 'vit-explainer-batch',
      version: 1,
      dataset: 'pets',
      samples: 3,
      model: { name: 'Model', sha256: 'ab' },
      preprocessing: squashedTo(8),
      output: 'softmax',
      method: 'attnlrp',
      options: {},
      classes,
      unmatched: [],
      skipped: [],
      otherFiles: 0,
    },
    results: {
      inOrder: async function* () {
        await Promise.resolve();
        yield* samples;
      },
    },
    chosen: names && { names: new Set(names), words: 'cat taken for dog' },
    reported: { classSpecific: true, signed: true, pixels: false },
    thumbnailOf: () => '/nowhere',
  };
}

describe('the report of a gallery', () => {
  it('is of all samples, with the day', async () => {
    const [head, ...lines] = (await reportText('jsonl', reported())).trimEnd().split('\n');
    expect(JSON.parse(head ?? '')).toMatchObject({
      made: expect.stringMatching(/^\d{4}-\d\d-\d\d$/) as string,
    });
    expect(head).not.toContain('chosen');
    expect(lines).toHaveLength(3);
  });

  it('is of those that the filters leave where it is asked to be, and says so', async () => {
    const gallery = reported(['b.jpg']);
    const [head, ...lines] = (await reportText('jsonl', gallery)).trimEnd().split('\n');
    expect(JSON.parse(head ?? '')).toMatchObject({ samples: 3, chosen: 'cat taken for dog' });
    expect(lines.map((line) => (JSON.parse(line) as ExplainedSample).name)).toEqual(['b.jpg']);
    const rows = (await reportText('csv', gallery)).trimEnd().split('\r\n');
    expect(rows.slice(1).map((row) => row.split(',')[0])).toEqual(['b.jpg']);
    const page = await reportText('html', gallery);
    expect(page).toContain('filters of the gallery: cat taken for dog.');
    expect(page).toMatch(/Accuracy<\/dt><dd>0\.0.%/);
  });
});

describe('the words for a choice of samples', () => {
  it.each([
    [{}, undefined],
    [{ text: '  ' }, undefined],
    [{ sort: 'loss', descending: true }, undefined],
    [{ show: 'wrong' }, 'wrong answers'],
    [{ show: 'unsure', text: 'park' }, 'answers below 50 %; with “park” in name, label or class'],
    [{ classIndex: 0 }, 'labelled or answered “cat”'],
    [{ cell: { truth: 0, answer: 1 } }, 'cat taken for dog'],
    [{ cell: { truth: 1, answer: 1 } }, 'dog, right'],
  ] as const)('%j', (change, words) => {
    expect(choiceInWords({ ...everySample, ...change }, { classes })).toBe(words);
  });

  it('say what answers are taken among, where that decides which samples there are', () => {
    const dataset = { classes, among: { of: 'dataset', classes: [0, 1] } } as const;
    const among = { ...everySample, among: true };
    expect(choiceInWords(among, dataset)).toBeUndefined();
    expect(choiceInWords({ ...among, show: 'wrong' }, dataset)).toBe(
      'wrong answers; answers among the dataset’s 2 classes',
    );
  });
});

describe('the accuracy of tiles', () => {
  const tile = (truthRank: number | undefined): Tile => ({
    ok: true,
    name: String(truthRank),
    answer: 0,
    truthRank,
  });
  const tiles = [tile(0), tile(0), tile(3), tile(undefined)];

  it('counts those with a known class', () => {
    const broken: Tile = { ok: false, name: 'x', message: 'torn' };
    expect(tilesAccuracy([...tiles, broken], everySample)).toEqual({ right: 2, labelled: 3 });
    expect(tilesAccuracy([tile(undefined)], everySample)).toBeUndefined();
  });

  it('is not told of samples that were chosen by it', () => {
    expect(tilesAccuracy(tiles, { ...everySample, show: 'wrong' })).toBeUndefined();
    expect(tilesAccuracy(tiles, { ...everySample, cell: { truth: 0, answer: 0 } })).toBeUndefined();
  });
});
