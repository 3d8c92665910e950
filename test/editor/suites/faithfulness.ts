/** How faithful a map is: measured in the panel, and kept with the map that it is of. */
import assert from 'node:assert/strict';
import { checkInEveryTheme } from '../accessibility';
import { inWindow, until } from '../suite';
import type { Surroundings } from '../surroundings';

const title = 'Explain Image with ViT';

export async function faithfulnessSuite(surroundings: Surroundings): Promise<void> {
  await inWindow(surroundings, async (scene) => {
    const { check, workbench, panel, workspace, shoot } = scene;
    const { keyboard } = workbench.page;
    const plot = panel.get('plot');
    const isMeasured = async (): Promise<boolean> => (await panel.get('faithfulness').count()) > 0;
    /** What a screen reader says of the point that the keys are at. */
    const point = (): Promise<string | null> => plot.getAttribute('aria-valuetext');
    /** A class’s probability, as the list of classes says it. */
    const share = async (index: number): Promise<string> => {
      const said = await panel.classRow(index).innerText();
      return /[\d.<]+\s%/.exec(said)?.[0] ?? said;
    };
    const choose = async (index: number): Promise<void> => {
      await panel.classRow(index).click();
      await until('it is chosen', async () => (await panel.selectedClass()) === index);
    };

    await workbench.chooseFromContextMenu(workbench.file(workspace.photo), title);
    await panel.waitUntilExplained();
    const [best = 0, second = 0] = await panel.classIndices();

    const measured = await check('it is measured where it is asked for', async () => {
      await panel.get('measure-faithfulness').click();
      await until('it is measured', isMeasured);
      assert.match(await panel.get('faithfulness').innerText(), /\d\.\d\d/);
      const trusted = (await panel.get('faithfulness').getAttribute('data-trusted')) === 'true';
      await panel.frame.getByText('The figures', { exact: true }).click();
      const abc = panel.get('faithfulness-figures').locator('tbody tr td:nth-child(2)');
      const [map = NaN, centre = NaN] = (await abc.allInnerTexts()).map((text) =>
        Number(text.replace('−', '-')),
      );
      if (trusted) assert.ok(map >= centre, `${map} is not above ${centre}, but trusted`);
      await shoot('faithfulness');
    });
    if (!measured) return;

    await check('its curves begin with what the model says of the whole picture', async () => {
      await plot.focus();
      await keyboard.press('Home');
      const whole = await share(best);
      assert.equal(
        await point(),
        `0\u00A0% of patches taken away: most relevant first ${whole}, least relevant first ${whole}`,
      );
      await keyboard.press('End');
      assert.match((await point()) ?? '', /^100\s% of patches taken away/);
      const rows = await panel.get('plot-table').locator('tbody tr').count();
      assert.equal(rows, Number(await plot.getAttribute('aria-valuemax')) + 1);
    });

    await check('what is left of the picture is shown in three small ones', async () => {
      const pictures = panel.get('kept-picture').locator('img');
      assert.equal(await pictures.count(), 3);
      await until('they are loaded', () =>
        pictures.evaluateAll((images) =>
          images.every((image) => image instanceof HTMLImageElement && image.naturalWidth > 0),
        ),
      );
      const left = await panel
        .get('kept-picture')
        .locator('path')
        .evaluateAll((paths) => paths.map((path) => path.getAttribute('d')?.length ?? 0));
      assert.ok(left.every((length) => length > 0));
    });

    await check('another class has its own, asked for by a key', async () => {
      await choose(second);
      assert.equal(await isMeasured(), false);
      await panel.get('map').focus();
      await keyboard.press('f');
      await until('it is measured', isMeasured);
      await plot.focus();
      await keyboard.press('Home');
      assert.ok((await point())?.includes(`first ${await share(second)}`));
      const sentence = await panel.get('faithfulness').innerText();
      await choose(best);
      await until('that of the first class is there', async () => {
        return (await isMeasured()) && (await panel.get('faithfulness').innerText()) !== sentence;
      });
    });

    await check('stability and faithfulness stand beside each other', async () => {
      const sentence = await panel.get('faithfulness').innerText();
      await panel.get('measure-stability').click();
      await panel.get('stability').waitFor();
      assert.equal(await panel.get('faithfulness').innerText(), sentence);
    });

    await check('another method’s map has none, and the first one’s comes back', async () => {
      const method = await panel.get('method').inputValue();
      const sentence = await panel.get('faithfulness').innerText();
      await panel.get('method').selectOption('attention_rollout');
      await panel.waitUntilExplained();
      assert.equal(await isMeasured(), false);
      await panel.get('method').selectOption(method);
      await until('it is there again', isMeasured);
      assert.equal(await panel.get('faithfulness').innerText(), sentence);
    });

    await check('it is cancelled, and measured later', async () => {
      await panel.get('method').selectOption('attention');
      await panel.waitUntilExplained();
      await panel.get('measure-faithfulness').evaluate(async (button) => {
        (button as HTMLElement).click();
        await new Promise(requestAnimationFrame);
        document.querySelector<HTMLElement>('[data-testid="cancel"]')?.click();
      });
      await panel.frame.locator('[data-testid="activity"][data-kind="cancelled"]').waitFor();
      assert.equal(await isMeasured(), false);
      await panel.get('measure-faithfulness').click();
      await until('it is measured', isMeasured);
    });

    await check('every control has a name for screen readers', async () => {
      assert.deepEqual(await panel.namelessControls(), []);
      assert.deepEqual(workbench.errorsOfOurs(), []);
    });

    await panel.get('faithfulness').scrollIntoViewIfNeeded();
    await checkInEveryTheme(scene, 'faithfulness', workbench.panel);
  });
}
