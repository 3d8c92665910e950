/** A CLIP asked in words: phrases typed into the panel become classes with maps. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { ExplanationPanel } from '../explanation-panel';
import { startServer } from '../server';
import { until } from '../suite';
import type { Surroundings } from '../surroundings';
import { Workbench } from '../workbench';

export async function zeroShotSuite(surroundings: Surroundings): Promise<void> {
  const { browser, editor, recorder, repository, results, vsix, workspace } = surroundings;
  const clip = path.join(repository, 'test/fixtures/clip/onnx/vision_model.onnx');
  const server = await startServer(editor, {
    settings: { 'vitExplainer.model': clip },
    ...(vsix !== undefined && { vsix }),
  });
  const workbench = await Workbench.open(browser, server, {
    folder: workspace.folder,
    ...(vsix === undefined && { extensionFolder: repository }),
  });
  const panel = new ExplanationPanel(workbench.panel);
  const shoot = async (name: string): Promise<void> => {
    await workbench.page.screenshot({
      path: path.join(results, `${name.replace(/\W+/g, '-')}.png`),
    });
  };
  const check = (name: string, body: () => Promise<void>): Promise<boolean> =>
    recorder.check(name, body, (failed) => shoot(`failed ${failed}`));
  const type = async (phrase: string): Promise<void> => {
    await panel.get('phrase-input').fill(phrase);
    await panel.get('phrase-input').press('Enter');
    await panel.get('classes').getByText(phrase, { exact: true }).waitFor();
    await panel.waitUntilExplained();
  };

  const opened = await check('zero-shot: a CLIP asks for phrases before it answers', async () => {
    await workbench.chooseFromContextMenu(
      workbench.file(workspace.photo),
      'Explain Image with ViT',
    );
    await panel.get('phrase-hint').getByText('type what it may show').waitFor();
    await until('it waits', async () => {
      return (await panel.get('activity').getAttribute('data-kind')) === 'idle';
    });
    assert.equal(await panel.classes.count(), 0);
    assert.equal(await panel.get('class-picker').count(), 0);
  });
  if (opened) {
    await check('zero-shot: one phrase has a similarity and a map, no probability', async () => {
      await type('a tabby cat');
      const text = await panel.classRow(0).innerText();
      assert.match(text, /a tabby cat[\s\S]*similarity −?0\.\d{3}/);
      assert.doesNotMatch(text, /%/);
      assert.match(await panel.get('phrase-hint').innerText(), /at least two/);
    });

    await check('zero-shot: two phrases have probabilities, and each its own map', async () => {
      await type('a red collar');
      await until('both are listed', async () => (await panel.classes.count()) === 2);
      assert.equal(await panel.selectedClass(), 1);
      const collar = await panel.heatmapPixels();
      const texts = await Promise.all([0, 1].map((index) => panel.classRow(index).innerText()));
      const shares = texts.map((text) => Number(/([\d.]+)\s*%/.exec(text)?.[1]));
      assert.ok(Math.abs(shares.reduce((a, b) => a + b) - 100) < 0.3, texts.join(' | '));
      await shoot('phrases');
      await panel.classRow(0).click();
      await until('the other map is drawn', async () => (await panel.selectedClass()) === 0);
      await panel.waitUntilExplained();
      assert.notDeepEqual((await panel.heatmapPixels()).pixels, collar.pixels);
    });

    await check(
      'zero-shot: phrases come back after a reload, and go by their buttons',
      async () => {
        await workbench.reload();
        await panel.waitUntilExplained();
        assert.equal(await panel.get('phrase').count(), 2);
        assert.equal(await panel.classes.count(), 2);
        await panel.get('phrase-remove').first().click();
        await until('one is left', async () => (await panel.classes.count()) === 1);
        await panel.waitUntilExplained();
        assert.match(await panel.classRow(0).innerText(), /a red collar/);
        assert.deepEqual(await panel.namelessControls(), []);
      },
    );
  }
  await workbench.close();
  await server.stop();
}
