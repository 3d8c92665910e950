/** What every page has to be in every theme: readable, named and operable, as axe-core judges it. */
import assert from 'node:assert/strict';
import axe from 'axe-core';
import type { FrameLocator } from 'playwright-core';
import { until, type Scene } from './suite';

const themes = [
  ['Light Modern', 'light'],
  ['Dark High Contrast', 'high-contrast'],
  ['Light High Contrast', 'high-contrast-light'],
  ['Dark Modern', 'dark'],
] as const;

/** One check a theme of the page in front; each leaves a picture. The last theme is the usual dark one. */
export async function checkInEveryTheme(
  { check, workbench, shoot }: Pick<Scene, 'check' | 'workbench' | 'shoot'>,
  what: string,
  page: FrameLocator,
): Promise<void> {
  for (const [theme, kind] of themes) {
    await check(`${what} in ${theme} is free of what axe-core objects to`, async () => {
      await workbench.chooseTheme(theme);
      const body = page.locator(`body[data-vscode-theme-kind="vscode-${kind}"]`);
      await until('the page follows', async () => (await body.count()) === 1);
      await workbench.page.waitForTimeout(300); // colours fade over
      await shoot(`${what} ${kind}`);
      assert.deepEqual(await objections(page), []);
    });
  }
}

/** Each broken rule with the elements that break it. */
async function objections(page: FrameLocator): Promise<string[]> {
  const body = await page.locator('body').elementHandle();
  const frame = await body.ownerFrame();
  if (!frame) throw new Error('The page has no frame.');
  // Through the debugger, which the page's Content Security Policy does not bind.
  await frame.evaluate(`${axe.source}\n;0`);
  return frame.evaluate(async () => {
    const { axe: judge } = window as unknown as { axe: typeof axe };
    // Style sheets are not fetched anew: the policy of the page would refuse it.
    const { violations, passes } = await judge.run({
      resultTypes: ['violations'],
      preload: false,
      // Of WCAG 2.1 A, and yet not among those that are asked by themselves.
      rules: { 'label-content-name-mismatch': { enabled: true } },
    });
    if (passes.length < 5) return [`only ${passes.length} rules found anything to judge`];
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html.slice(0, 200)} ${failureSummary}`),
    );
  });
}
