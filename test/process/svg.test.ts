/** Drawings are drawn in a process that can be ended. */
import { createRequire } from 'node:module';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { decodeImage } from '../../src/service/pictures/decode';
import { orientationOf } from '../../src/service/pictures/orientation';
import { raster } from '../../src/service/pictures/raster';
import { bundle } from './bundle';

interface Decoder {
  readonly decodeImage: typeof decodeImage;
}

let decoder: Decoder;
let remove: () => Promise<void>;

beforeAll(async () => {
  const built = await bundle('decode', 'src/service/pictures/decode.ts');
  remove = built.remove;
  decoder = createRequire(import.meta.url)(built.file) as Decoder;
});

afterAll(() => remove());

function svg(width: number, height: number, content = '', definitions = ''): Buffer {
  return Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><defs>${definitions}</defs><rect width="50%" height="100%" fill="#00ff00"/>${content}</svg>`,
  );
}

describe('an SVG', () => {
  it('is drawn over white, and a small one large enough to see something', async () => {
    const icon = await decoder.decodeImage(svg(24, 16), 'icon.svg');
    expect(icon).toMatchObject({ width: 768, height: 512, remarks: [] });
    expect([...icon.data.subarray(0, 3)]).toEqual([0, 255, 0]);
    expect([...icon.data.subarray(767 * 3, 768 * 3)]).toEqual([255, 255, 255]);
    const large = await decoder.decodeImage(svg(900, 400), 'large.svg', { alpha: 'black' });
    expect(large).toMatchObject({ width: 900, height: 400 });
    expect([...large.data.subarray(899 * 3, 900 * 3)]).toEqual([0, 0, 0]);
  });

  it('may begin with a mark, blanks or a prologue, or be compressed', async () => {
    const drawing = svg(800, 10);
    const prologue = Buffer.from('\uFEFF<?xml version="1.0"?>\n<!-- a b -->');
    const blanks = Buffer.from(' \n\t');
    const forms = [
      Buffer.concat([prologue, drawing]),
      Buffer.concat([blanks, drawing]),
      gzipSync(drawing),
    ];
    for (const bytes of forms) {
      const picture = await decoder.decodeImage(bytes, 'a.svg');
      expect([...picture.data.subarray(0, 3)]).toEqual([0, 255, 0]);
    }
  });

  it('is drawn in no other process, whatever it begins with', async () => {
    const drawing = svg(80, 60);
    for (const bytes of [drawing, gzipSync(drawing), Buffer.concat([Buffer.from('\n'), drawing])])
      expect(() => raster(bytes, {})).toThrow('unsupported image format');
    const behindText = Buffer.concat([Buffer.from('GIF '), drawing]);
    await expect(raster(behindText, {}).metadata()).rejects.toThrow(/XML parse error/);
    expect(await orientationOf(drawing)).toBe(1);
  });

  it('that would take for ever is given up in time', async () => {
    const blurs = '<feGaussianBlur stdDeviation="1000"/>'.repeat(2);
    const filter = `<filter id="f" x="-100" y="-100" width="300" height="300">${blurs}<feTurbulence numOctaves="99" baseFrequency="0.9"/></filter>`;
    const bomb = svg(
      5000,
      5000,
      '<rect width="5000" height="5000" filter="url(#f)"/>'.repeat(10),
      filter,
    );
    const start = performance.now();
    await expect(decoder.decodeImage(bomb, 'bomb.svg')).rejects.toMatchObject({
      code: 'image-unreadable',
      message: expect.stringMatching(/bomb\.svg.*longer than 8 seconds/) as string,
    });
    expect(performance.now() - start).toBeLessThan(10_000);
  }, 30_000);

  it('that is too large, broken or none says so', async () => {
    const message = async (bytes: Uint8Array) =>
      decoder.decodeImage(bytes, 'a.svg').then(
        () => 'drawn',
        (failure: unknown) => (failure instanceof Error ? failure.message : ''),
      );
    expect(await message(svg(30_000, 30_000))).toContain('30000 × 30000 pixels');
    expect(await message(Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"'))).toMatch(/read/);
    expect(await message(Buffer.from('<html><body>404</body></html>'))).toContain('known format');
    expect(await message(gzipSync('a text'))).toContain('known format');
  });
});
