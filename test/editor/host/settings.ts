/** Every setting is checked before it is used, with a message that names it. */
import assert from 'node:assert/strict';
import path from 'node:path';
import * as vscode from 'vscode';
import {
  cacheLimit,
  defaultModelId,
  explainSettings,
  modelFolder,
  modelIdFromSetting,
  processSettings,
} from '../../../src/extension/settings';
import { settingPlace, writeSetting } from '../../../src/extension/settings/read-setting';
import { Failure } from '../../../src/shared/failure';
import type { HostTest } from './host-test';

const picture = vscode.Uri.file('/nowhere/picture.png');

/** Sets a value for the time of a body, and takes it back whatever happens. */
async function withSetting(name: string, value: unknown, body: () => void): Promise<void> {
  const configuration = vscode.workspace.getConfiguration('vitExplainer');
  const before = configuration.inspect(name)?.globalValue;
  await configuration.update(name, value, vscode.ConfigurationTarget.Global);
  try {
    body();
  } finally {
    await configuration.update(name, before, vscode.ConfigurationTarget.Global);
  }
}

function isInvalid(name: string) {
  return (error: unknown): boolean =>
    error instanceof Failure &&
    error.code === 'setting-invalid' &&
    error.message.includes(`vitExplainer.${name}`);
}

export const settingsTests: readonly HostTest[] = [
  {
    name: 'the defaults are valid',
    body: async () => {
      const { topK, preset, colourMap } = explainSettings(picture);
      assert.deepEqual([topK, preset, colourMap], [5, 'model', 'viridis']);
      assert.deepEqual(processSettings(), {
        threads: 0,
        provider: 'cpu',
        idleSeconds: 300,
        sessionBytes: 2048 * 2 ** 20,
      });
      assert.equal(modelFolder(), undefined);
      assert.equal(cacheLimit(), 5e9);
      return Promise.resolve();
    },
  },
  ...(
    [
      ['topK', 0],
      ['topK', 'five'],
      ['preset', 'mine'],
      ['colourMap', 'rainbow'],
      ['method', ''],
    ] as const
  ).map(([name, value]): HostTest => ({
    name: `${name} refuses ${JSON.stringify(value)}`,
    body: () =>
      withSetting(name, value, () => {
        assert.throws(() => explainSettings(picture), isInvalid(name));
      }),
  })),
  ...(
    [
      ['threads', -1],
      ['threads', 1.5],
      ['provider', 'abacus'],
      ['idleSeconds', 'never'],
      ['sessionMegabytes', 1],
    ] as const
  ).map(([name, value]): HostTest => ({
    name: `${name} refuses ${JSON.stringify(value)}`,
    body: () =>
      withSetting(name, value, () => {
        assert.throws(() => processSettings(), isInvalid(name));
      }),
  })),
  {
    name: 'cacheGigabytes takes any number from 0, which is no limit',
    body: async () => {
      await withSetting('cacheGigabytes', 0.5, () => assert.equal(cacheLimit(), 5e8));
      await withSetting('cacheGigabytes', 0, () => assert.equal(cacheLimit(), Infinity));
      await withSetting('cacheGigabytes', -1, () => {
        assert.throws(() => cacheLimit(), isInvalid('cacheGigabytes'));
      });
    },
  },
  {
    name: 'modelFolder refuses a relative path',
    body: () =>
      withSetting('modelFolder', 'my/models', () => {
        assert.throws(() => modelFolder(), isInvalid('modelFolder'));
      }),
  },
  {
    name: 'paths may begin with the folder of the workspace, and have backslashes',
    body: async () => {
      const folder = vscode.workspace.workspaceFolders?.[0]?.uri.fsPath;
      assert.ok(folder, 'a folder is open');
      const models = path.join(folder, 'my/models');
      for (const written of ['${workspaceFolder}/my/models', '${workspaceFolder}\\my\\models']) {
        await withSetting('modelFolder', written, () => assert.equal(modelFolder(), models));
        await withSetting('model', `${written}/a.onnx`, () =>
          assert.equal(defaultModelId(picture), `file:${path.join(models, 'a.onnx')}`),
        );
      }
      await withSetting('model', 'my\\models\\a.onnx', () =>
        assert.equal(defaultModelId(picture), `file:${path.join(models, 'a.onnx')}`),
      );
    },
  },
  {
    name: 'a setting is written where it is in force',
    body: async () => {
      const { Workspace, Global } = vscode.ConfigurationTarget;
      const configuration = () => vscode.workspace.getConfiguration('vitExplainer');
      assert.equal(settingPlace('topK'), 'user');
      await configuration().update('topK', 3, Workspace);
      try {
        assert.equal(settingPlace('topK'), 'workspace');
        await writeSetting('topK', 4);
        const { workspaceValue, globalValue } = configuration().inspect('topK') ?? {};
        assert.deepEqual([workspaceValue, globalValue], [4, undefined]);
      } finally {
        await configuration().update('topK', undefined, Workspace);
      }
      await writeSetting('topK', 6);
      assert.equal(configuration().inspect('topK')?.globalValue, 6);
      await configuration().update('topK', undefined, Global);
    },
  },
  {
    name: 'the model setting takes ids and paths',
    body: async () => {
      const folder = path.resolve('/models');
      assert.equal(modelIdFromSetting('starter', folder), 'starter');
      assert.equal(modelIdFromSetting('deit-tiny-patch16-224', folder), 'deit-tiny-patch16-224');
      assert.equal(modelIdFromSetting('a/b.onnx', folder), `file:${path.join(folder, 'a/b.onnx')}`);
      assert.throws(() => modelIdFromSetting('a/b.onnx', undefined), isInvalid('model'));
      await withSetting('model', '', () => {
        assert.throws(() => defaultModelId(picture), isInvalid('model'));
      });
    },
  },
];
