import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import sharp from 'sharp';
import { writeNpy } from '../../../src/shared/npy';
import { byteEdits } from '../edits/bytes';
import { svgEdits } from '../edits/snippets';
import { textEdits } from '../edits/text';
import type { Base } from '../input';

const drawing = Buffer.from(`<?xml version="1.0"?>
<svg xmlns="http://www.w3.org/2000/svg" width="40" height="30" viewBox="0 0 40 30">
  <defs>
    <linearGradient id="sky"><stop offset="0" stop-color="#08f"/><stop offset="1" stop-color="white"/></linearGradient>
  </defs>
  <rect width="40" height="30" fill="url(#sky)"/>
  <g transform="translate(3 4) rotate(12)"><circle cx="9" cy="9" r="6.5" fill="gold" opacity=".7"/></g>
  <path d="M2 28 C 10 10, 20 40, 38 12" stroke="black" stroke-width="2" fill="none"/>
  <text x="3" y="20" font-size="6">cat</text>
</svg>
`);

export async function pictures(fixtures: string): Promise<readonly Base[]> {
  const folder = path.join(fixtures, 'pictures');
  const names = (await readdir(folder)).filter((name) => !/\.(json|py)$/.test(name));
  const stored = await Promise.all(
    names.map(async (name): Promise<Base> => {
      const files = { [name]: await readFile(path.join(folder, name)) };
      return { name, files, changed: name, edits: byteEdits, ask: 'picture', path: name };
    }),
  );
  const avif = await sharp({ create: { width: 40, height: 30, channels: 3, background: 'teal' } })
    .avif()
    .toBuffer();
  const tensor = writeNpy({ shape: [1, 3, 8, 12], values: new Float32Array(288).fill(0.5) });
  const other = (
    name: string,
    bytes: Uint8Array,
    edits: Base['edits'],
    ask: Base['ask'] = 'picture',
  ) => ({ name, files: { [name]: bytes }, changed: name, edits, ask, path: name }) as const;
  const svg = other('drawing.svg', drawing, [...svgEdits, ...svgEdits, ...textEdits, ...byteEdits]);
  return [
    ...stored,
    ...Array<Base>(6).fill(svg),
    other('drawing.svgz', gzipSync(drawing), byteEdits),
    other('picture.avif', avif, byteEdits),
    other('tensor.npy', tensor, [...textEdits, ...byteEdits], 'tensor'),
    other('tensor.npy', tensor, [...textEdits, ...byteEdits], 'tensor'),
  ];
}
