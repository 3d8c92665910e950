/** Texts that come in portions are what they are in one piece. */
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decodedText } from '../../src/dataset/decoded-text';
import { textLines } from '../../src/dataset/text-lines';
import { decodeText } from '../../src/shared/decode-text';

async function* portionsOf<Whole extends { slice(from: number, to?: number): Whole }>(
  whole: Whole & { readonly length: number },
  sizes: readonly number[],
): AsyncGenerator<Whole> {
  let from = 0;
  for (const size of sizes) {
    if (from >= whole.length) break;
    yield await Promise.resolve(whole.slice(from, from + size));
    from += size;
  }
  if (from < whole.length) yield whole.slice(from);
}

async function all<Part>(parts: AsyncIterable<Part>): Promise<Part[]> {
  const list: Part[] = [];
  for await (const part of parts) list.push(part);
  return list;
}

const sizes = fc.array(fc.integer({ min: 1, max: 7 }), { maxLength: 60 });

it.each([
  ['UTF-8', (text: string) => Buffer.from(text)],
  ['UTF-8 with a mark', (text: string) => Buffer.from(`\uFEFF${text}`)],
  ['UTF-16', (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le')],
  [
    'UTF-16, the other way round',
    (text: string) => Buffer.from(`\uFEFF${text}`, 'utf16le').swap16(),
  ],
])('is decoded from %s, wherever it is divided', async (_, encoded) => {
  const text = 'path,label\nфото/кот.jpg,猫\ncafé.jpg,🐈 и 🐕\n';
  await fc.assert(
    fc.asyncProperty(sizes, async (parts) => {
      // What tells the encoding lies in the first portion.
      const decoded = await all(decodedText(portionsOf(encoded(text), [8, ...parts])));
      expect(decoded.join('')).toBe(text);
    }),
  );
});

it('is decoded from Windows-1252 where plain text goes before', async () => {
  const text = Buffer.from('path;label\r\na.jpg;chat âgé\r\nb.jpg;éé\r\n', 'latin1');
  await fc.assert(
    fc.asyncProperty(sizes, async (parts) => {
      const decoded = await all(decodedText(portionsOf(text, [8, ...parts])));
      expect(decoded.join('')).toBe(decodeText(text));
    }),
  );
});

it('is cut into lines as in one piece', async () => {
  const text = fc.array(fc.constantFrom('a', 'bc', '\n', '\r\n', '\r', '\n\r'), { maxLength: 30 });
  await fc.assert(
    fc.asyncProperty(text, sizes, async (parts, divided) => {
      const whole = parts.join('');
      const lines = (await all(textLines(portionsOf(whole, divided), 1000))).flat();
      expect(lines).toEqual(whole.split(/\r\n|\r|\n/));
    }),
  );
});

it('is refused where a line does not end', async () => {
  const endless = portionsOf('x'.repeat(5000), [1000, 1000, 1000]);
  await expect(all(textLines(endless, 2000))).rejects.toThrow('more than 2000 characters');
});
