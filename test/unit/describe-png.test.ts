import sharp from 'sharp';
import { expect, it } from 'vitest';
import { describedPng } from '../../src/extension/describe-png';

it('says of a PNG what it is, and leaves its pixels alone', async () => {
  const picture = sharp({ create: { width: 5, height: 4, channels: 3, background: '#fa0' } });
  const png = await picture.png().toBuffer();
  const words = 'What if: 5 × 4 pixels from 1, 2 covered; not the model’s own';
  const described = describedPng(png, words);
  const { comments, width, height } = await sharp(described).metadata();
  expect(comments).toEqual([{ keyword: 'Description', text: words }]);
  expect([width, height]).toEqual([5, 4]);
  const pixels = (file: Uint8Array) => sharp(file, { failOn: 'warning' }).raw().toBuffer();
  expect(await pixels(described)).toEqual(await pixels(png));
});
