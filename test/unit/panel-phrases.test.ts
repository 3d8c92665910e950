/** Phrases in the panel: what is shown belongs to the phrases that are asked about now. */
import * as v from 'valibot';
import { describe, expect, it } from 'vitest';
import { PanelChannel } from '../../src/extension/panel/panel-channel';
import type { PanelFact } from '../../src/shared/panel/panel-facts';
import { emptyPanel, phrasesInUse, type PanelModel } from '../../src/shared/panel/panel-model';
import { tidyPhrases } from '../../src/shared/phrases';
import { fromPanelSchema, keptPanelSchema, type ToPanel } from '../../src/shared/protocol/panel';
import { initialPage, stateToKeep, update, type PageModel } from '../../src/webview/panel-state';
import { explainedFact, resultOf, shownFacts } from '../fixtures/panel/panel-facts';

const both = ['a cat', 'a dog'];
const subject = shownFacts({
  uri: 'file:///cat.png',
  fileName: 'cat.png',
  imageSrc: 'https://panel/cat.png?1',
  models: [],
  methods: [],
  modelId: 'clip',
  method: 'rollout',
  labels: both,
  comparesPhrases: true,
  colourMap: 'magma',
});
const asked: PanelFact = { kind: 'moved', isOther: false, choices: { phrases: both } };

function explained(phrases: readonly string[]): PanelFact {
  const topK = phrases.map((label, index) => ({
    index,
    label,
    probability: 1 / phrases.length,
    logit: 20,
    similarity: 0.2,
  }));
  return explainedFact(resultOf({ modelId: 'clip', method: 'rollout', topK }));
}

/** The extension’s end, and a page that was told everything that it knows. */
function panelOf(...facts: readonly PanelFact[]) {
  let page = initialPage(undefined);
  const told: ToPanel[] = [];
  const channel = new PanelChannel(emptyPanel, (change) => {
    told.push(change);
    page = update(page, { kind: 'received', change }).model;
  });
  channel.ready();
  for (const fact of facts) channel.learn(fact);
  return { channel, told, page };
}

const answered = panelOf(asked, ...subject, explained(both)).page;
const panel = ({ copy }: PageModel): PanelModel => copy.now;

describe('phrases in the panel', () => {
  it('asks with all phrases, tidied, and looks at the new one', () => {
    const phrases = ['a cat', 'a dog', '  a   red collar '];
    const { model, posts } = update(answered, { kind: 'changedPhrases', phrases });
    expect(posts).toEqual([
      { kind: 'usePhrases', phrases: ['a cat', 'a dog', 'a red collar'] },
      { kind: 'chooseClass', index: 2 },
    ]);
    expect(panel(model).chosenClass).toBe(2);
    expect(panel(model).activity.kind).toBe('busy');
    expect(panel(model).classified).toBeUndefined();
    expect(panel(model).explained).toBeUndefined();
    expect(stateToKeep(model)?.phrases).toEqual(['a cat', 'a dog', 'a red collar']);
  });

  it('asks nothing when a phrase is there already', () => {
    const phrases = ['a cat', 'a dog', 'a dog '];
    const { model, posts } = update(answered, { kind: 'changedPhrases', phrases });
    expect(posts).toEqual([]);
    expect(model).toBe(answered);
  });

  it('leaves out an answer about other phrases that is still on its way', () => {
    const { channel } = panelOf(asked, ...subject);
    const { model, posts } = update(answered, { kind: 'changedPhrases', phrases: ['a dog'] });
    let page = model;
    const listening = new PanelChannel(channel.state, (change) => {
      page = update(page, { kind: 'received', change }).model;
    });
    listening.ready();
    listening.learn(explained(both));
    expect(panel(page).explained).toBeUndefined();
    expect(panel(page).activity.kind).toBe('busy');
    for (const message of posts) listening.hear(message, () => undefined);
    listening.learn(explained(['a dog']));
    expect(panel(page).explained?.topK).toHaveLength(1);
  });

  it('waits where there are no phrases', () => {
    const idle: PanelFact = { kind: 'activity', activity: { kind: 'idle' } };
    const waiting = panel(panelOf(...subject, idle).page);
    expect(phrasesInUse(waiting)).toEqual([]);
    expect(waiting.activity.kind).toBe('idle');
    expect(waiting.classified).toBeUndefined();
  });

  it('has no phrases for a model that was chosen instead', () => {
    const message = { kind: 'chooseModel', modelId: 'starter' } as const;
    const { model } = update(answered, { kind: 'said', message });
    expect(phrasesInUse(panel(model))).toBeUndefined();
  });

  it('cross to the extension and back over a reload', () => {
    const message = { kind: 'usePhrases', phrases: ['a cat'] };
    expect(v.parse(fromPanelSchema, message)).toEqual(message);
    expect(v.is(fromPanelSchema, { kind: 'usePhrases', phrases: [1] })).toBe(false);
    expect(v.parse(keptPanelSchema, stateToKeep(answered))).toMatchObject({ phrases: both });
  });

  it('take the answer about earlier ones along for a page that comes back', () => {
    const { channel, told } = panelOf(asked, ...subject, explained(both));
    channel.hidden();
    channel.intend({ kind: 'usePhrases', phrases: ['a dog'] });
    channel.ready();
    expect(told.at(-1)?.changed).toMatchObject({ phrases: ['a dog'] });
    expect(told.at(-1)?.changed).not.toHaveProperty('explained');
    expect(channel.state.remembered).toEqual([]);
  });

  it('are each there once, without spaces around them', () => {
    expect(tidyPhrases([' a cat', 'a  cat', '', 'A cat'])).toEqual(['a cat', 'A cat']);
  });
});
