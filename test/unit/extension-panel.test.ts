/** What a panel is made of in the extension, without an editor: model, memory, newest request, messages. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { withModel } from '../../src/extension/models/listed-model';
import { NewestRequest } from '../../src/extension/page/newest-request';
import { browserDraws } from '../../src/extension/panel/browser-draws';
import { PanelChannel } from '../../src/extension/panel/panel-channel';
import { isImagePath } from '../../src/shared/picture-endings';
import type { ClassScore, Heatmap } from '../../src/shared/explanation';
import { Failure } from '../../src/shared/failure';
import { learned, type PanelFact } from '../../src/shared/panel/panel-facts';
import { emptyPanel, type PanelChoices } from '../../src/shared/panel/panel-model';
import { intended } from '../../src/shared/panel/panel-intents';
import { hasAllMaps, recall, remember } from '../../src/shared/panel/remembered';
import { fromPanelSchema, keptPanelSchema, type ToPanel } from '../../src/shared/protocol/panel';
import type { ExplainResult } from '../../src/shared/protocol/explain';
import {
  busyFact,
  explainedFact,
  resultOf,
  shownFacts,
  type Shown,
} from '../fixtures/panel/panel-facts';

function score(index: number): ClassScore {
  return { index, label: `c${index}`, probability: 1 / (index + 2), logit: -index };
}

function heatmap(index: number): Heatmap {
  return { index, label: `c${index}`, values: Float32Array.of(index), shape: [1, 1] };
}

function result(top: readonly number[], explained: readonly number[]): ExplainResult {
  return resultOf({
    modelId: 'starter',
    method: 'attention',
    topK: top.map(score),
    heatmaps: explained.map(heatmap),
    scores: explained.map(score),
  });
}

const shown: Shown = {
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
const { uri } = shown;
const showing = shownFacts(shown);

describe('what a panel is told', () => {
  const explained = explainedFact(result([1], [1]));
  const cancelled: PanelFact = { kind: 'activity', activity: { kind: 'cancelled' } };

  function channel(): { box: PanelChannel; told: ToPanel[] } {
    const told: ToPanel[] = [];
    return { box: new PanelChannel(emptyPanel, (change) => told.push(change)), told };
  }

  function learn(box: PanelChannel, ...facts: readonly (PanelFact | readonly PanelFact[])[]): void {
    for (const fact of facts.flat()) box.learn(fact);
  }

  it('is nothing before the page says that it has loaded', () => {
    const { box, told } = channel();
    learn(box, showing, busyFact('Working'));
    expect(told).toEqual([]);
    box.ready();
    expect(told.map(({ changed }) => changed)).toMatchObject([
      { picture: { uri: shown.uri }, activity: { kind: 'busy', phrase: 'Working' } },
    ]);
  });

  it('is each thing once, and nothing where nothing is new', () => {
    const { box, told } = channel();
    box.ready();
    learn(box, showing, explained);
    const first = told.splice(0).flatMap(({ changed }) => Object.keys(changed));
    for (const part of ['picture', 'opened', 'classified', 'explained'])
      expect(first.filter((name) => name === part)).toEqual([part]);
    // As when the same is opened again.
    learn(box, structuredClone(showing));
    expect(told).toEqual([]);
  });

  it('is the map and what is under way, for a page that comes back', () => {
    const { box, told } = channel();
    box.ready();
    learn(box, showing, explained, busyFact('Working'));
    box.hidden();
    const count = told.length;
    box.learn(cancelled);
    expect(told).toHaveLength(count);
    box.ready();
    expect(told.at(-1)?.changed).toMatchObject({
      picture: { uri: shown.uri },
      explained: { modelId: 'starter' },
      activity: { kind: 'cancelled' },
    });
  });

  it('is never what models answered before', () => {
    const { box, told } = channel();
    learn(box, showing, explained);
    box.ready();
    expect(box.state.remembered).toHaveLength(1);
    expect(JSON.stringify(told)).not.toContain('remembered');
  });

  it.each([
    ['another model', { kind: 'moved', isOther: false, choices: { modelId: 'other' } }],
    ['a picture that is gone', { kind: 'undrawn' }],
    [
      'another version of the picture',
      { kind: 'drawn', picture: { ...shown, place: '', imageSrc: 'b' } },
    ],
  ] as const)('is no answer of %s', (_, fact) => {
    const { box, told } = channel();
    learn(box, showing, explained, fact);
    box.ready();
    expect(told.at(-1)?.changed).not.toHaveProperty('explained');
    expect(told.at(-1)?.changed).not.toHaveProperty('classified');
  });

  it('is no map of another method, while the classes still hold', () => {
    const { box, told } = channel();
    const choices = { method: 'another' };
    learn(box, showing, explained, { kind: 'moved', isOther: false, choices });
    box.ready();
    expect(told.at(-1)?.changed).not.toHaveProperty('explained');
    expect(told.at(-1)?.changed).toHaveProperty('classified');
  });

  it('is no longer busy once the map is there', () => {
    const { box } = channel();
    learn(box, showing, busyFact('Working'));
    expect(box.state.activity).toEqual({ kind: 'busy', phrase: 'Working' });
    box.learn(explained);
    expect(box.state.activity).toEqual({ kind: 'idle' });
  });
});

describe('the memory of a panel', () => {
  const known = (remembered: readonly ExplainResult[], modelId: string, method: string) =>
    recall(remembered, modelId, method);
  const all = (...results: readonly ExplainResult[]) =>
    results.reduce<readonly ExplainResult[]>(remember, []);

  it('keeps maps of other classes, in the order of the list, the newest of each', () => {
    const remembered = all(result([3, 1, 2], [3]), result([3, 1, 2], [9, 2]), {
      ...result([3, 1, 2], [1, 9]),
      heatmaps: [heatmap(1), { ...heatmap(9), label: 'newer' }],
    });
    const merged = known(remembered, 'starter', 'attention');
    expect(merged?.heatmaps.map(({ index }) => index)).toEqual([3, 1, 2, 9]);
    expect(merged?.scores.map(({ index }) => index)).toEqual([3, 1, 2, 9]);
    expect(merged?.heatmaps.at(-1)?.label).toBe('newer');
    expect(known(remembered, 'starter', 'rollout')).toBeUndefined();
  });

  it('keeps a measured stability when another class is explained', () => {
    const stability = { relativeChange: 1e-5, trusted: true, sentence: 'Stable.' };
    const remembered = all({ ...result([1], [1]), stability }, result([1], [2]));
    expect(remembered.map((one) => one.stability)).toEqual([stability]);
  });

  it('keeps how long the map took, whatever was asked afterwards', () => {
    const milliseconds = { decode: 1, open: 1, forward: 1, explain: 1, total: 400 };
    const stability = { relativeChange: 1e-5, trusted: true, sentence: 'Stable.' };
    const again = { ...result([1], [1]), stability };
    const [known] = all({ ...result([1], [1]), milliseconds }, again, result([1], [2]));
    expect(known).toMatchObject({ milliseconds, stability });
  });

  it('never joins answers of two models at one place: what was replaced is forgotten', () => {
    const remembered = all(
      result([1], [1]),
      { ...result([1], [1]), method: 'rollout' },
      { ...result([1], [1]), modelId: 'other' },
      { ...result([2], [2]), modelSha256: 'def' },
    );
    const merged = known(remembered, 'starter', 'attention');
    expect(merged?.heatmaps.map(({ index }) => index)).toEqual([2]);
    expect(known(remembered, 'starter', 'rollout')).toBeUndefined();
    expect(known(remembered, 'other', 'attention')).toBeDefined();
  });

  it('forgets one model, or everything', () => {
    const remembered = all(result([1], [1]), { ...result([1], [1]), modelId: 'other' });
    const panel = { ...emptyPanel, remembered };
    const left = learned(panel, { kind: 'outdated', modelId: 'starter' });
    expect(known(left.remembered, 'starter', 'attention')).toBeUndefined();
    expect(known(left.remembered, 'other', 'attention')).toBeDefined();
    expect(learned(left, { kind: 'outdated' }).remembered).toEqual([]);
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
    { kind: 'ready' },
    { kind: 'chooseMethod', method: 'attention' },
    { kind: 'chooseModel', modelId: 'starter' },
    { kind: 'explainClass', index: 3 },
    { kind: 'useWindow', uri, window: { centre: 40, width: 400 } },
    { kind: 'useWindow', uri },
    { kind: 'keepWindow', window: { low: 0, high: 4095 } },
    { kind: 'cancel' },
    { kind: 'retry' },
    { kind: 'openLog' },
    { kind: 'manageModels' },
    { kind: 'measureStability' },
    { kind: 'measureFaithfulness', index: 2 },
    { kind: 'save', format: 'png', classIndex: 1, png: Uint8Array.of(1) },
    { kind: 'notify', message: 'Copied.' },
    { kind: 'keep', kept: true },
    { kind: 'reveal' },
    { kind: 'compare', classIndex: 1 },
  ])('accepts $kind', (message) => {
    expect(v.parse(fromPanelSchema, message).kind).toBe(message.kind);
  });

  it.each([
    undefined,
    'ready',
    { kind: 'unheard' },
    { kind: 'explainClass', index: -1 },
    { kind: 'explainClass', index: 1.5 },
    { kind: 'measureFaithfulness' },
    { kind: 'save', format: 'exe', classIndex: 1 },
    { kind: 'useWindow', uri, window: { low: 5, high: 5 } },
    { kind: 'keepWindow' },
    { kind: 'step', by: 2 },
    { kind: 'walk', place: -1 },
    { kind: 'lookAtFrames', range: { first: 0 } },
  ])('refuses %j', (message) => {
    expect(v.is(fromPanelSchema, message)).toBe(false);
  });

  it('revives what a panel kept, and nothing that is damaged', () => {
    const kept = { uri: 'file:///a', modelId: 'm', method: 'x', extraClasses: [1], view: { a: 1 } };
    expect(v.parse(keptPanelSchema, kept)).toMatchObject({ uri: 'file:///a', extraClasses: [1] });
    expect(v.is(keptPanelSchema, { ...kept, extraClasses: ['1'] })).toBe(false);
    const chosenWindow = { lowPercent: 2, highPercent: 98 };
    expect(v.parse(keptPanelSchema, { ...kept, chosenWindow }).chosenWindow).toEqual(chosenWindow);
    expect(v.is(keptPanelSchema, { ...kept, chosenWindow: { low: 2, high: 1 } })).toBe(false);
    expect(v.is(keptPanelSchema, undefined)).toBe(false);
  });
});

describe('what is asked about the next picture', () => {
  const chosen = {
    modelId: 'starter',
    modelByDefault: true,
    method: 'attention',
    methodByDefault: true,
    extraClasses: [3],
    contrast: { index: 3, against: 1 },
    among: { of: 'list', text: 'cat, dog' } as const,
    chosenWindow: { low: 0, high: 4095 },
    change: { covered: [], fit: 'pad' as const },
  };
  const next = (choices: Partial<PanelChoices>, isOther: boolean): PanelChoices => {
    const moved: PanelFact = { kind: 'moved', isOther, choices };
    const { modelId, modelByDefault, method, methodByDefault, ...others } = learned(
      { ...emptyPanel, ...chosen },
      moved,
    );
    const { label, datasetClasses, among, chosenClass, extraClasses, contrast } = others;
    const { phrases, chosenWindow, change } = others;
    return {
      modelId,
      modelByDefault,
      method,
      methodByDefault,
      label,
      datasetClasses,
      among,
      chosenClass,
      extraClasses,
      contrast,
      phrases,
      chosenWindow,
      change,
    };
  };

  it('is what was asked before, without what was chosen for that picture alone', () => {
    expect(next({}, true)).toStrictEqual({
      modelId: 'starter',
      modelByDefault: true,
      method: 'attention',
      methodByDefault: true,
      label: undefined,
      datasetClasses: [],
      among: { of: 'list', text: 'cat, dog' },
      chosenClass: undefined,
      extraClasses: [],
      contrast: undefined,
      phrases: [],
      chosenWindow: undefined,
      change: undefined,
    });
    expect(next({ method: 'rollout' }, true)).toMatchObject({
      modelByDefault: true,
      method: 'rollout',
      methodByDefault: false,
    });
    expect(next({ modelId: 'other' }, true)).toMatchObject({
      modelId: 'other',
      modelByDefault: false,
    });
  });

  it('keeps the window and the change of the same picture', () => {
    const { chosenWindow, change } = chosen;
    expect(next({}, false)).toMatchObject({ chosenWindow, change });
  });
});

describe('a picture that is changed before the model sees it', () => {
  const cover = { left: 0, top: 0, width: 4, height: 4, fill: 'mean' as const };
  const change = { covered: [cover] };
  const known = [...showing, explainedFact(result([1], [1]))].reduce(learned, emptyPanel);

  it('is another one for every model, and nothing that was said or measured of it holds', () => {
    const changed = intended(known, { kind: 'changePicture', uri, change });
    expect(changed).toMatchObject({ change, remembered: [], measured: [] });
    for (const part of ['classified', 'explained', 'contrasted'] as const)
      expect(changed[part]).toBeUndefined();
    expect(changed).toMatchObject({ picture: known.picture, activity: { kind: 'busy' } });
    const restored = intended(changed, { kind: 'changePicture', uri, change: undefined });
    expect(restored.change).toBeUndefined();
    expect(restored.activity.kind).toBe('busy');
  });

  it('stays as it is where the same is asked for', () => {
    const changed = intended(known, { kind: 'changePicture', uri, change });
    const again = { kind: 'changePicture', uri, change: structuredClone(change) } as const;
    expect(intended(changed, again)).toBe(changed);
    expect(intended(known, { kind: 'changePicture', uri, change: undefined })).toBe(known);
  });

  it('is the next picture no longer', () => {
    const changed = intended(known, { kind: 'changePicture', uri, change });
    const moved = learned(changed, { kind: 'moved', isOther: true, choices: {} });
    expect(moved.change).toBeUndefined();
  });

  it('is not the next picture, also where that is still to be drawn or just was', () => {
    const left = learned(known, { kind: 'moved', isOther: true, choices: {} });
    const wish = { kind: 'changePicture', uri, change } as const;
    expect(intended(left, wish)).toBe(left);
    const other = { ...shown, uri: 'file:///b.png', imageSrc: 'b' };
    const drawn = shownFacts(other).reduce(learned, left);
    expect(intended(drawn, wish)).toBe(drawn);
    expect(intended(drawn, { ...wish, uri: other.uri })).toMatchObject({ change });
    const back = showing.reduce(learned, left);
    expect(intended(back, wish)).toMatchObject({ change });
    const window = { low: 0, high: 9 };
    expect(intended(left, { kind: 'useWindow', uri, window })).toBe(left);
    expect(intended(drawn, { kind: 'useWindow', uri, window })).toBe(drawn);
  });

  it('is no longer what was answered, where it is opened anew and changed', () => {
    const moved: PanelFact = { kind: 'moved', isOther: false, choices: { change } };
    const opened = learned(known, moved);
    expect(opened).toMatchObject({ change, remembered: [] });
    expect(opened.explained).toBeUndefined();
    expect(learned(opened, moved).change).toEqual(change);
    expect(learned(known, { ...moved, choices: {} }).explained).toBe(known.explained);
  });

  it('is checked on its way, and as it was kept', () => {
    const outside = { covered: [{ ...cover, left: -4 }] };
    const said = (one: unknown) =>
      v.safeParse(fromPanelSchema, { kind: 'changePicture', uri, change: one });
    expect(said(change).success).toBe(true);
    expect(said(undefined).success).toBe(true);
    expect(said(outside).success).toBe(false);
    const kept = { uri: 'file:///a.png', extraClasses: [], change };
    expect(v.safeParse(keptPanelSchema, kept).success).toBe(true);
    expect(v.safeParse(keptPanelSchema, { ...kept, change: outside }).success).toBe(false);
  });
});

describe('why one class and not another', () => {
  const contrast = { index: 1, against: 2 };
  const asked = intended(
    { ...emptyPanel, modelId: 'a', method: 'gae', explained: result([1, 2], [1, 2]) },
    { kind: 'contrast', ...contrast },
  );
  const map = { ...heatmap(1), against: 2, againstLabel: 'other' };
  const told = { kind: 'contrasted', modelId: 'a', method: 'gae', heatmap: map } as const;

  it('is on its way until its map is there, and never a map of other classes or another method', () => {
    expect(asked).toMatchObject({ contrast, contrasted: undefined, activity: { kind: 'busy' } });
    expect(hasAllMaps(asked)).toBe(false);
    expect(learned(asked, { ...told, method: 'lrp' })).toBe(asked);
    expect(learned(asked, { ...told, heatmap: { ...map, against: 3 } })).toBe(asked);
    const known = learned(asked, told);
    expect(known).toMatchObject({ contrasted: map, activity: { kind: 'idle' } });
    expect(hasAllMaps(known)).toBe(true);
  });

  it('is asked of the next method too, and of the class alone once it is taken back', () => {
    const known = learned(asked, told);
    const other = intended(known, { kind: 'chooseMethod', method: 'lrp' });
    expect(other).toMatchObject({ contrast, contrasted: undefined });
    const alone = intended(known, { kind: 'contrast', index: 1 });
    expect(alone).toMatchObject({ contrast: undefined, contrasted: undefined });
    expect(hasAllMaps(alone)).toBe(true);
  });
});

describe('the models that a page names', () => {
  it('are those of the lists, and the chosen one', () => {
    const model = { id: 'file:/m.onnx', name: 'm.onnx' };
    const listings = withModel([], model);
    expect(listings).toMatchObject([{ id: 'file:/m.onnx', name: 'm.onnx', source: 'own' }]);
    expect(withModel(listings, model)).toBe(listings);
    expect(withModel(listings, undefined)).toBe(listings);
  });
});

describe('what the model rests on', () => {
  it('is known with its first answer, and gone with the model', () => {
    const assumed = [
      { subject: 'preprocessing', value: 'ViT', reason: 'of its names', field: 'preprocessing' },
    ] as const;
    const answer = explainedFact({ ...result([1], [1, 5]), assumed });
    const answered = [...showing, answer].reduce(learned, emptyPanel);
    expect(answered.assumed).toEqual(assumed);
    const choices = { modelId: 'other' };
    expect(learned(answered, { kind: 'moved', isOther: false, choices }).assumed).toEqual([]);
    expect(learned(answered, { kind: 'moved', isOther: true, choices: {} }).assumed).toEqual(
      assumed,
    );
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
