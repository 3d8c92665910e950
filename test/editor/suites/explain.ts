/** From the right click to the evidence. */
import assert from 'node:assert/strict';
import path from 'node:path';
import { ExplanationPanel } from '../explanation-panel';
import type { Surroundings } from '../surroundings';

export async function explainSuite(surroundings: Surroundings): Promise<void> {
  const { recorder, results, workspace } = surroundings;
  const workbench = await surroundings.openWorkbench();
  const panel = new ExplanationPanel(workbench.panel);
  const shoot = async (name: string): Promise<void> => {
    await workbench.page.screenshot({
      path: path.join(results, `${name.replace(/\W+/g, '-')}.png`),
    });
  };
  const check = (name: string, body: () => Promise<void>): Promise<boolean> =>
    recorder.check(name, body, (failed) => shoot(`failed ${failed}`));

  await check('right click on a photograph explains it', async () => {
    await workbench.chooseFromContextMenu(
      workbench.file(workspace.photo),
      'Explain Image with ViT',
    );
    await panel.get('panel').waitFor();
    await panel.waitUntilExplained();
    assert.equal(await panel.classes.count(), 5);
    await shoot('explained');
  });
  await workbench.close();
}
