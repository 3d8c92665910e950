/** What goes wrong is said in a sentence with a next step, and the next request works. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Explain Image with ViT';

export async function troubleSuite(surroundings: Surroundings): Promise<void> {
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

/** Process ids of the workers below one server: its extension hosts carry its folder in their environment. */
function workerProcesses(dataFolder: string): number[] {
  const lines = execFileSync('ps', ['-eo', 'pid=,args='], { encoding: 'utf8' }).split('\n');
  return lines
    .filter((line) => line.includes(path.join('dist', 'worker.js')))
    .map((line) => Number(line.trim().split(/\s+/)[0]))
    .filter((pid) => environmentOf(pid).includes(`VIT_EXPLAINER_TEST_SERVER=${dataFolder}`));
}

function environmentOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/environ`, 'utf8');
  } catch {
    return '';
  }
}
