/** What came out wrong once, with the command line and the right values: `npm run cases` as tests. */
import { existsSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { situations } from '../cases/situations';
import { Tools } from '../cases/tools';
import { describeWithShared, sharedPath } from '../shared-folder';
import { bundle } from './bundle';

describeWithShared('situations from public reports', 'cases/expected.json', () => {
  let tools: Tools;
  let cli: Awaited<ReturnType<typeof bundle>>;

  beforeAll(async () => {
    cli = await bundle('cli');
    tools = await Tools.open(sharedPath('cases'), cli.file);
  });
  afterAll(async () => {
    await Promise.all([tools.remove(), cli.remove()]);
  });

  for (const { title, needs, outcome } of situations) {
    it.skipIf(!existsSync(sharedPath('cases', needs)))(title, { timeout: 180_000 }, async () => {
      const { got, expected, right } = await outcome(tools);
      expect(right, `got ${got}; expected ${expected}`).toBe(true);
    });
  }
});
