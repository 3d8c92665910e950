/** Answers among some classes in a panel: what is chosen, what that comes to, and the page. */
import { describe, expect, it } from 'vitest';
import type { AmongChoice } from '../../src/shared/among';
import type { ClassScore } from '../../src/shared/explanation';
import { amongClasses, amongWords } from '../../src/shared/panel/among-classes';
import { learned, type PanelFact } from '../../src/shared/panel/panel-facts';
import { intended } from '../../src/shared/panel/panel-intents';
import { emptyPanel, type PanelModel } from '../../src/shared/panel/panel-model';
import { classRows } from '../../src/webview/class-rows';
import { initialPage, stateToKeep, update } from '../../src/webview/panel-state';
import { describePanel } from '../fixtures/panel/describe-panel';
import { explainedFact, resultOf, shownFacts, smallMap } from '../fixtures/panel/panel-facts';

const shown = {
  uri: 'file:///cat.png',
  fileName: 'cat.png',
  imageSrc: 'data:image/gif;base64,R0lGODlhAQABAAAAACwAAAAAAQABAAA=',
  models: [],
  methods: [],
  modelId: 'tiny',
  method: 'rollout',
  labels: ['cat', 'dog', 'owl', 'fox', 'crane', 'crane'],
  colourMap: 'magma',
};
const topK: readonly ClassScore[] = [
  { index: 1, label: 'dog', probability: 0.5, share: 0.8, logit: 3 },
  { index: 3, label: 'fox', probability: 0.125, share: 0.2, logit: 1.61 },
];
const ofAll = resultOf({
  modelId: 'tiny',
  method: 'rollout',
  topK: [{ index: 1, label: 'dog', probability: 0.5, logit: 3 }],
  heatmaps: [smallMap(1, 'dog')],
});
const result = resultOf({
  ...ofAll,
  topK,
  among: [1, 3],
  heatmaps: [smallMap(1, 'dog'), smallMap(3, 'fox')],
});
const facts = shownFacts(shown);
const list = { of: 'list', text: 'dog, fox' } as const;
const panelAfter = (...told: readonly PanelFact[]): PanelModel =>
  [...facts, ...told].reduce(learned, emptyPanel);

describe('the classes that a panel’s answers are taken among', () => {
  const panel = panelAfter();
  const datasetClasses = [
    { index: 0, name: 'fox' },
    { index: 9, name: 'owl' },
    { index: 1, name: 'yak' },
  ];

  it('are found in the model that is open, whatever numbers the dataset’s model had', () => {
    expect(amongClasses({ ...panel, among: { of: 'dataset' }, datasetClasses })).toEqual({
      classes: [2, 3],
      problems: ['This model does not know 1 class of the dataset: yak.'],
    });
    const few = datasetClasses.slice(1);
    const { classes, problems } = amongClasses({
      ...panel,
      among: { of: 'dataset' },
      datasetClasses: few,
    });
    expect(classes).toBeUndefined();
    expect(problems[1]).toMatch(/only one/);
  });

  it('count once where two labels of the dataset are one class of the model', () => {
    const twice = [datasetClasses[0], { index: 5, name: 'fox' }].flatMap((one) => one ?? []);
    const choice = { of: 'dataset' } as const;
    const { classes, problems } = amongClasses({ ...panel, among: choice, datasetClasses: twice });
    expect(classes).toBeUndefined();
    expect(problems.join()).toMatch(/only one/);
  });

  it('are those of a list, all of them or none', () => {
    expect(amongClasses({ ...panel, among: list })).toEqual({ classes: [1, 3], problems: [] });
    const wrong = { of: 'list', text: 'dog, fox, crane' } as const;
    const { classes, problems } = amongClasses({ ...panel, among: wrong });
    expect(classes).toBeUndefined();
    expect(problems.join()).toMatch(/“crane” fits several classes: 4 crane; 5 crane/);
  });

  it('are all where nothing else was chosen, nothing is open, or pictures are compared with phrases', () => {
    const none = { problems: [] };
    expect(amongClasses(panel)).toEqual(none);
    expect(amongClasses({ ...emptyPanel, among: list })).toEqual(none);
    const phrases = shownFacts({ ...shown, comparesPhrases: true }).reduce(learned, emptyPanel);
    expect(amongClasses({ ...phrases, among: list })).toEqual(none);
  });
});

describe('choosing them', () => {
  const before = panelAfter(explainedFact(ofAll));
  const asked = intended(before, { kind: 'useAmong', among: list });

  it('asks for other answers, and leaves those in sight until they come', () => {
    expect(asked).toMatchObject({ among: list, remembered: [], activity: { kind: 'busy' } });
    expect(asked.explained).toBe(before.explained);
    expect(intended(asked, { kind: 'useAmong', among: list })).toBe(asked);
    const answered = learned(asked, explainedFact(result));
    expect(answered.classified).toMatchObject({ topK, among: [1, 3] });
    expect(amongWords(answered)).toBe('2 listed classes');
    expect(amongWords(learned(answered, explainedFact(ofAll)))).toBeUndefined();
  });

  it('shows no share of before beside the new answers while the maps are still to come', () => {
    const fox = { index: 3, label: 'fox', probability: 0.125, share: 0.2, logit: 1.61 };
    const known = learned(
      { ...asked, extraClasses: [3] },
      explainedFact({ ...result, scores: [fox] }),
    );
    const other = { among: [0, 1], topK: topK.slice(0, 1), window: result.window };
    const rows = classRows(learned(known, { kind: 'classified', classified: other }));
    expect(rows).toMatchObject([{ label: 'dog' }, { label: 'fox' }]);
    expect(rows[1]).not.toHaveProperty('share');
    const same = { ...other, among: [1, 3] };
    expect(classRows(learned(known, { kind: 'classified', classified: same }))[1]).toMatchObject(
      fox,
    );
  });

  it('holds on the next picture and the next model, and over a reload', () => {
    const next = learned(asked, { kind: 'moved', isOther: true, choices: { modelId: 'other' } });
    expect(next.among).toEqual(list);
    const page = facts.reduce((model, fact) => {
      const changed = learned(model.copy.now, fact);
      const change = { kind: 'state', heard: 0, changed, gone: [] } as const;
      return update(model, { kind: 'received', change }).model;
    }, initialPage());
    expect(stateToKeep(page)).not.toHaveProperty('among');
    const chosen = update(page, { kind: 'said', message: { kind: 'useAmong', among: list } });
    expect(chosen.posts).toEqual([{ kind: 'useAmong', among: list }]);
    expect(stateToKeep(chosen.model)).toMatchObject({ among: list });
  });

  it('forgets what was answered where a gallery chooses them for the same picture', () => {
    const known = learned(asked, explainedFact(result));
    const same: PanelFact = { kind: 'moved', isOther: false, choices: { among: list } };
    expect(learned(known, same).remembered).toHaveLength(1);
    const choices = { among: { of: 'dataset' } } as const;
    expect(learned(known, { kind: 'moved', isOther: false, choices }).remembered).toEqual([]);
  });
});

describePanel('the panel in Chromium, answers among some classes', (openPanel) => {
  it('takes a typed list, says what is wrong with it and loses nothing of it', async () => {
    const panel = await openPanel();
    await panel.send(facts, explainedFact(ofAll));
    expect(await panel.get('classes').locator('legend').innerText()).toBe('Classes');
    const options = await panel.get('among').locator('option').allInnerTexts();
    expect(options).toEqual(['all 6 classes', 'a list…']);
    await panel.posted();
    await panel.get('among').selectOption('list');
    await panel.get('among-list').fill('dog, crane, mule');
    await panel.page.keyboard.press('Enter');
    const problems = panel.get('among-problems');
    expect(await problems.innerText()).toMatch(
      /“crane” fits several classes.*no class named “mule”/s,
    );
    expect(await panel.get('among-list').inputValue()).toBe('dog, crane, mule');
    expect(await panel.posted()).toEqual([]);

    await panel.get('among-list').fill('dog, fox');
    await panel.get('among-use').click();
    expect(await problems.innerText()).toBe('');
    expect(await panel.posted()).toEqual([{ kind: 'useAmong', among: list }]);
    await panel.send(explainedFact(result));
    expect(await panel.get('classes').locator('legend').innerText()).toBe('Among 2 listed classes');
    const names = await panel.get('class').allInnerTexts();
    expect(names.map((name) => name.replace(/\s+/g, ' '))).toEqual([
      'dog 80 % 50 % among all',
      'fox 20 % 13 % among all',
    ]);
    await panel.page.getByRole('radio', { name: /^dog 80.% 50.% among all$/ }).check();

    await panel.get('among').selectOption('all');
    expect(await panel.posted()).toContainEqual({ kind: 'useAmong', among: { of: 'all' } });
    expect(panel.complaints).toEqual([]);
  });

  it('shows what a gallery chooses for it, also where that can be none', async () => {
    const panel = await openPanel();
    const chosen = (among: AmongChoice): PanelFact => ({
      kind: 'moved',
      isOther: false,
      choices: { among },
    });
    await panel.send(facts, explainedFact(ofAll));
    for (const text of ['dog, fox', 'dog, owl']) {
      await panel.send(chosen({ of: 'list', text }), explainedFact(result));
      expect(await panel.get('among-list').inputValue()).toBe(text);
    }
    await panel.get('among-list').press('End');
    await panel.page.keyboard.type(', cat');
    await panel.page.keyboard.press('Enter');
    const longer = { of: 'list', text: 'dog, owl, cat' };
    expect(await panel.posted()).toContainEqual({ kind: 'useAmong', among: longer });

    await panel.send(chosen({ of: 'dataset' }), explainedFact(ofAll));
    expect(await panel.get('among').inputValue()).toBe('dataset');
    expect(await panel.get('among-problems').innerText()).toMatch(/there are none/);
  });
});
