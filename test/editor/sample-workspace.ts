/** A folder to open in the workbench: photographs, and pictures that are none. */
import { copyFileSync, existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import sharp from 'sharp';

export interface SampleWorkspace {
  readonly folder: string;
  /** The photograph that most checks explain. */
  readonly photo: string;
  remove(): void;
}

const photographs = /\.(png|jpe?g|webp)$/i;

/** @param repository where `media/samples` lies */
export async function sampleWorkspace(repository: string): Promise<SampleWorkspace> {
  const folder = mkdtempSync(path.join(tmpdir(), 'vit-explainer-workspace-'));
  const file = (name: string): string => path.join(folder, name);
  const samples = [
    path.join(repository, 'media/samples'),
    path.join(repository, '../shared/photos'),
  ].find((candidate) => existsSync(candidate) && readdirSync(candidate).some(isPhotograph));
  if (samples === undefined) throw new Error('There are no sample photographs in media/samples.');
  const [first] = readdirSync(samples).filter(isPhotograph).sort();
  if (first === undefined) throw new Error(`There is no photograph in ${samples}.`);
  const photo = `photo${path.extname(first).toLowerCase()}`;
  copyFileSync(path.join(samples, first), file(photo));
  const small = sharp(file(photo)).resize(320);
  await small.clone().tiff().toFile(file('scan.TIFF'));
  await small.clone().webp().toFile(file('second.webp'));
  await small.clone().jpeg().toFile(file('third.jpg'));
  const whole = await small.clone().jpeg().toBuffer();
  writeFileSync(file('broken.jpg'), whole.subarray(0, 300));
  writeFileSync(file('text.png'), 'This is a text, not a picture.\n');
  writeFileSync(file('empty.png'), '');
  await sharp({ create: { width: 1, height: 1, channels: 3, background: 'red' } })
    .png()
    .toFile(file('single-pixel.png'));
  await sharp({
    create: { width: 20_000, height: 20_000, channels: 3, background: 'white' },
    limitInputPixels: false,
  })
    .png({ compressionLevel: 1 })
    .toFile(file('huge.png'));
  writeFileSync(file('not-a-model.onnx'), 'no model either\n');
  writeFileSync(file('notes.txt'), 'Nothing to explain here.\n');
  return { folder, photo, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

function isPhotograph(name: string): boolean {
  return photographs.test(name);
}
