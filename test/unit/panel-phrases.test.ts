/** Phrases in the panel: what is shown belongs to the phrases that are asked about now. */
import { describe, expect, it } from 'vitest';
import { parsePanelMessage, parsePanelState } from '../../src/extension/panel/from-panel';
import { PanelMailbox } from '../../src/extension/panel/panel-mailbox';
import { tidyPhrases } from '../../src/shared/phrases';
import type { ToPanel } from '../../src/shared/panel-protocol';
import {
  initialModel,
  stateToKeep,
  update,
  type Explained,
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
  modelId: 'clip',
  method: 'rollout',
  labels: ['a cat', 'a dog'],
  phrases: ['a cat', 'a dog'],
  colourMap: 'magma',
};

function explained(phrases: readonly string[]): Explained {
  const topK = phrases.map((label, index) => ({
    index,
    label,
    probability: 1 / phrases.length,
    logit: 20,
    similarity: 0.2,
  }));
  return {
    kind: 'explained',
    method: 'rollout',
    preset: 'model',
    modelId: 'clip',
    phrases,
    grid: [1, 1],
    window: { imageWidth: 8, imageHeight: 8, left: 0, top: 0, width: 8, height: 8 },
    topK,
    heatmaps: [],
    stability: undefined,
    assumed: [],
    notices: [],
    remarks: [],
    milliseconds: 5,
  };
}

function receive(model: PanelModel, ...messages: readonly ToPanel[]): PanelModel {
  return messages.reduce((at, message) => update(at, { kind: 'received', message }).model, model);
}

const answered = receive(initialModel(undefined), subject, explained(['a cat', 'a dog']));

describe('phrases in the panel', () => {
  it('asks with all phrases, tidied, and looks at the new one', () => {
    const phrases = ['a cat', 'a dog', '  a   red collar '];
    const { model, posts } = update(answered, { kind: 'changedPhrases', phrases });
    expect(posts).toEqual([{ kind: 'usePhrases', phrases: ['a cat', 'a dog', 'a red collar'] }]);
    expect(model.view.classIndex).toBe(2);
    expect(model.activity.kind).toBe('busy');
    expect(model.classified).toBeUndefined();
    expect(model.explained).toBeUndefined();
    expect(stateToKeep(model)?.phrases).toEqual(['a cat', 'a dog', 'a red collar']);
  });

  it('asks nothing when a phrase is there already', () => {
    const phrases = ['a cat', 'a dog', 'a dog '];
    const { model, posts } = update(answered, { kind: 'changedPhrases', phrases });
    expect(posts).toEqual([]);
    expect(model).toBe(answered);
  });

  it('leaves out an answer about other phrases that is still on its way', () => {
    const { model } = update(answered, { kind: 'changedPhrases', phrases: ['a dog'] });
    const late = receive(model, explained(['a cat', 'a dog']));
    expect(late.explained).toBeUndefined();
    expect(late.activity.kind).toBe('busy');
    expect(receive(late, explained(['a dog'])).explained?.topK).toHaveLength(1);
  });

  it('waits where there are no phrases', () => {
    const waiting = receive(
      initialModel(undefined),
      { ...subject, phrases: [], labels: [] },
      { kind: 'awaitingPhrases' },
    );
    expect(waiting.activity.kind).toBe('idle');
    expect(waiting.classified).toBeUndefined();
  });

  it('has no phrases for a model that was chosen instead', () => {
    const { model } = update(answered, { kind: 'choseModel', modelId: 'starter' });
    expect(model.subject?.phrases).toBeUndefined();
  });

  it('cross to the extension and back over a reload', () => {
    const asked = { kind: 'usePhrases', phrases: ['a cat'] };
    expect(parsePanelMessage(asked)).toEqual(asked);
    expect(parsePanelMessage({ kind: 'usePhrases', phrases: [1] })).toBeUndefined();
    expect(parsePanelState(stateToKeep(answered))).toMatchObject({ phrases: ['a cat', 'a dog'] });
  });

  it('take the answer about earlier ones out of the mailbox', () => {
    const delivered: ToPanel[] = [];
    const box = new PanelMailbox((message) => delivered.push(message));
    const next = { ...subject, phrases: ['a dog'], labels: ['a dog'] };
    for (const message of [subject, explained(['a cat', 'a dog']), next]) box.post(message);
    box.ready();
    expect(delivered).toEqual([next]);
  });

  it('are each there once, without spaces around them', () => {
    expect(tidyPhrases([' a cat', 'a  cat', '', 'A cat'])).toEqual(['a cat', 'A cat']);
  });
});
