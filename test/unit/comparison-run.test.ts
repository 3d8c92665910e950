/** The work of a comparison: which calls fill its cells, in which order, and what keeps one from being filled. */
import { expect, it, vi } from 'vitest';
import {
  byBestMethod,
  compare,
  type ComparisonServices,
} from '../../src/extension/compare/comparison-run';
import type { ComparedPictures } from '../../src/extension/compare/compared-pictures';
import { cellsOf, type Comparison } from '../../src/shared/compare/comparison';
import type { ComparisonFact } from '../../src/shared/compare/comparison-facts';
import type { MethodInfo } from '../../src/shared/explanation';
import { Failure } from '../../src/shared/failure';
import type { PictureChange } from '../../src/shared/picture-change';
import type { ExplainParams } from '../../src/shared/protocol/explain';

vi.mock('vscode', () => ({}));
vi.mock('../../src/extension/settings', () => ({
  explainSettings: () => ({ method: 'gae', topK: 2, preset: 'model', colourMap: 'viridis' }),
}));

const costs = { dear: 9, cheap: 1, middle: 3, broken: 4, unable: 1 };
const methods = Object.entries(costs).map(
  ([id, cost]) => ({ id, name: id, cost, signed: false }) as unknown as MethodInfo,
);

function comparison(classes: string): Comparison {
  return {
    rows: 'none',
    columns: 'methods',
    spread: { methods: Object.keys(costs), classes: [], models: [], pictures: [] },
    held: { methods: 'dear', classes, models: 'a', pictures: 'file:///one.jpg' },
    classesOf: 'a',
    phrases: [],
  };
}

async function run(classes: string, changed?: Comparison['changed']) {
  const asked: ExplainParams[] = [];
  const drawnWith: (PictureChange | undefined)[] = [];
  const facts: ComparisonFact[] = [];
  const answer = (params: ExplainParams) => {
    asked.push(params);
    if (params.method === 'broken') throw new Failure('internal', 'It broke.', 'Try again.');
    const map = { index: 0, label: 'cat', values: Float32Array.of(1), shape: [1, 1] };
    return { heatmaps: [map], scores: [{ index: 0, label: 'cat' }], window: {}, grid: [1, 1] };
  };
  const availability = Object.keys(costs).map((id) => ({
    id,
    reason: id === 'unable' ? 'It has no class token.' : undefined,
  }));
  const services = {
    worker: {
      call: (name: string, params: ExplainParams) =>
        Promise.resolve(name === 'inspect' ? { methods: availability } : answer(params)),
    },
    models: {
      resolve: (id: string) =>
        Promise.resolve({ id, name: id, labels: ['cat', 'dog'], preprocessing: {} }),
    },
  } as unknown as ComparisonServices;
  const picture = {
    uri: {},
    name: 'one.jpg',
    source: (change?: PictureChange) =>
      Promise.resolve({ kind: 'encoded', bytes: Uint8Array.of(1), name: 'one.jpg', change }),
    drawn: (_: AbortSignal, __: unknown, change?: PictureChange) => {
      drawnWith.push(change);
      return Promise.resolve({ uri: 'file:///one.jpg', fileName: 'one.jpg', imageSrc: '' });
    },
  };
  const pictures = { get: () => picture } as unknown as ComparedPictures;
  const request = {
    signal: new AbortController().signal,
    check: () => undefined,
    tell: (fact: ComparisonFact) => facts.push(fact),
  };
  const wanted = { ...comparison(classes), ...(changed && { changed }) };
  const missing = cellsOf(wanted).flat();
  await compare(
    { ...services, request, pictures, methods, comparison: wanted, owner: 'test' },
    missing,
  );
  const cells = facts.flatMap((fact) => (fact.kind === 'found' ? fact.cells : []));
  const outcomes = cells.map(({ address, outcome }) => [
    address.methods,
    outcome.kind === 'map' ? 'map' : outcome.reason,
  ]);
  return { asked, outcomes, drawnWith };
}

it('asks the cheap methods first, and tells the first call of all that come', async () => {
  const { asked } = await run('top:1');
  expect(asked.map(({ method }) => method)).toEqual(['cheap', 'middle', 'broken', 'dear']);
  expect(asked.map(({ toCome }) => toCome)).toEqual([
    ['middle', 'broken', 'dear'],
    undefined,
    undefined,
    undefined,
  ]);
});

it('draws and explains the picture as its panel changed it, and no other one so', async () => {
  const change: PictureChange = { covered: [], fit: 'pad' };
  const changeIn = ({ image }: ExplainParams) => image.kind === 'encoded' && image.change;
  const own = await run('top:1', { picture: 'file:///one.jpg', change });
  expect(new Set(own.asked.map(changeIn))).toEqual(new Set([change]));
  expect(own.drawnWith).toEqual([change]);
  const other = await run('top:1', { picture: 'file:///two.jpg', change });
  expect(new Set(other.asked.map(changeIn))).toEqual(new Set([undefined]));
  expect(other.drawnWith).toEqual([undefined]);
});

it('says why in the cell that has no map, and goes on with the others', async () => {
  const { outcomes } = await run('top:1');
  expect(outcomes).toEqual([
    ['unable', 'It has no class token.'],
    ['cheap', 'map'],
    ['middle', 'map'],
    ['broken', 'It broke. Try again.'],
    ['dear', 'map'],
  ]);
});

it('asks for a class by its number, for one rather than another, and says which a model lacks', async () => {
  expect((await run('class:0')).asked[0]?.targets).toEqual({ classes: [0] });
  expect((await run('class:0-1')).asked[0]?.targets).toEqual({ contrast: [0, 1] });
  const lacked = ['cheap', 'a has no class “class 7”.'];
  expect((await run('class:7')).outcomes).toContainEqual(lacked);
});

it('says where the model gives fewer classes than were asked for', async () => {
  const { outcomes } = await run('top:2');
  expect(outcomes).toContainEqual(['cheap', 'The model gives 1, not more.']);
});

it('holds the method that the model itself is explained by', async () => {
  const best = new Map([
    ['a', 'middle'],
    ['b', 'cheap'],
  ]);
  const services = {
    worker: {
      call: (name: string, { model }: { model: { id: string } }) =>
        Promise.resolve(name === 'bestMethod' ? { method: best.get(model.id) } : undefined),
    },
    models: { resolve: (id: string) => Promise.resolve({ id }) },
  } as unknown as ComparisonServices;
  const request = {
    signal: new AbortController().signal,
    check: () => undefined,
    tell: () => undefined,
  };
  const wanted = comparison('top:1');
  for (const [models, methods] of best) {
    const asked = { ...wanted, held: { ...wanted.held, models } };
    const found = await byBestMethod({ ...services, request, comparison: asked, owner: 'test' });
    expect(found).toEqual({ ...asked, held: { ...asked.held, methods } });
  }
});
