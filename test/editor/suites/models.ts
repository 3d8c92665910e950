/**
 * The model manager: a download with consent from a mirror on this machine, cancelled, gone on with,
 * deleted; and the caches, bounded and cleared.
 */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import type { Locator } from 'playwright-core';
import { timmWeights } from '../../fixtures/intake/place-checkpoint';
import { torchArchive } from '../../fixtures/intake/torch-archive';
import { ExplanationPanel } from '../explanation-panel';
import { GalleryPage } from '../gallery-page';
import { ModelPage } from '../model-page';
import { startServer } from '../server';
import type { Surroundings } from '../surroundings';
import { Workbench } from '../workbench';

const model = { id: 'vit-tiny-patch16-224', name: 'ViT-Ti/16' };
const weights = randomBytes(600_000);
const sent = 200_000;

export async function modelsSuite(surroundings: Surroundings): Promise<void> {
  const { recorder, results, editor, repository } = surroundings;
  const mirror = new Mirror();
  await mirror.listen();
  const server = await startServer(editor, { installedFrom: repository });
  writeMachineSettings(server.dataFolder, {
    'vitExplainer.modelMirror': mirror.address,
    'vitExplainer.cacheGigabytes': 0.001,
  });
  const workbench = await Workbench.open(surroundings.browser, server, {
    folder: surroundings.workspace.folder,
  });
  const manager = new ManagerPicker(workbench);
  const shoot = async (name: string): Promise<void> => {
    await workbench.page.screenshot({
      path: path.join(results, `${name.replace(/\W+/g, '-')}.png`),
    });
  };
  const check = (name: string, body: () => Promise<void>): Promise<boolean> =>
    recorder.check(name, body, (failed) => shoot(`failed ${failed}`));

  await check('models: nothing is downloaded without a yes to size, licence and host', async () => {
    await manager.open();
    await manager.choose(model.name);
    await manager.choose('Download…');
    const question = await manager.dialog.innerText();
    assert.match(question, /Download ViT-Ti\/16 \(about 22\.9 MB\) from 127\.0\.0\.1:\d+\?/);
    assert.match(question, /Licence: Apache-2\.0/);
    assert.match(question, /checksum is recorded now/);
    await shoot('model consent');
    await manager.answer('Cancel');
    await manager.row(model.name).waitFor();
    assert.deepEqual(mirror.asked, []);
  });

  await check(
    'models: a download is cancelled in its notification, and what arrived is kept',
    async () => {
      mirror.stalls = true;
      await manager.choose(model.name);
      await manager.choose('Download…');
      await manager.answer('Download');
      await until(() => mirror.stalled, 'the mirror was asked for the weights');
      const toast = workbench.page.locator('.notifications-toasts');
      await toast.getByText('Downloading ViT-Ti/16').first().waitFor();
      await toast.getByRole('button', { name: 'Cancel' }).click();
      await manager.row(model.name).waitFor();
      const [partial] = filesNamed(server.dataFolder, 'model.safetensors.partial');
      assert.ok(partial !== undefined && readFileSync(partial).length > 0);
    },
  );

  await check('models: the download goes on from there and is listed with its size', async () => {
    mirror.stalls = false;
    await manager.choose(model.name);
    await manager.choose('Go On with the Download…');
    await manager.answer('Download');
    await manager.row(model.name).getByText('600 kB').waitFor();
    await shoot('model manager');
    const [file] = filesNamed(server.dataFolder, 'model.safetensors');
    assert.ok(file !== undefined && readFileSync(file).equals(weights));
    assert.ok(mirror.asked.some((line) => /model\.safetensors bytes=\d+-$/.test(line)));
  });

  const panel = new ExplanationPanel(workbench.panel);
  await check(
    'models: after work the caches keep to their limit, less what is in use',
    async () => {
      await workbench.page.keyboard.press('Escape');
      await workbench.chooseFromContextMenu(
        workbench.file(surroundings.workspace.photo),
        'Explain Image with ViT',
      );
      await panel.waitUntilExplained();
      const prepared = preparedFiles(server.dataFolder);
      assert.ok(prepared.length >= 3);
      const unused = path.join(path.dirname(prepared[0] ?? ''), `forward-${'0'.repeat(32)}.onnx`);
      writeFileSync(unused, 'not used for long');
      utimesSync(unused, 1, 1);
      await panel.get('method').selectOption('attention_rollout');
      await panel.waitUntilExplained();
      await until(() => !existsSync(unused), 'the unused file is removed');
      assert.deepEqual(preparedFiles(server.dataFolder), prepared);
    },
  );

  await check('models: clearing the caches asks first, and spares downloads', async () => {
    await workbench.runCommand('ViT Explainer: Clear Caches');
    const question = await manager.dialog.innerText();
    assert.match(question, /Clear the caches of ViT Explainer\? They take [\d.]+ MB\./);
    assert.match(question, /prepared models: [\d.]+ MB[^]*Downloaded models stay/);
    await shoot('clear caches');
    await manager.answer('Clear');
    const toast = workbench.page.locator('.notifications-toasts');
    await toast.getByText(/^[\d.]+ MB are free again\.$/).waitFor();
    assert.deepEqual(preparedFiles(server.dataFolder), []);
    assert.equal(filesNamed(server.dataFolder, 'model.safetensors').length, 1);
    await panel.get('method').selectOption('gradcam');
    await panel.waitUntilExplained();
    assert.ok(preparedFiles(server.dataFolder).length >= 3);
    await manager.open();
  });

  await check('models: a line says how the picture is prepared and leads to the page', async () => {
    await workbench.page.keyboard.press('Escape');
    const { folder } = surroundings.workspace;
    writeFileSync(path.join(folder, 'plain.pth'), torchArchive({ model: timmWeights(64, 49, 32) }));
    await workbench.chooseFromContextMenu(
      workbench.file('plain.pth'),
      'Explain an Image with This Model',
    );
    const line = panel.get('prepared');
    await panel.waitUntilExplained();
    assert.match(
      await line.innerText(),
      /^Prepared as timm ViT, a guess: short side 248, centre 224, mean 0\.5; assumed: .*attention heads/,
    );
    assert.deepEqual(await panel.namelessControls(), []);
    await shoot('prepared');
    await panel.get('change-prepared').click();
    const page = new GalleryPage(workbench.page).panelBeside;
    await page.get('keep-heads').click();
    const manifest = path.join(folder, 'plain.vit.json');
    await until(() => existsSync(manifest), 'the manifest is written');
    await page.get('forget-architecture.heads').waitFor();
    await shoot('model page beside');
    assert.deepEqual(JSON.parse(readFileSync(manifest, 'utf8')), {
      format: 1,
      architecture: { heads: 1 },
    });
    await workbench.page.keyboard.press('Control+w');
    await workbench.untilAlone();
    await line.getByText(/^(?!.*attention heads)/).waitFor();
    await panel.waitUntilExplained();
  });

  await check('models: one of the workspace is listed, and used by the next pictures', async () => {
    const list = panel.get('model');
    const note = panel.get('starter-note');
    const offer = panel.get('use-for-all');
    const plain = list.locator('optgroup[label="In the workspace"] option', { hasText: 'plain' });
    await plain.waitFor({ state: 'attached' });
    await offer.waitFor();
    await list.selectOption('starter');
    await panel.waitUntilExplained();
    await note.waitFor();
    assert.match(await note.innerText(), /26 everyday classes.*Get ViT-S\/16 \(88\sMB\)/s);
    assert.equal(await offer.count(), 0);
    await shoot('starter note');
    const id = (await plain.getAttribute('value')) ?? '';
    await list.selectOption(id);
    await panel.waitUntilExplained();
    assert.equal(await note.count(), 0);
    await workbench.chooseFromContextMenu(workbench.file('third.jpg'), 'Explain Image with ViT');
    await workbench.tab('third.jpg – ViT').waitFor();
    await panel.waitUntilExplained();
    assert.equal(await list.inputValue(), id);
    await offer.click();
    await offer.waitFor({ state: 'detached' });
    await list.selectOption('starter');
    await offer.click();
    await offer.waitFor({ state: 'detached' });
    await list.selectOption(id);
    await panel.waitUntilExplained();
  });

  await check('models: a manifest that another program writes is followed', async () => {
    const manifest = path.join(surroundings.workspace.folder, 'plain.vit.json');
    writeFileSync(manifest, '{ "format": 1, "output": "sigmod" }');
    const failure = panel.get('failure');
    await failure.waitFor();
    assert.match(await failure.innerText(), /“output” is "sigmod" instead of one of "softmax"/);
    writeFileSync(manifest, '{ "format": 1 }');
    await failure.waitFor({ state: 'detached' });
    await panel.waitUntilExplained();
    await manager.open();
  });

  await check('models: lists are divided by where the models are', async () => {
    // The editor draws them twice, where one sticks, and keeps those of the palette.
    const groups = workbench.page.locator('.quick-input-list .quick-input-list-separator');
    for (const name of ['In the workspace', 'On this machine', 'To be downloaded'])
      await groups.getByText(name, { exact: true }).first().waitFor({ state: 'attached' });
    await workbench.page.keyboard.press('Escape');
    await workbench.runCommand('ViT Explainer: Choose Model');
    const asked = workbench.page.locator('.quick-input-title', { hasText: 'Choose Model' });
    await asked.waitFor();
    await manager.row('In the workspace').waitFor();
    const question = workbench.page.locator('.quick-input-widget input[type="text"]').first();
    assert.match(
      (await question.getAttribute('placeholder')) ?? '',
      /^The model that pictures (of this workspace )?are explained with from now on \(.* settings\)$/,
    );
    await shoot('choose model');
    // A list draws only what is in sight.
    await question.fill('A model file');
    await manager.row('A model file…').waitFor();
    await workbench.page.keyboard.press('Escape');
    await manager.open();
  });

  await check('models: any file of this machine has its page from the manager', async () => {
    await workbench.page.locator('.quick-input-widget input').first().fill('A model file');
    await manager.choose('A model file…');
    const shipped = path.join(repository, 'models/starter/model.onnx');
    await workbench.browseTo(shipped, 'Manage Models');
    await workbench.tab('model.onnx').waitFor();
    await new ModelPage(workbench).waitUntilRead();
    await workbench.page.keyboard.press('Control+w');
    await manager.open();
  });

  await check('models: deleting one asks first and frees its place', async () => {
    await manager.choose(model.name);
    await manager.choose('Delete…');
    assert.match(await manager.dialog.innerText(), /It frees 600 kB/);
    await manager.answer('Delete');
    await manager.row(model.name).getByText('22.9 MB').waitFor();
    assert.deepEqual(filesNamed(server.dataFolder, 'model.safetensors'), []);
    await workbench.page.keyboard.press('Escape');
  });

  await workbench.close();
  await server.stop();
  await mirror.close();
}

/** The quick picks and dialogs of the model manager. */
class ManagerPicker {
  constructor(private readonly workbench: Workbench) {}

  get dialog(): Locator {
    return this.workbench.page.locator('.monaco-dialog-box');
  }

  async open(): Promise<void> {
    await this.workbench.runCommand('ViT Explainer: Manage Models');
    // The palette is still there while the workspace is searched.
    await this.workbench.page.locator('.quick-input-title', { hasText: 'Manage Models' }).waitFor();
  }

  row(text: string): Locator {
    return this.workbench.page
      .locator('.quick-input-list .monaco-list-row', { hasText: text })
      .first();
  }

  async choose(text: string): Promise<void> {
    await this.row(text).click();
  }

  async answer(button: string): Promise<void> {
    await this.dialog.getByRole('button', { name: button, exact: true }).click();
    await this.dialog.waitFor({ state: 'detached' });
  }
}

/** Stands in for the model hub; can stop in the middle of the weights. */
class Mirror {
  /** Path and Range of every request. */
  readonly asked: string[] = [];
  stalls = false;
  stalled = false;
  private readonly server: Server = createServer((request, response) => {
    const range = request.headers.range;
    this.asked.push(`${request.url ?? ''} ${range ?? ''}`.trim());
    if (request.url?.endsWith('/config.json') === true) {
      response.end('{}');
      return;
    }
    const start = Number(/^bytes=(\d+)-$/.exec(range ?? '')?.[1] ?? 0);
    response.writeHead(start > 0 ? 206 : 200, {
      etag: '"v1"',
      'content-length': weights.length - start,
      ...(start > 0 && {
        'content-range': `bytes ${start}-${weights.length - 1}/${weights.length}`,
      }),
    });
    if (this.stalls) {
      response.write(weights.subarray(start, sent), () => {
        this.stalled = true;
      });
    } else {
      response.end(weights.subarray(start));
    }
  });

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.server.listen(0, '127.0.0.1', resolve));
  }

  get address(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

/** Settings of machine scope are read from the server's own file. */
function writeMachineSettings(
  dataFolder: string,
  settings: Readonly<Record<string, unknown>>,
): void {
  for (const folder of ['data', 'server/data']) {
    const machine = path.join(dataFolder, folder, 'Machine');
    mkdirSync(machine, { recursive: true });
    writeFileSync(path.join(machine, 'settings.json'), JSON.stringify(settings));
  }
}

/** What the worker keeps of the models it has opened. */
function preparedFiles(dataFolder: string): string[] {
  return readdirSync(dataFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /[\\/]graphs[\\/][^\\/]+\.(onnx|weights|json)$/.test(file))
    .map((file) => path.join(dataFolder, file));
}

/** Files of this name in the model's download folder, wherever the editor keeps it. */
function filesNamed(dataFolder: string, name: string): string[] {
  return readdirSync(dataFolder, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith(path.join(model.id, name)))
    .map((file) => path.join(dataFolder, file))
    .filter((file) => existsSync(file));
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const deadline = Date.now() + 20_000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error(`Waited in vain until ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
