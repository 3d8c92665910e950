/** What a panel's controller is made of, without an editor: mailbox, memory, newest request, messages. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ExplanationMemory } from '../../src/extension/panel/explanation-memory';
import { parsePanelMessage, parsePanelState } from '../../src/extension/panel/from-panel';
import { NewestRequest } from '../../src/extension/page/newest-request';
import { nextChoices } from '../../src/extension/panel/panel-choices';
import { PanelMailbox } from '../../src/extension/panel/panel-mailbox';
import { explainedMessage, withModel } from '../../src/extension/panel/panel-words';
import { browserDraws } from '../../src/extension/panel/browser-draws';
import { isImagePath } from '../../src/shared/picture-endings';
import type { ClassScore, Heatmap } from '../../src/shared/explanation';
import { Failure } from '../../src/shared/failure';
import type { ModelDescription } from '../../src/shared/model';
import type { ToPanel } from '../../src/shared/panel-protocol';
import type { ExplainResult } from '../../src/shared/protocol/explain';

const window = { imageWidth: 8, imageHeight: 8, left: 0, top: 0, width: 8, height: 8 };

function score(index: number): ClassScore {
  return { index, label: `c${index}`, probability: 1 / (index + 2), logit: -index };
}

function heatmap(index: number): Heatmap {
  return { index, label: `c${index}`, values: Float32Array.of(index), shape: [1, 1] };
}

function result(top: readonly number[], explained: readonly number[]): ExplainResult {
  return {
    modelId: 'starter',
    modelSha256: 'abc',
    method: 'attention',
    preset: 'base',
    output: 'softmax',
    grid: [1, 1],
    window,
    topK: top.map(score),
    heatmaps: explained.map(heatmap),
    scores: explained.map(score),
    stability: undefined,
    provider: 'cpu',
    assumed: [],
    notices: [],
    remarks: [],
    milliseconds: { decode: 1, open: 1, forward: 1, explain: 1, total: 4 },
  };
}

const model: ModelDescription = {
  id: 'starter',
  name: 'Starter ViT',
  path: '/model.onnx',
  preprocessing: {
    resize: { rule: 'squash' },
    interpolation: 'bicubic',
    crop: [8, 8],
    rescale: 1 / 255,
    mean: [0, 0, 0],
    std: [1, 1, 1],
  },
  preprocessingSource: 'guessed as plain ViT: nothing says otherwise',
  assumed: [],
  labels: [],
};

const show: Extract<ToPanel, { kind: 'show' }> = {
  kind: 'show',
  uri: 'file:///a.png',
  fileName: 'a.png',
  imageSrc: 'a',
  models: [],
  methods: [],
  modelId: 'starter',
  method: 'attention',
  labels: [],
  colourMap: 'viridis',
};

describe('the mailbox of a panel', () => {
  const explained = explainedMessage(model, result([1], [1]));
  const classified: ToPanel = { kind: 'classified', topK: [], window };
  const busy: ToPanel = { kind: 'busy', phrase: 'Working' };

  function mailbox(): { box: PanelMailbox; delivered: ToPanel[] } {
    const delivered: ToPanel[] = [];
    return { box: new PanelMailbox((message) => delivered.push(message)), delivered };
  }

  it('delivers nothing before the webview says that it has loaded', () => {
    const { box, delivered } = mailbox();
    box.post(show);
    box.post(busy);
    expect(delivered).toEqual([]);
    box.ready();
    expect(delivered).toEqual([show, busy]);
  });

  it('tells a webview that comes back the map and what is under way', () => {
    const { box, delivered } = mailbox();
    box.ready();
    for (const message of [show, busy, classified, explained, busy]) box.post(message);
    box.hidden();
    box.post({ kind: 'cancelled' });
    expect(delivered).toHaveLength(5);
    delivered.length = 0;
    box.ready();
    expect(delivered).toEqual([show, explained, { kind: 'cancelled' }]);
  });

  it('tells the way through a gallery first, whatever else there is', () => {
    const { box, delivered } = mailbox();
    const filmstrip: ToPanel = { kind: 'filmstrip', filmstrip: undefined };
    for (const message of [show, explained, filmstrip]) box.post(message);
    box.ready();
    expect(delivered).toEqual([filmstrip, show, explained]);
  });

  it('forgets the answer of another model or another version of the picture', () => {
    const { box, delivered } = mailbox();
    for (const changed of [{ modelId: 'other' }, { imageSrc: 'b' }]) {
      box.post(show);
      box.post(explained);
      box.post({ ...show, ...changed });
    }
    box.ready();
    expect(delivered.map(({ kind }) => kind)).toEqual(['show']);
  });

  it('is no longer busy once the map is there', () => {
    const { box } = mailbox();
    box.post(busy);
    expect(box.status).toEqual(busy);
    box.post(explained);
    expect(box.status).toBeUndefined();
  });
});

describe('the memory of a panel', () => {
  it('keeps maps of other classes, in the order of the list, the newest of each', () => {
    const memory = new ExplanationMemory();
    memory.add(result([3, 1, 2], [3]));
    memory.add(result([3, 1, 2], [9, 2]));
    const merged = memory.add({
      ...result([3, 1, 2], [1, 9]),
      heatmaps: [heatmap(1), { ...heatmap(9), label: 'newer' }],
    });
    expect(merged.heatmaps.map(({ index }) => index)).toEqual([3, 1, 2, 9]);
    expect(merged.scores.map(({ index }) => index)).toEqual([3, 1, 2, 9]);
    expect(merged.heatmaps.at(-1)?.label).toBe('newer');
    expect(memory.get('starter', 'attention')).toBe(merged);
    expect(memory.get('starter', 'rollout')).toBeUndefined();
  });

  it('keeps a measured stability when another class is explained', () => {
    const memory = new ExplanationMemory();
    const stability = { relativeChange: 1e-5, trusted: true, sentence: 'Stable.' };
    memory.add({ ...result([1], [1]), stability });
    expect(memory.add(result([1], [2])).stability).toEqual(stability);
  });

  it('never joins answers of two models at one place: what was replaced is forgotten', () => {
    const memory = new ExplanationMemory();
    memory.add(result([1], [1]));
    memory.add({ ...result([1], [1]), method: 'rollout' });
    memory.add({ ...result([1], [1]), modelId: 'other' });
    const merged = memory.add({ ...result([2], [2]), modelSha256: 'def' });
    expect(merged.heatmaps.map(({ index }) => index)).toEqual([2]);
    expect(memory.get('starter', 'rollout')).toBeUndefined();
    expect(memory.get('other', 'attention')).toBeDefined();
  });

  it('forgets one model, or everything', () => {
    const memory = new ExplanationMemory();
    memory.add(result([1], [1]));
    memory.add({ ...result([1], [1]), modelId: 'other' });
    memory.forget('starter');
    expect(memory.get('starter', 'attention')).toBeUndefined();
    expect(memory.get('other', 'attention')).toBeDefined();
    memory.clear();
    expect(memory.get('other', 'attention')).toBeUndefined();
  });
});

describe('the newest request', () => {
  it('replaces the one before without stopping it', () => {
    const requests = new NewestRequest(() => undefined);
    const first = requests.begin();
    const second = requests.begin();
    expect([first.current, second.current]).toEqual([false, true]);
    expect(first.signal.aborted).toBe(false);
    expect(() => first.check()).toThrow(Failure);
    requests.end(first);
    expect(requests.running).toBe(true);
    requests.end(second);
    expect(requests.running).toBe(false);
  });

  it('is stopped when the person cancels', () => {
    const changes: boolean[] = [];
    const requests: NewestRequest = new NewestRequest(() => changes.push(requests.running));
    const request = requests.begin();
    expect(requests.cancel()).toBe(true);
    expect(request.signal.aborted).toBe(true);
    expect(request.current).toBe(false);
    expect(requests.cancel()).toBe(false);
    expect(changes).toEqual([true, false]);
  });
});

describe('messages of a panel', () => {
  it.each([
    { kind: 'ready', state: undefined },
    { kind: 'chooseMethod', method: 'attention' },
    { kind: 'chooseModel', modelId: 'starter' },
    { kind: 'explainClass', index: 3 },
    { kind: 'useWindow', window: { centre: 40, width: 400 } },
    { kind: 'useWindow' },
    { kind: 'keepWindow', window: { low: 0, high: 4095 } },
    { kind: 'cancel' },
    { kind: 'retry' },
    { kind: 'openLog' },
    { kind: 'manageModels' },
    { kind: 'measureStability' },
    { kind: 'save', format: 'png', classIndex: 1, png: Uint8Array.of(1) },
    { kind: 'notify', message: 'Copied.' },
  ])('accepts $kind', (message) => {
    expect(parsePanelMessage(message)?.kind).toBe(message.kind);
  });

  it.each([
    undefined,
    'ready',
    { kind: 'unheard' },
    { kind: 'explainClass', index: -1 },
    { kind: 'explainClass', index: 1.5 },
    { kind: 'save', format: 'exe', classIndex: 1 },
    { kind: 'useWindow', window: { low: 5, high: 5 } },
    { kind: 'keepWindow' },
    { kind: 'step', by: 2 },
    { kind: 'walk', place: -1 },
    { kind: 'lookAtFrames', range: { first: 0 } },
  ])('refuses %j', (message) => {
    expect(parsePanelMessage(message)).toBeUndefined();
  });

  it('revives what a panel kept, and nothing that is damaged', () => {
    const kept = { uri: 'file:///a', modelId: 'm', method: 'x', extraClasses: [1], view: { a: 1 } };
    expect(parsePanelState(kept)).toMatchObject({ uri: 'file:///a', extraClasses: [1] });
    expect(parsePanelState({ ...kept, extraClasses: ['1'] })).toBeUndefined();
    const chosenWindow = { lowPercent: 2, highPercent: 98 };
    expect(parsePanelState({ ...kept, chosenWindow })?.chosenWindow).toEqual(chosenWindow);
    expect(parsePanelState({ ...kept, chosenWindow: { low: 2, high: 1 } })).toBeUndefined();
    expect(parsePanelState(undefined)).toBeUndefined();
  });
});

describe('what is asked about the next picture', () => {
  const chosen = {
    modelId: 'starter',
    method: 'attention',
    extraClasses: [3],
    chosenWindow: { low: 0, high: 4095 },
  };

  it('is what was asked before, without what was chosen for that picture alone', () => {
    const next = { modelId: 'starter', method: 'attention', extraClasses: [] };
    expect(nextChoices(chosen, {}, true)).toStrictEqual(next);
    expect(nextChoices(chosen, { method: 'rollout' }, true).method).toBe('rollout');
  });

  it('keeps the window of the same picture', () => {
    expect(nextChoices(chosen, {}, false).chosenWindow).toEqual(chosen.chosenWindow);
  });
});

describe('what is said to a panel', () => {
  it('names a model that is in no list', () => {
    const listings = withModel([], { ...model, id: 'file:/m.onnx', name: 'm.onnx' });
    expect(listings).toMatchObject([{ id: 'file:/m.onnx', name: 'm.onnx', source: 'own' }]);
    expect(withModel(listings, { ...model, id: 'file:/m.onnx' })).toBe(listings);
  });

  it('gives every map its probability, and says what was assumed', () => {
    const assumed = [
      { subject: 'preprocessing', value: 'ViT', reason: 'of its names', field: 'preprocessing' },
    ] as const;
    const message = explainedMessage(model, { ...result([1], [1, 5]), assumed });
    expect(message.heatmaps.map(({ logit }) => logit)).toEqual([-1, -5]);
    expect(message.assumed).toEqual(assumed);
  });
});

describe('picture formats', () => {
  it.each(['/a/b.PNG', '/a.b/c.jpeg', 'x.TiF', '/x.svg'])('%s is a picture', (path) => {
    expect(isImagePath(path)).toBe(true);
  });
  it.each(['/a.png/b', '/a/png', '/a/b.heic', ''])('%j is none', (path) => {
    expect(isImagePath(path)).toBe(false);
  });
  it('knows which ones a browser draws just as a model sees them', () => {
    const folder = path.resolve(import.meta.dirname, '../fixtures/pictures');
    const drawn = readdirSync(folder).filter(
      (name) => isImagePath(name) && browserDraws(readFileSync(path.join(folder, name))),
    );
    // No transparency, more bits, CMYK, animation, nor anything that it does not know at all.
    expect(drawn).toEqual([
      '1bit.png',
      'grey.jpg',
      'grey.png',
      'grey_2bit.png',
      'grey_4bit.png',
      'lossless.webp',
      ...[1, 2, 3, 4, 5, 6, 7, 8].map((turn) => `orientation_${turn}.jpg`),
      'palette.png',
      'palette_2bit.png',
      'palette_4bit.png',
      'rgb.jfif',
      'rgb.jpe',
      'rgb.jpg',
      'rgb.png',
      'rgb_adobe.jpg',
      'rgb_halved_chroma.jpg',
      'rgb_interlaced.png',
      'rgb_progressive.jpg',
    ]);
  });
});
