/** What goes wrong is said in a sentence with a next step, and the next request works. */
import assert from 'node:assert/strict';
import {
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';
import { workerProcesses } from '../worker-processes';

const title = 'Explain Image with ViT';

export async function troubleSuite(surroundings: Surroundings): Promise<void> {
  const { vsix } = surroundings;
  await inWindow(surroundings, async ({ check, workbench, panel, workspace, shoot, server }) => {
    const explain = async (name: string): Promise<void> => {
      await workbench.chooseFromContextMenu(workbench.file(name), title);
      await until(`${name} is in front`, () => workbench.isActive(name));
    };

    for (const [name, code, words] of [
      ['text.png', 'image-unreadable', /text\.png/],
      ['broken.jpg', 'image-unreadable', /broken\.jpg/],
      ['empty.png', 'image-unreadable', /empty/],
      ['huge.png', 'image-too-large', /20000|20,000|megapixel/],
    ] as const) {
      await check(`trouble: ${name} is refused with a reason and a next step`, async () => {
        await explain(name);
        const failure = await panel.waitForFailure();
        assert.equal(failure.code, code);
        assert.match(failure.text, words);
        if (name === 'text.png') await shoot('unreadable picture');
      });
    }

    await check('trouble: a picture of one pixel is explained', async () => {
      await explain('single-pixel.png');
      await panel.waitUntilExplained();
    });

    await check('trouble: a file that changes on disk is explained again', async () => {
      copyFileSync(
        path.join(workspace.folder, 'text.png'),
        path.join(workspace.folder, 'changing.png'),
      );
      await workbench.file('changing.png').waitFor();
      await explain('changing.png');
      await panel.waitForFailure();
      const photo = readFileSync(path.join(workspace.folder, 'third.jpg'));
      writeFileSync(path.join(workspace.folder, 'changing.png'), photo);
      await until('it is explained', async () => (await panel.classes.count()) > 0, 30_000);
      await panel.waitUntilExplained();
    });

    await check(
      'trouble: a wrong setting is named, shown where it is set, and followed',
      async () => {
        const folder = path.join(workspace.folder, '.vscode');
        const set = (settings: object): void => {
          mkdirSync(folder, { recursive: true });
          writeFileSync(path.join(folder, 'settings.json'), JSON.stringify(settings));
        };
        await explain('third.jpg');
        await panel.waitUntilExplained();
        set({ 'vitExplainer.topK': 0 });
        const failure = await panel.waitForFailure();
        assert.equal(failure.code, 'setting-invalid');
        assert.match(
          failure.text,
          /vitExplainer\.topK is 0; it has to be a whole number from 1 to 20/,
        );
        await shoot('wrong setting');
        await panel.get('failure-openSettings').click();
        const { page } = workbench;
        await page
          .locator('.settings-editor .setting-item', { hasText: 'Top K' })
          .first()
          .waitFor();
        const others = page.locator('.settings-editor .setting-item', { hasText: 'Colour Map' });
        assert.equal(await others.count(), 0, 'only this one is shown');
        set({ 'vitExplainer.topK': 3 });
        await workbench.tab('third.jpg – ViT').click();
        await until('it is explained', async () => (await panel.classes.count()) === 3, 30_000);
        await panel.waitUntilExplained();
        rmSync(folder, { recursive: true });
      },
    );

    await check('trouble: cancel answers at once, and explaining again works', async () => {
      await explain(workspace.photo);
      await panel.waitUntilExplained();
      // Slow enough to be under way when the click lands, on any machine.
      await panel.get('method').selectOption('integrated_gradients');
      const started = performance.now();
      await panel.get('cancel').click();
      await panel.frame.locator('[data-testid="activity"][data-kind="cancelled"]').waitFor();
      const milliseconds = performance.now() - started;
      assert.ok(milliseconds < 3000, `it took ${Math.round(milliseconds)} ms`);
      await shoot('cancelled');
      await panel.get('retry').click();
      await panel.waitUntilExplained();
    });

    await check('trouble: a killed worker is named, and trying again works', async () => {
      await panel.get('method').selectOption('gradcam');
      await panel.waitUntilExplained();
      await panel.get('method').selectOption('attnlrp');
      await panel.get('cancel').waitFor();
      await until('the worker runs', () => workerProcesses(server.dataFolder).length > 0);
      for (const pid of workerProcesses(server.dataFolder)) process.kill(pid, 'SIGKILL');
      const failure = await panel.waitForFailure();
      assert.equal(failure.code, 'worker-died');
      await shoot('worker died');
      await panel.get('failure-retry').click();
      await until('the failure is gone', async () => (await panel.get('failure').count()) === 0);
      await panel.waitUntilExplained();
    });

    await check('trouble: where a native library is missing, the page says so', async () => {
      if (vsix === undefined) return; // the repository's own modules stay as they are
      const extensions = path.join(server.dataFolder, 'extensions');
      const ours = readdirSync(extensions).find((name) => name.startsWith('vit-explainer.'));
      assert.ok(ours, 'the package is installed');
      const native = path.join(extensions, ours, 'node_modules', 'onnxruntime-node', 'bin');
      renameSync(native, `${native}-away`);
      try {
        for (const pid of workerProcesses(server.dataFolder)) process.kill(pid, 'SIGKILL');
        await explain('second.webp');
        const failure = await panel.waitForFailure();
        assert.equal(failure.code, 'platform-unsupported');
        assert.match(failure.text, /^ViT Explainer cannot run here: .*install it again/s);
        await shoot('native library missing');
      } finally {
        renameSync(`${native}-away`, native);
      }
      await panel.get('failure-retry').click();
      await panel.waitUntilExplained();
    });

    await check('trouble: a model that is none is refused by name', async () => {
      await workbench.chooseFromContextMenu(
        workbench.file('not-a-model.onnx'),
        'Explain an Image with This Model',
      );
      const failure = await panel.waitForFailure();
      assert.equal(failure.code, 'model-unreadable');
      assert.match(failure.text, /not-a-model\.onnx/);
      await shoot('not a model');
    });
  });

  await surroundings.recorder.check('trouble: no worker outlives its window', async () => {
    await until(
      'the workers have ended',
      () => workerProcesses(surroundings.server.dataFolder).length === 0,
      360_000,
    );
  });
}
