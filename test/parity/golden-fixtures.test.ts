/** The golden figures that are shipped are a part of all golden figures, unchanged. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { take } from '../fixtures/golden/take';
import { describeWithShared, sharedPath, shippedGolden } from '../shared-folder';

describeWithShared('the shipped golden figures', 'golden', () => {
  it('are what is taken from all golden figures', () => {
    const taken = take(sharedPath('golden'));
    const shipped = readdirSync(shippedGolden, { recursive: true, encoding: 'utf8' })
      .map((file) => file.split(path.sep).join('/'))
      .filter((file) => /^vit_s\/.*\./.test(file));
    expect(shipped.sort()).toEqual([...taken.keys()].sort());
    for (const [name, bytes] of taken) {
      const same = Buffer.compare(readFileSync(path.join(shippedGolden, name)), bytes) === 0;
      expect([name, same]).toEqual([name, true]);
    }
  });
});
