import { describe, expect, it } from 'vitest';
import type { ClassScore, Heatmap } from '../../src/shared/explanation';
import { Failure, failureData } from '../../src/shared/failure';
import type { FromPanel, ToPanel } from '../../src/shared/panel-protocol';
import { classRows, selectedHeatmap, selectedRow } from '../../src/webview/class-rows';
import {
  initialModel,
  stateToKeep,
  update,
  type Explained,
  type PanelAction,
  type PanelModel,
  type Subject,
} from '../../src/webview/panel-state';

const subject: Subject = {
  kind: 'show',
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
const map = (index: number, label: string): Heatmap => ({
  index,
  label,
  values: Float32Array.of(0, 1, 2, index),
  shape: [2, 2],
});
const explained: Explained = {
  kind: 'explained',
  method: 'rollout',
  preset: 'model',
  modelId: 'tiny',
  grid: [2, 2],
  window,
  topK,
  heatmaps: [map(1, 'dog'), map(0, 'cat')],
  stability: undefined,
  assumed: [],
  notices: [],
  remarks: [],
  milliseconds: 5,
};

/** Applies actions one after another. */
function run(...actions: readonly (PanelAction | ToPanel)[]) {
  let model: PanelModel = initialModel(undefined);
  const posts: FromPanel[] = [];
  for (const action of actions) {
    const step = update(model, isAction(action) ? action : { kind: 'received', message: action });
    model = step.model;
    posts.push(...step.posts);
  }
  return { model, posts };
}

const received = ['show', 'busy', 'classified', 'explained', 'failed'];

function isAction(action: PanelAction | ToPanel): action is PanelAction {
  return !received.includes(action.kind);
}

describe('what the panel shows', () => {
  it('waits for a picture', () => {
    expect(run().model.activity.kind).toBe('waiting');
    expect(stateToKeep(run().model)).toBeUndefined();
  });

  it('lists the classes before there is a map', () => {
    const { model } = run(subject, { kind: 'classified', topK, window });
    expect(selectedRow(model)?.label).toBe('dog');
    expect(selectedHeatmap(model)).toBeUndefined();
  });

  it('leaves out the answer of a model that is no longer chosen', () => {
    const { model } = run(subject, { kind: 'classified', modelId: 'big', topK, window });
    expect(classRows(model)).toEqual([]);
  });

  it('shows the map of the most probable class first', () => {
    const { model } = run(subject, { kind: 'busy', phrase: 'Explaining' }, explained);
    expect(selectedHeatmap(model)?.label).toBe('dog');
    expect(model.activity.kind).toBe('idle');
  });

  it('keeps a map beside a later failure', () => {
    const failure = failureData(new Failure('worker-died', 'It ended.', 'Try again.'));
    const { model } = run(subject, explained, { kind: 'failed', failure });
    expect(model.activity).toEqual({ kind: 'failed', failure });
    expect(selectedHeatmap(model)).toBeDefined();
  });

  it('drops everything when the file changed on disk, but for how it is looked at', () => {
    const changed = { ...subject, imageSrc: 'https://panel/cat.png?2' };
    const { model } = run(subject, explained, { kind: 'choseClass', index: 0 }, changed);
    expect(model.explained).toBeUndefined();
    expect(model.classified).toBeUndefined();
    expect(model.view.classIndex).toBe(0);
  });

  it('keeps the map when the same is shown again', () => {
    expect(run(subject, explained, { ...subject, models: [] }).model.explained).toBe(explained);
  });
});

describe('choosing a method', () => {
  const chosen = { kind: 'choseMethod', method: 'gae' } as const;

  it('never shows a map under the name of another method', () => {
    const { model, posts } = run(subject, explained, chosen);
    expect(posts).toEqual([{ kind: 'chooseMethod', method: 'gae' }]);
    expect(model.subject?.method).toBe('gae');
    expect(model.explained).toBeUndefined();
    // A late answer for the method before changes nothing.
    const late = update(model, { kind: 'received', message: explained }).model;
    expect(late.explained).toBeUndefined();
    expect(late.activity.kind).toBe('busy');
  });

  it('keeps the classes: they are the model’s answer', () => {
    expect(classRows(run(subject, explained, chosen).model)).toHaveLength(2);
  });

  it('does nothing when it is chosen already', () => {
    const same = run(subject, explained, { kind: 'choseMethod', method: 'rollout' });
    expect(same.posts).toEqual([]);
    expect(same.model.explained).toBe(explained);
  });
});

describe('choosing a model', () => {
  it('drops classes, maps and names of the model before', () => {
    const { model, posts } = run(subject, explained, { kind: 'choseModel', modelId: 'big' });
    expect(posts).toEqual([{ kind: 'chooseModel', modelId: 'big' }]);
    expect(classRows(model)).toEqual([]);
    expect(model.subject?.labels).toEqual([]);
    expect(update(model, { kind: 'received', message: explained }).model.explained).toBe(undefined);
  });
});

describe('choosing a class', () => {
  it('shows the map that is there without asking', () => {
    const { model, posts } = run(subject, explained, { kind: 'choseClass', index: 0 });
    expect(posts).toEqual([]);
    expect(selectedHeatmap(model)?.label).toBe('cat');
  });

  it('asks for the map of any other class and lists it', () => {
    const { model, posts } = run(subject, explained, { kind: 'choseClass', index: 3 });
    expect(posts).toEqual([{ kind: 'explainClass', index: 3 }]);
    expect(classRows(model).at(-1)).toMatchObject({ label: 'fox', extra: true, logit: undefined });
    expect(selectedHeatmap(model)).toBeUndefined();

    const fox = { ...map(3, 'fox'), probability: 0.01, logit: -1 };
    const message = { ...explained, heatmaps: [...explained.heatmaps, fox] };
    const answered = update(model, { kind: 'received', message }).model;
    expect(selectedHeatmap(answered)?.label).toBe('fox');
    expect(selectedRow(answered)).toMatchObject({ probability: 0.01, logit: -1 });
  });

  it('does not ask twice for what is on its way', () => {
    const { posts } = run(
      subject,
      { kind: 'classified', topK, window },
      { kind: 'busy', phrase: 'Explaining' },
      { kind: 'choseClass', index: 0 },
    );
    expect(posts).toEqual([]);
  });

  it('names a class of a model without names by its number', () => {
    const nameless = { ...subject, labels: [] };
    const { model } = run(nameless, explained, { kind: 'choseClass', index: 7 });
    expect(classRows(model).at(-1)?.label).toBe('Class 7');
  });
});

describe('cancelling and trying again', () => {
  it('answers at once', () => {
    const busy = { kind: 'busy', phrase: 'Explaining' } as const;
    const { model, posts } = run(subject, busy, { kind: 'cancelled' });
    expect(model.activity.kind).toBe('cancelled');
    expect(posts).toEqual([{ kind: 'cancel' }]);
    const again = update(model, { kind: 'retried' });
    expect(again.model.activity.kind).toBe('busy');
    expect(again.posts).toEqual([{ kind: 'retry' }]);
  });

  it('has nothing to cancel when nothing runs', () => {
    const { model, posts } = run(subject, explained, { kind: 'cancelled' });
    expect(model.activity.kind).toBe('idle');
    expect(posts).toEqual([]);
  });
});

describe('what survives a reload', () => {
  const looked = run(
    subject,
    explained,
    { kind: 'changedView', change: { opacity: 0.3, drawing: 'patches', colourMap: 'jet' } },
    { kind: 'choseClass', index: 3 },
  ).model;

  it('is the view, the class and the classes asked for', () => {
    const kept = stateToKeep(looked);
    expect(kept).toMatchObject({ uri: subject.uri, modelId: 'tiny', extraClasses: [3] });
    const { model } = update(initialModel(kept), { kind: 'received', message: subject });
    expect(model.view).toMatchObject({
      opacity: 0.3,
      drawing: 'patches',
      colourMap: 'jet',
      classIndex: 3,
    });
    expect(model.extraClasses).toEqual([3]);
  });

  it('is the window that was chosen for the picture, until it is another picture', () => {
    const chosenWindow = { lowPercent: 2, highPercent: 98 };
    const { model, posts } = run(subject, explained, { kind: 'choseWindow', window: chosenWindow });
    expect(posts).toEqual([{ kind: 'useWindow', window: chosenWindow }]);
    expect(stateToKeep(model)?.chosenWindow).toEqual(chosenWindow);
    const walked = update(model, {
      kind: 'received',
      message: { ...subject, uri: 'file:///dog.png' },
    });
    expect(stateToKeep(walked.model)).not.toHaveProperty('chosenWindow');
    const reset = update(model, { kind: 'choseWindow', window: undefined });
    expect(stateToKeep(reset.model)).not.toHaveProperty('chosenWindow');
  });

  it('is no window that the model keeps', () => {
    const window = { low: 0, high: 4095 };
    const { model, posts } = run(subject, explained, { kind: 'keptWindow', window });
    expect(posts).toEqual([{ kind: 'keepWindow', window }]);
    expect(stateToKeep(model)).not.toHaveProperty('chosenWindow');
  });

  it('does not carry classes over to another picture', () => {
    const other = { ...subject, uri: 'file:///dog.png' };
    const { model } = update(initialModel(stateToKeep(looked)), {
      kind: 'received',
      message: other,
    });
    expect(model.view.classIndex).toBeUndefined();
    expect(model.extraClasses).toEqual([]);
    expect(model.view.opacity).toBe(0.3);
  });
});

describe('the colour map', () => {
  it('is that of the setting, until the person chooses', () => {
    expect(run(subject).model.view.colourMap).toBe('magma');
    const chosen = run(subject, { kind: 'changedView', change: { colourMap: 'jet' } }, subject);
    expect(chosen.model.view.colourMap).toBe('jet');
  });

  it('follows a change of the setting', () => {
    const { model } = run(subject, { ...subject, colourMap: 'cividis' });
    expect(model.view.colourMap).toBe('cividis');
  });

  it('is viridis where the setting names none', () => {
    expect(run({ ...subject, colourMap: 'rainbow' }).model.view.colourMap).toBe('viridis');
  });
});
