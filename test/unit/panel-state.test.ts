import { describe, expect, it } from 'vitest';
import type { ClassScore } from '../../src/shared/explanation';
import { Failure, failureData } from '../../src/shared/failure';
import type { Filmstrip } from '../../src/shared/filmstrip';
import { PanelChannel } from '../../src/extension/panel/panel-channel';
import { learned, type PanelFact } from '../../src/shared/panel/panel-facts';
import { measuredOf } from '../../src/shared/panel/measured';
import { askedClasses } from '../../src/shared/panel/asked-classes';
import { emptyPanel, type PanelModel, type PictureLabel } from '../../src/shared/panel/panel-model';
import { hasAllMaps } from '../../src/shared/panel/remembered';
import type { FromPanel, ToPanel } from '../../src/shared/protocol/panel';
import type { ExplainResult } from '../../src/shared/protocol/explain';
import {
  classRows as rowsOf,
  selectedHeatmap as heatmapOf,
  selectedRow as rowOf,
  unknownLabel,
} from '../../src/webview/class-rows';
import type { Received } from '../../src/webview/connect-page';
import {
  initialPage,
  stateToKeep,
  update,
  type KeptPage,
  type PageAction,
  type PageModel,
} from '../../src/webview/panel-state';
import { faithfulnessOf } from '../fixtures/panel/faithfulness';
import {
  busyFact,
  explainedFact,
  resultOf,
  shownFacts,
  smallMap as map,
  type Shown,
} from '../fixtures/panel/panel-facts';

const shown: Shown = {
  uri: 'file:///cat.png',
  fileName: 'cat.png',
  imageSrc: 'https://panel/cat.png?1',
  models: [],
  methods: [],
  modelId: 'tiny',
  method: 'rollout',
  labels: ['cat', 'dog', 'owl', 'fox'],
  colourMap: 'magma',
};
const window = { imageWidth: 8, imageHeight: 8, left: 0, top: 0, width: 8, height: 8 };
const topK: readonly ClassScore[] = [
  { index: 1, label: 'dog', probability: 0.7, logit: 3 },
  { index: 0, label: 'cat', probability: 0.2, logit: 2 },
];
const result = resultOf({
  modelId: 'tiny',
  method: 'rollout',
  topK,
  heatmaps: [map(1, 'dog'), map(0, 'cat')],
});

type Event = PageAction | PanelFact;
const subject = shownFacts(shown);
const showing = (other: Partial<Shown>) => shownFacts({ ...shown, ...other });
const explained = explainedFact(result);
const answered = (other: Partial<ExplainResult>) => explainedFact({ ...result, ...other });
const classified: PanelFact = { kind: 'classified', classified: { topK, window } };
const toOther = (uri: string): readonly PanelFact[] => [
  { kind: 'moved', isOther: true, choices: {} },
  ...showing({ uri }),
];
const say = (message: FromPanel): PageAction => ({ kind: 'said', message });

const actions: readonly string[] = [
  'said',
  'choseClass',
  'changedPhrases',
  'changedView',
  'walked',
];

function isAction(event: Event): event is PageAction {
  return actions.includes(event.kind);
}

/** A page and the extension’s end of it; the page’s messages arrive before the next fact, or later. */
class Pair {
  page: PageModel;
  readonly posts: FromPanel[] = [];
  private readonly onTheirWay: FromPanel[] = [];
  private readonly changes: ToPanel[] = [];
  private readonly channel = new PanelChannel(emptyPanel, (change) => this.changes.push(change));

  constructor(kept?: KeptPage) {
    this.page = initialPage(kept);
    this.channel.ready();
    this.deliver();
  }

  get panel(): PanelModel {
    return this.page.copy.now;
  }

  act(action: PageAction | Received<ToPanel>): this {
    const { model, posts } = update(this.page, action);
    this.page = model;
    this.posts.push(...posts);
    this.onTheirWay.push(...posts);
    return this;
  }

  /** The extension learns this before it hears what the page said last. */
  learnEarly(...facts: readonly PanelFact[]): this {
    for (const fact of facts) this.channel.learn(fact);
    return this.deliver();
  }

  learn(...facts: readonly PanelFact[]): this {
    for (const message of this.onTheirWay.splice(0)) this.channel.hear(message, () => undefined);
    return this.learnEarly(...facts);
  }

  private deliver(): this {
    for (const change of this.changes.splice(0)) this.act({ kind: 'received', change });
    return this;
  }
}

/** Applies events one after another. */
function run(...events: readonly (Event | readonly PanelFact[])[]): Pair {
  const pair = new Pair();
  for (const event of events.flat()) {
    if (isAction(event)) pair.act(event);
    else pair.learn(event);
  }
  return pair;
}

const classRows = ({ panel }: Pair) => rowsOf(panel);
const selectedRow = ({ panel }: Pair) => rowOf(panel);
const selectedHeatmap = ({ panel }: Pair) => heatmapOf(panel);

describe('what the panel shows', () => {
  it('waits for a picture', () => {
    expect(run().panel.activity.kind).toBe('waiting');
    expect(stateToKeep(run().page)).toBeUndefined();
  });

  it('lists the classes before there is a map', () => {
    const pair = run(subject, classified);
    expect(selectedRow(pair)?.label).toBe('dog');
    expect(selectedHeatmap(pair)).toBeUndefined();
  });

  it('leaves out the answer of a model that is no longer chosen', () => {
    const pair = run(subject, say({ kind: 'chooseModel', modelId: 'big' }));
    pair.learnEarly(classified);
    expect(classRows(pair)).toEqual([]);
  });

  it('shows the map of the most probable class first', () => {
    const pair = run(subject, busyFact('Explaining'), explained);
    expect(selectedHeatmap(pair)?.label).toBe('dog');
    expect(pair.panel.activity.kind).toBe('idle');
  });

  it('keeps a map beside a later failure', () => {
    const failure = failureData(new Failure('worker-died', 'It ended.', 'Try again.'));
    const failed = { kind: 'failed', failure } as const;
    const pair = run(subject, explained, { kind: 'activity', activity: failed });
    expect(pair.panel.activity).toEqual(failed);
    expect(selectedHeatmap(pair)).toBeDefined();
  });

  it('drops everything when the file changed on disk, but for how it is looked at', () => {
    const changed = showing({ imageSrc: 'https://panel/cat.png?2' });
    const { panel } = run(subject, explained, { kind: 'choseClass', index: 0 }, changed);
    expect(panel.explained).toBeUndefined();
    expect(panel.classified).toBeUndefined();
    expect(panel.chosenClass).toBe(0);
  });

  it('keeps the map when the same is shown again', () => {
    expect(run(subject, explained, showing({ models: [] })).panel.explained).toEqual(result);
  });
});

describe('choosing a method', () => {
  const chosen = say({ kind: 'chooseMethod', method: 'gae' });

  it('never shows a map under the name of another method', () => {
    const pair = run(subject, explained, chosen);
    expect(pair.posts).toEqual([{ kind: 'chooseMethod', method: 'gae' }]);
    expect(pair.panel.method).toBe('gae');
    expect(pair.panel.explained).toBeUndefined();
    // A late answer for the method before changes nothing.
    for (const late of [pair.learnEarly(explained), pair.learn(explained)]) {
      expect(late.panel.explained).toBeUndefined();
      expect(late.panel.activity.kind).toBe('busy');
    }
  });

  it('shows at once what was seen before', () => {
    const pair = run(subject, explained, chosen, answered({ method: 'gae' }));
    pair.act(say({ kind: 'chooseMethod', method: 'rollout' })).learn();
    expect(pair.panel.explained).toEqual(result);
    expect(pair.panel.activity.kind).toBe('idle');
  });

  it('keeps the classes: they are the model’s answer', () => {
    expect(classRows(run(subject, explained, chosen))).toHaveLength(2);
  });

  it('does nothing when it is chosen already', () => {
    const same = run(subject, explained, say({ kind: 'chooseMethod', method: 'rollout' }));
    expect(same.posts).toEqual([]);
    expect(same.panel.explained).toEqual(result);
  });
});

describe('choosing a model', () => {
  it('drops classes, maps and names of the model before', () => {
    const pair = run(subject, explained, say({ kind: 'chooseModel', modelId: 'big' }));
    expect(pair.posts).toEqual([{ kind: 'chooseModel', modelId: 'big' }]);
    expect(classRows(pair)).toEqual([]);
    expect(pair.panel.opened).toBeUndefined();
    expect(pair.learn(explained).panel.explained).toBeUndefined();
  });
});

describe('choosing a class', () => {
  it('shows the map that is there without asking', () => {
    const pair = run(subject, explained, { kind: 'choseClass', index: 0 });
    expect(pair.posts).toEqual([{ kind: 'chooseClass', index: 0 }]);
    expect(pair.panel.activity.kind).toBe('idle');
    expect(selectedHeatmap(pair)?.label).toBe('cat');
  });

  it('asks for the map of any other class and lists it', () => {
    const pair = run(subject, explained, { kind: 'choseClass', index: 3 });
    expect(pair.posts).toEqual([
      { kind: 'chooseClass', index: 3 },
      { kind: 'explainClass', index: 3 },
    ]);
    expect(classRows(pair).at(-1)).toMatchObject({ label: 'fox', isLabel: false });
    expect(classRows(pair).at(-1)?.logit).toBeUndefined();
    expect(selectedHeatmap(pair)).toBeUndefined();

    const scores = [{ index: 3, label: 'fox', probability: 0.01, logit: -1 }];
    pair.learn(answered({ heatmaps: [...result.heatmaps, map(3, 'fox')], scores }));
    expect(selectedHeatmap(pair)?.label).toBe('fox');
    expect(selectedRow(pair)).toMatchObject({ probability: 0.01, logit: -1 });
  });

  it('does not ask twice for what is on its way', () => {
    const { posts } = run(subject, classified, busyFact('Explaining'), {
      kind: 'choseClass',
      index: 0,
    });
    expect(posts).toEqual([{ kind: 'chooseClass', index: 0 }]);
  });

  it('names a class of a model without names by its number', () => {
    const pair = run(showing({ labels: [] }), explained, { kind: 'choseClass', index: 7 });
    expect(classRows(pair).at(-1)?.label).toBe('Class 7');
  });
});

describe('the class from picture to picture', () => {
  const next = toOther('file:///dog.png');
  const choose = (index: number): PageAction => ({ kind: 'choseClass', index });

  it('is the one that was chosen by hand, also where the next picture’s best ones are others', () => {
    const pair = run(subject, explained, choose(0), next);
    expect(selectedRow(pair)?.label).toBe('cat');
    const others = [
      { index: 3, label: 'fox', probability: 0.9, logit: 3 },
      { index: 2, label: 'owl', probability: 0.1, logit: 1 },
    ];
    const cat = { index: 0, label: 'cat', probability: 0.01, logit: -2 };
    const heatmaps = [map(3, 'fox'), map(2, 'owl'), map(0, 'cat')];
    pair.learn(answered({ topK: others, heatmaps, scores: [...others, cat] }));
    expect(selectedRow(pair)).toMatchObject({ label: 'cat', probability: 0.01 });
    expect(selectedHeatmap(pair)?.label).toBe('cat');
    // Another one takes its place, and the row stays.
    expect(classRows(pair.act(choose(3))).map(({ label }) => label)).toEqual(['fox', 'owl', 'cat']);
  });

  it('is the best one of each where none was chosen, or it was let go', () => {
    expect(run(subject, explained, next).panel.chosenClass).toBeUndefined();
    const pair = run(subject, explained, choose(0), say({ kind: 'chooseClass' }), next);
    expect(pair.panel).toMatchObject({ chosenClass: undefined, extraClasses: [] });
  });

  it('leaves behind what was asked for besides, and goes with the model', () => {
    const pair = run(subject, explained, choose(3), choose(0), next);
    expect(pair.panel).toMatchObject({ chosenClass: 0, extraClasses: [0] });
    const other = say({ kind: 'chooseModel', modelId: 'other' });
    expect(run(subject, explained, choose(0), other).panel.chosenClass).toBeUndefined();
  });

  it('is held against the same other one', () => {
    const contrast = say({ kind: 'contrast', index: 0, against: 3 });
    const { panel } = run(subject, explained, contrast, next);
    expect(panel).toMatchObject({ chosenClass: 0, contrast: { index: 0, against: 3 } });
    expect(panel.extraClasses).toEqual([0, 3]);
  });
});

describe('the label of a sample', () => {
  const labelled = (label: PictureLabel | undefined, uri = shown.uri): readonly PanelFact[] => [
    { kind: 'moved', isOther: true, choices: { label } },
    ...showing({ uri }),
  ];
  const rowsWith = (label: PictureLabel): string[] =>
    classRows(run(labelled(label), explained)).map((row) =>
      row.isLabel ? `${row.label}*` : row.label,
    );

  it('is a row, marked, among the best ones or behind them', () => {
    expect(rowsWith({ index: 0, name: 'cat' })).toEqual(['dog', 'cat*']);
    expect(rowsWith({ index: 2, name: 'owl' })).toEqual(['dog', 'cat', 'owl*']);
  });

  it('is found by its name in another model, and told where that has no such class', () => {
    expect(rowsWith({ index: 7, name: 'fox' })).toEqual(['dog', 'cat', 'fox*']);
    const unknown = run(labelled({ index: 1, name: 'zebra' }), explained);
    expect(classRows(unknown)).toHaveLength(2);
    expect(unknownLabel(unknown.panel)).toBe('zebra');
    const twice = showing({ labels: ['crane', 'crane'] });
    const label = { index: 5, name: 'crane' };
    const ambiguous: PanelFact = { kind: 'moved', isOther: true, choices: { label } };
    expect(unknownLabel(run(ambiguous, twice).panel)).toBe('crane');
  });

  it('is explained with the others, and goes with the picture', () => {
    const owl = run(labelled({ index: 2, name: 'owl' }), explained);
    expect(askedClasses(owl.panel)).toEqual([2]);
    expect(hasAllMaps(owl.panel)).toBe(false);
    owl.learn(...labelled(undefined, 'file:///next.png'), explained);
    expect(hasAllMaps(owl.panel)).toBe(true);
  });
});

describe('how faithful a map is', () => {
  const ask = say({ kind: 'measureFaithfulness', index: 1 });
  const measured = (index: number, other: Partial<ExplainResult> = {}): PanelFact => {
    const { modelId, modelSha256, method } = { ...result, ...other };
    const faithfulness = faithfulnessOf({ sentence: `${method} of ${index}` });
    return { kind: 'measured', map: { modelId, modelSha256, method, index, faithfulness } };
  };
  const said = (pair: Pair, index: number) => measuredOf(pair.panel, { index })?.sentence;

  it('is asked for, and known of the map that it was asked of', () => {
    const pair = run(subject, explained, ask);
    expect(pair.posts).toEqual([{ kind: 'measureFaithfulness', index: 1 }]);
    expect(pair.panel.activity).toMatchObject({ kind: 'busy' });
    pair.learn(measured(1));
    expect(pair.panel.activity.kind).toBe('idle');
    expect(said(pair, 1)).toBe('rollout of 1');
    expect(said(pair, 0)).toBeUndefined();
  });

  it('is kept beside that of other classes and methods, the newest of each map', () => {
    const newer: PanelFact = {
      kind: 'measured',
      map: { ...result, index: 1, faithfulness: faithfulnessOf({ sentence: 'newer' }) },
    };
    const pair = run(subject, explained, measured(1), measured(0), newer);
    expect(said(pair, 1)).toBe('newer');
    expect(said(pair, 0)).toBe('rollout of 0');
    pair.act(say({ kind: 'chooseMethod', method: 'gae' })).learn(answered({ method: 'gae' }));
    expect(said(pair, 1)).toBeUndefined();
    pair.learn(measured(1, { method: 'gae' }));
    expect(said(pair, 1)).toBe('gae of 1');
    pair.act(say({ kind: 'chooseMethod', method: 'rollout' })).learn();
    expect(said(pair, 1)).toBe('newer');
  });

  it('of one class rather than another is that of no class alone', () => {
    const faithfulness = faithfulnessOf({ sentence: 'of both' });
    const { modelId, modelSha256, method } = result;
    const map = { modelId, modelSha256, method, index: 1, against: 0, faithfulness };
    const pair = run(subject, explained, { kind: 'measured', map }, measured(1));
    expect(measuredOf(pair.panel, { index: 1, against: 0 })?.sentence).toBe('of both');
    expect(measuredOf(pair.panel, { index: 1, against: 3 })).toBeUndefined();
    expect(said(pair, 1)).toBe('rollout of 1');
  });

  it('is not lost where stability is measured or another class explained, nor the other way round', () => {
    const stability = { relativeChange: 1e-5, trusted: true, sentence: 'Stable.' };
    const pair = run(subject, explained, measured(1), answered({ stability }));
    expect(said(pair, 1)).toBe('rollout of 1');
    pair.learn(measured(0), answered({ heatmaps: [map(3, 'fox')] }));
    expect(said(pair, 1)).toBe('rollout of 1');
    expect(pair.panel.explained?.stability).toEqual(stability);
  });

  it.each<[string, readonly Event[]]>([
    ['another picture', toOther('file:///dog.png')],
    [
      'a picture that is read otherwise',
      [say({ kind: 'useWindow', uri: shown.uri, window: { low: 0, high: 9 } })],
    ],
    ['a model that was replaced', [{ kind: 'outdated', modelId: 'tiny' }]],
    ['a picture that was changed', [{ kind: 'outdated' }]],
  ])('is not that of %s', (_, events) => {
    const pair = run(subject, explained, measured(1), ...events, ...showing({}), explained);
    expect(pair.panel.explained).toBeDefined();
    expect(said(pair, 1)).toBeUndefined();
  });

  it('is not that of other weights under the same name', () => {
    const pair = run(subject, explained, measured(1), answered({ modelSha256: 'other' }));
    expect(said(pair, 1)).toBeUndefined();
  });

  it('stays where another model is forgotten, and is there again with its own', () => {
    const away = say({ kind: 'chooseModel', modelId: 'big' });
    const pair = run(subject, explained, measured(1), { kind: 'outdated', modelId: 'big' }, away);
    expect(said(pair, 1)).toBeUndefined();
    pair.act(say({ kind: 'chooseModel', modelId: 'tiny' })).learn(explained);
    expect(said(pair, 1)).toBe('rollout of 1');
  });
});

describe('cancelling and trying again', () => {
  it('answers at once', () => {
    const pair = run(subject, busyFact('Explaining'), say({ kind: 'cancel' }));
    expect(pair.panel.activity.kind).toBe('cancelled');
    expect(pair.posts).toEqual([{ kind: 'cancel' }]);
    // Also where a word of the progress was on its way.
    expect(pair.learnEarly(busyFact('Opening')).panel.activity.kind).toBe('cancelled');
    pair.act(say({ kind: 'retry' }));
    expect(pair.panel.activity.kind).toBe('busy');
    expect(pair.posts.slice(1)).toEqual([{ kind: 'retry' }]);
  });

  it('has nothing to cancel when nothing runs', () => {
    const pair = run(subject, explained, say({ kind: 'cancel' }));
    expect(pair.panel.activity.kind).toBe('idle');
    expect(pair.posts).toEqual([]);
  });
});

describe('what survives a reload', () => {
  const looked = run(
    subject,
    explained,
    { kind: 'changedView', change: { opacity: 0.3, drawing: 'patches', colourMap: 'jet' } },
    { kind: 'choseClass', index: 3 },
  ).page;

  it('is the view, the class and the classes asked for', () => {
    const kept = stateToKeep(looked);
    expect(kept).toMatchObject({
      ...{ uri: shown.uri, modelId: 'tiny', chosenClass: 3, extraClasses: [3] },
    });
    const { extraClasses = [], chosenClass } = kept ?? {};
    const choices = { extraClasses, chosenClass };
    const start: PanelFact = { kind: 'moved', isOther: false, choices };
    const { page, panel } = new Pair(kept).learn(start, ...subject);
    expect(page.view).toMatchObject({ opacity: 0.3, drawing: 'patches', colourMap: 'jet' });
    expect(panel).toMatchObject({ chosenClass: 3, extraClasses: [3] });
  });

  it('is the window that was chosen for the picture, until it is another picture', () => {
    const chosenWindow = { lowPercent: 2, highPercent: 98 };
    const chosen = say({ kind: 'useWindow', uri: shown.uri, window: chosenWindow });
    const pair = run(subject, explained, chosen);
    expect(pair.posts).toEqual([{ kind: 'useWindow', uri: shown.uri, window: chosenWindow }]);
    expect(stateToKeep(pair.page)?.chosenWindow).toEqual(chosenWindow);
    const walked = run(subject, explained, chosen, toOther('file:///dog.png'));
    expect(stateToKeep(walked.page)).not.toHaveProperty('chosenWindow');
    pair.act(say({ kind: 'useWindow', uri: shown.uri }));
    expect(stateToKeep(pair.page)).not.toHaveProperty('chosenWindow');
  });

  it('is no change of the picture before, which the page made before it knew of the next one', () => {
    const change = { covered: [], fit: 'pad' as const };
    const { uri } = shown;
    const [moved, ...rest] = toOther('file:///dog.png');
    if (moved === undefined) throw new Error('It went nowhere.');
    for (const known of [[moved], [moved, ...rest]]) {
      const pair = run(subject, explained, say({ kind: 'changePicture', uri, change }));
      expect(pair.panel.change).toEqual(change);
      pair.learnEarly(...known).learn(...rest);
      expect(pair.panel).toMatchObject({ picture: { uri: 'file:///dog.png' }, change: undefined });
    }
  });

  it('is no window that the model keeps', () => {
    const window = { low: 0, high: 4095 };
    const { page, posts } = run(subject, explained, say({ kind: 'keepWindow', window }));
    expect(posts).toEqual([{ kind: 'keepWindow', window }]);
    expect(stateToKeep(page)).not.toHaveProperty('chosenWindow');
  });

  it('is the gallery of before, until it is there again and goes', () => {
    const waiting = new Pair().learn(...subject);
    const filmstrip: Filmstrip = {
      gallery: 'file:///set',
      title: 'set',
      total: 0,
      all: 0,
      at: undefined,
      near: 0,
      current: undefined,
      first: 0,
      frames: [],
      shown: true,
    };
    waiting.learn({ kind: 'walking', filmstrip });
    expect(stateToKeep(waiting.page)?.gallery).toBe('file:///set');
    waiting.learn({ kind: 'walking', filmstrip: undefined });
    expect(stateToKeep(waiting.page)).not.toHaveProperty('gallery');
    const kept = { ...emptyPanel, gallery: 'file:///set' };
    expect(learned(kept, { kind: 'walking', filmstrip: undefined }).gallery).toBe('file:///set');
  });
});

describe('the colour map', () => {
  it('is that of the setting, until the person chooses', () => {
    expect(run(subject).page.view.colourMap).toBe('magma');
    const chosen = run(subject, { kind: 'changedView', change: { colourMap: 'jet' } }, subject);
    expect(chosen.page.view.colourMap).toBe('jet');
  });

  it('follows a change of the setting', () => {
    const { page } = run(subject, showing({ colourMap: 'cividis' }));
    expect(page.view.colourMap).toBe('cividis');
  });

  it('is viridis where the setting names none', () => {
    expect(run(showing({ colourMap: 'rainbow' })).page.view.colourMap).toBe('viridis');
  });
});
