/** Files whose fields are sound one by one, and come to what no picture can become. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { preprocessingBeside } from '../../src/store/preprocessing/beside';

it('leaves aside a crop_pct that leaves no pixel, or too many, and says so', async () => {
  const folder = await mkdtemp(path.join(os.tmpdir(), 'vit-impossible-'));
  try {
    for (const cropPct of [900, 1e-6]) {
      const config = {
        architecture: 'vit',
        pretrained_cfg: { input_size: [3, 12, 12], crop_pct: cropPct },
      };
      await writeFile(path.join(folder, 'config.json'), JSON.stringify(config));
      const { stated, passedOver } = await preprocessingBeside([folder], undefined);
      expect(stated).toBeUndefined();
      expect(passedOver[0]).toMatchObject({
        value: '“config.json” left aside',
        reason: expect.stringMatching(/size.* instead of/) as string,
      });
    }
  } finally {
    await rm(folder, { recursive: true });
  }
});
