/** One panel for one picture after the other: replaced, kept, walked through its folder, moved about. */
import assert from 'node:assert/strict';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Explain Image with ViT';

export async function previewSuite(surroundings: Surroundings): Promise<void> {
  await inWindow(surroundings, async ({ check, workbench, panel, workspace, shoot }) => {
    const { page } = workbench;
    const explain = async (name: string): Promise<void> => {
      await workbench.chooseFromContextMenu(workbench.file(name), title);
      await showing(name);
    };
    const showing = async (name: string): Promise<void> => {
      await workbench.tab(`${name} – ViT`).waitFor();
      await panel.frame.locator('h1', { hasText: name }).waitFor();
      await panel.waitUntilExplained();
    };
    const panels = (): Promise<number> => workbench.tab('– ViT').count();

    await check('preview: the next picture takes the place, with what was chosen', async () => {
      await explain('second.webp');
      await panel.get('method').selectOption('attention_rollout');
      await panel.waitUntilExplained();
      await explain('third.jpg');
      assert.equal(await panels(), 1);
      assert.equal(await panel.get('method').inputValue(), 'attention_rollout');
      assert.equal(await panel.get('pin').getAttribute('aria-pressed'), 'false');
      await shoot('preview');
    });

    await check('preview: the pin keeps it, and the next picture has its own', async () => {
      await panel.get('pin').click();
      await explain('second.webp');
      assert.equal(await panels(), 2);
      await workbench.runCommand('ViT Explainer: Keep Panel Open');
      await until('it is kept', async () => {
        return (await panel.get('pin').getAttribute('aria-pressed')) === 'true';
      });
      await explain(workspace.photo);
      assert.equal(await panels(), 3);
      await workbench.runCommand('View: Close All Editors');
    });

    await check('preview: arrow keys walk through the folder, and a class stays', async () => {
      await explain('second.webp');
      const [, second = 0] = await panel.classIndices();
      await panel.classRow(second).click();
      assert.match(await panel.get('walk-place').innerText(), /^\d+ of \d+ pictures of/);
      await panel.get('walk-next').focus();
      await page.keyboard.press('ArrowRight');
      await until('another picture is shown', async () => {
        return !(await panel.frame.locator('h1').innerText()).startsWith('second');
      });
      await page.keyboard.press('ArrowLeft');
      await showing('second.webp');
      assert.equal(await panels(), 1);
      assert.equal(await panel.selectedClass(), second);
      await page.keyboard.press('b');
      const [best] = await panel.classIndices();
      await until('the best class', async () => (await panel.selectedClass()) === best);
    });

    await check('preview: moved to other groups, it is there with all it showed', async () => {
      await workbench.file('notes.txt').dblclick();
      await workbench.tab('second.webp – ViT').click();
      for (const command of [
        'View: Move Editor into Right Group',
        'View: Move Editor Group Left',
        'View: Move Editor Group Right',
        'View: Move Editor into Left Group',
      ]) {
        await workbench.runCommand(command);
        await showing('second.webp');
        const box = await panel.get('picture').boundingBox();
        assert.ok((box?.width ?? 0) > 100, `${command}: there is no picture`);
      }
      await shoot('moved');
    });

    await check('preview: it comes back as one after a reload', async () => {
      await workbench.reload();
      await showing('second.webp');
      assert.equal(await panel.get('pin').getAttribute('aria-pressed'), 'false');
      await explain('third.jpg');
      assert.equal(await panels(), 1);
    });

    await check('preview: the console holds no error of ours', async () => {
      assert.deepEqual(workbench.errorsOfOurs(), []);
      return Promise.resolve();
    });
  });
}
