/** A panel whose person is faster than the work: the model and the picture that are asked about are those in sight. */
import { squashedTo } from '../fixtures/preprocessing';
import type * as vscode from 'vscode';
import { beforeEach, expect, it, vi } from 'vitest';
import { PanelChannel } from '../../src/extension/panel/panel-channel';
import { PictureExplanation } from '../../src/extension/panel/picture-explanation';
import { ShownPicture } from '../../src/extension/panel/shown-picture';
import type { OpeningServices } from '../../src/extension/panel/open-picture';
import type { Heatmap } from '../../src/shared/explanation';
import { emptyPanel } from '../../src/shared/panel/panel-model';
import { resultOf } from '../fixtures/panel/panel-facts';

const file = vi.hoisted(() => ({ bytes: Uint8Array.of(0xff, 0xd8, 0xff) }));
vi.mock('vscode', () => ({
  EventEmitter: class {
    event = () => undefined;
    fire = () => undefined;
    dispose = () => undefined;
  },
  FileSystemError: class extends Error {},
  FileType: { File: 1, Directory: 2 },
  workspace: {
    asRelativePath: ({ path }: { path: string }) => path,
    fs: {
      stat: () => Promise.resolve({ type: 1, size: file.bytes.length }),
      readFile: () => Promise.resolve(file.bytes),
    },
  },
}));
const disk = vi.hoisted(() => ({ stamp: 'old', written: [] as unknown[] }));
vi.mock('../../src/store/model-stamp', () => ({ stampOfModel: () => Promise.resolve(disk.stamp) }));
vi.mock('../../src/store/manifest', () => ({
  readManifest: () => Promise.resolve({ pictures: { grey: 'red' } }),
  writeManifest: (...written: readonly unknown[]) => Promise.resolve(disk.written.push(written)),
}));
const settingOf = vi.hoisted(() => ({ method: 'attention' }));
vi.mock('../../src/extension/settings', () => ({
  explainSettings: () => ({
    method: settingOf.method,
    topK: 1,
    preset: 'model',
    colourMap: 'viridis',
  }),
}));
vi.mock('../../src/extension/models/open-manifest', () => ({}));
vi.mock('../../src/extension/watch-file', () => ({}));
vi.mock('../../src/extension/panel/browser-draws', () => ({ browserDraws: () => 'image/jpeg' }));

function fileUri(name: string): vscode.Uri {
  const path = `/photos/${name}`;
  const uri = {
    scheme: 'file',
    fsPath: path,
    path,
    with: ({ query }: { query: string }) => `file://${path}?${query}`,
    toString: () => `file://${path}`,
  };
  return uri as unknown as vscode.Uri;
}

function panel() {
  const failing = new Set<string>();
  /** What an answer waits for. */
  const held = { until: Promise.resolve() };
  /** Methods that the worker was asked for. */
  const called: string[] = [];
  const worker = {
    methods: () => Promise.resolve([]),
    call: (name: string, asked: { model: { id: string }; method: string }) => {
      if (name === 'inspect') return Promise.resolve({ methods: [] });
      const { model, method } = asked;
      if (name === 'bestMethod') return Promise.resolve({ method: `best of ${model.id}` });
      const score = { index: 0, label: 'cat', probability: 1, logit: 1 };
      const heatmap: Heatmap = {
        index: 0,
        label: 'cat',
        values: Float32Array.of(1),
        shape: [1, 1],
      };
      called.push(method);
      const said = { topK: [score], heatmaps: [heatmap], scores: [score] };
      return held.until.then(() => resultOf({ modelId: model.id, method, ...said }));
    },
  };
  const models = {
    list: () => Promise.resolve([]),
    listAll: () => Promise.resolve([]),
    chosen: { idFor: () => 'a', isSetting: () => true },
    resolve: (id: string) =>
      failing.has(id)
        ? Promise.reject(new Error('It is gone.'))
        : Promise.resolve({
            id,
            name: id,
            path: `/models/${id}`,
            labels: disk.stamp === 'old' ? ['cat'] : ['lion'],
            preprocessing: squashedTo(8),
          }),
    descriptionChanged: (id: string) => void explanation.modelChanged(id),
  };
  const services = { worker, models } as unknown as OpeningServices;
  const webview = { asWebviewUri: (uri: vscode.Uri) => uri } as unknown as vscode.Webview;
  const channel = new PanelChannel(emptyPanel, () => undefined);
  const picture = new ShownPicture(fileUri('one.jpg'), webview, services.worker, () => {
    channel.learn({ kind: 'outdated' });
    void explanation.begin();
  });
  const explanation = new PictureExplanation(picture, channel, services, () => undefined);
  return { channel, picture, explanation, failing, held, called };
}

beforeEach(() => {
  Object.assign(disk, { stamp: 'old', written: [] });
});

it('has the names of the classes after another model was chosen, taken back, and a method chosen', async () => {
  const { channel, explanation } = panel();
  await explanation.begin();
  expect(channel.state).toMatchObject({ opened: { labels: ['cat'] }, activity: { kind: 'idle' } });
  const work: Promise<void>[] = [];
  for (const modelId of ['b', 'a']) {
    channel.intend({ kind: 'chooseModel', modelId });
    work.push(explanation.begin());
  }
  channel.intend({ kind: 'chooseMethod', method: 'gradcam' });
  work.push(explanation.methodChosen());
  await Promise.all(work);
  expect(channel.state).toMatchObject({
    modelId: 'a',
    explained: { modelId: 'a', method: 'gradcam' },
    opened: { labels: ['cat'] },
    activity: { kind: 'idle' },
  });
});

it('shows the next picture, without the maps of the one before, where the model is gone meanwhile', async () => {
  const { channel, picture, explanation, failing } = panel();
  await explanation.begin();
  failing.add('a');
  const isOther = picture.replace(fileUri('two.jpg'));
  explanation.leave({}, isOther);
  await explanation.begin();
  expect(channel.state.activity.kind).toBe('failed');
  expect(channel.state.picture?.fileName).toBe('two.jpg');
  expect(channel.state.explained).toBeUndefined();
});

it('leaves nothing of the picture before where the next one cannot be read', async () => {
  const { channel, picture, explanation } = panel();
  await explanation.begin();
  const { bytes } = file;
  file.bytes = new Uint8Array(0);
  explanation.leave({}, picture.replace(fileUri('two.jpg')));
  await explanation.begin();
  file.bytes = bytes;
  expect(channel.state).toMatchObject({
    picture: undefined,
    classified: undefined,
    explained: undefined,
    activity: { kind: 'failed' },
  });
});

it('draws a version of the file before it shows the map of it, whatever is asked meanwhile', async () => {
  const { channel, picture, explanation } = panel();
  await explanation.begin();
  const before = channel.state.picture?.imageSrc;
  file.bytes = Uint8Array.of(0xff, 0xd8, 0xff, 0xff);
  await picture.look();
  channel.intend({ kind: 'chooseMethod', method: 'gradcam' });
  await explanation.methodChosen();
  expect(channel.state.explained).toMatchObject({ method: 'gradcam' });
  expect(channel.state.picture?.imageSrc).not.toBe(before);
});

it('goes with the best method of the model, until a method is chosen', async () => {
  settingOf.method = 'best';
  const { channel, explanation } = panel();
  const choose = async (modelId: string): Promise<unknown> => {
    channel.intend({ kind: 'chooseModel', modelId });
    await explanation.begin();
    return channel.state;
  };
  expect(await choose('b')).toMatchObject({ explained: { modelId: 'b', method: 'best of b' } });
  expect(await choose('a')).toMatchObject({ explained: { modelId: 'a', method: 'best of a' } });
  channel.intend({ kind: 'chooseMethod', method: 'best of a' });
  await explanation.methodChosen();
  expect(await choose('b')).toMatchObject({ explained: { modelId: 'b', method: 'best of a' } });
  settingOf.method = 'attention';
});

it('keeps black and white of the model right after they were chosen for the picture', async () => {
  const { channel, explanation } = panel();
  await explanation.begin();
  const window = { low: 0, high: 4095 };
  channel.intend({ kind: 'useWindow', uri: channel.state.picture?.uri ?? '', window });
  const used = explanation.beginWithAnotherModel();
  channel.intend({ kind: 'keepWindow', window });
  await Promise.all([used, explanation.keepWindow(window)]);
  await vi.waitFor(() => expect(channel.state.activity.kind).toBe('idle'));
  expect(disk.written).toEqual([['/models/a', { pictures: { grey: 'red', window } }]]);
  expect(channel.state).toMatchObject({ chosenWindow: undefined, explained: { modelId: 'a' } });
});

it('opens a model anew whose file was replaced, also where two methods are chosen one upon the other', async () => {
  const { channel, explanation } = panel();
  await explanation.begin();
  disk.stamp = 'new';
  const work = ['rollout', 'gradcam'].map((method) => {
    channel.intend({ kind: 'chooseMethod', method });
    return explanation.methodChosen();
  });
  await Promise.all(work);
  await vi.waitFor(() => expect(channel.state.activity.kind).toBe('idle'));
  expect(channel.state).toMatchObject({
    opened: { labels: ['lion'] },
    explained: { method: 'gradcam' },
  });
});

it('begins anew where the model is described differently while it is being asked', async () => {
  const { channel, explanation, held, called } = panel();
  await explanation.begin();
  let answer = (): void => undefined;
  held.until = new Promise((resolve) => (answer = resolve));
  channel.intend({ kind: 'chooseMethod', method: 'rollout' });
  const asked = explanation.methodChosen();
  await vi.waitFor(() => expect(called.at(-1)).toBe('rollout'));
  disk.stamp = 'new';
  const changed = explanation.modelChanged('a');
  answer();
  await Promise.all([asked, changed]);
  await vi.waitFor(() => expect(channel.state.activity.kind).toBe('idle'));
  expect(channel.state.opened?.labels).toEqual(['lion']);
});
