/** A picture that is changed before the model sees it gives what a file that was really changed so gives. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import * as v from 'valibot';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { explain } from '../../src/service/explain';
import { changedPicture } from '../../src/service/pictures/changed-picture';
import { decodeImage } from '../../src/service/pictures/decode';
import type { RgbImage } from '../../src/service/pictures/resize';
import { Workroom } from '../../src/service/workroom';
import { changeInBrief, changeInFull } from '../../src/shared/change-in-words';
import type { ModelDescription } from '../../src/shared/model';
import {
  pictureChangeSchema,
  isFull,
  withCover,
  withCovers,
  withFit,
  type Cover,
  type PictureBox,
  type PictureChange,
} from '../../src/shared/picture-change';
import type { Preprocessing } from '../../src/shared/preprocessing';
import type { ExplainResult } from '../../src/shared/protocol/explain';
import { resolveModel } from '../../src/store/resolve-model';

const repository = path.resolve(import.meta.dirname, '../..');
const sample = path.join(repository, 'media/samples/dog.jpg');
const name = 'dog.jpg';
let folder = '';
let room: Workroom;
let model: ModelDescription;
let bytes: Uint8Array;
let decoded: RgbImage;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-change-'));
  const cacheFolder = path.join(folder, 'cache');
  room = new Workroom({ threads: 1, provider: 'cpu', cacheFolder, sessionBytes: 2 ** 30 });
  const starterFolder = path.join(repository, 'models/starter');
  model = await resolveModel('starter', { starterFolder });
  bytes = await readFile(sample);
  decoded = await decodeImage(bytes, name);
});
afterAll(async () => {
  await room.close();
  await rm(folder, { recursive: true, force: true });
});

/** A third of each side from the left and the top on. */
function someBox(image: RgbImage): PictureBox {
  const [width, height] = [Math.round(image.width / 3), Math.round(image.height / 3)];
  return { left: Math.round(width / 2), top: Math.round(height / 2), width, height };
}

function png({ width, height, data }: RgbImage): Promise<Uint8Array> {
  return sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

function explained(
  picture: Uint8Array,
  change?: PictureChange,
  preprocessing: Preprocessing = model.preprocessing,
): Promise<ExplainResult> {
  const image = { kind: 'encoded', bytes: picture, name, ...(change && { change }) } as const;
  const asked = { image, model: { ...model, preprocessing }, method: 'libra_fullgrad' };
  const wanted = { options: {}, targets: { classes: [0, 1] }, listed: 5, stability: false };
  return explain({ ...asked, ...wanted }, room, () => undefined);
}

/** Probabilities and maps. */
function answer({ topK, heatmaps }: ExplainResult) {
  return {
    classes: topK.map(({ index, probability, logit }) => ({ index, probability, logit })),
    maps: heatmaps.map(({ values }) => [...values]),
  };
}

/** Written anew, pixel by pixel. */
function filled(
  image: RgbImage,
  { left, top, width, height }: PictureBox,
  colourAt: (x: number, y: number, channel: number) => number,
): RgbImage {
  const data = Uint8Array.from(image.data);
  for (let y = top; y < top + height; y++) {
    for (let x = left; x < left + width; x++) {
      for (let channel = 0; channel < 3; channel++)
        data[(y * image.width + x) * 3 + channel] = colourAt(x, y, channel);
    }
  }
  return { ...image, data };
}

function meanOf(image: RgbImage, channel: number): number {
  let sum = 0;
  for (let at = channel; at < image.data.length; at += 3) sum += image.data[at] ?? 0;
  return Math.round(sum / (image.width * image.height));
}

describe('a covered picture', () => {
  it('is explained as a file in which that was painted over, by its mean colour', async () => {
    const box = someBox(decoded);
    const means = [0, 1, 2].map((channel) => meanOf(decoded, channel));
    const painted = filled(decoded, box, (_, __, channel) => means[channel] ?? 0);
    const asked = await explained(bytes, { covered: [{ ...box, fill: 'mean' }] });
    const really = await explained(await png(painted));
    expect(answer(asked)).toEqual(answer(really));
    expect(asked.window).toEqual(really.window);
    expect(answer(asked)).not.toEqual(answer(await explained(bytes)));
  });

  it('says of each class what it was without, and how it was changed', async () => {
    const change = { covered: [{ ...someBox(decoded), fill: 'blur' as const }] };
    const before = await explained(bytes);
    const { topK, scores, change: stated } = await explained(bytes, change);
    expect(stated).toEqual(change);
    expect(before.change).toBeUndefined();
    expect(topK).toHaveLength(5);
    for (const score of topK) {
      const was = before.topK.find(({ index }) => index === score.index);
      if (was !== undefined) {
        expect(score.before).toEqual({ probability: was.probability, logit: was.logit });
        expect(score.before?.probability).not.toBe(score.probability);
      }
    }
    expect(scores.map((score) => score.before)).toEqual(
      before.scores.map(({ probability, logit }) => ({ probability, logit })),
    );
    expect(before.topK.some((score) => 'before' in score)).toBe(false);
  });

  it('has a Gaussian blur of the whole picture in the rectangle, of 10 pixels in 224', async () => {
    const [width, height] = [448, 300];
    const picture = await sharp(bytes).resize(width, height, { fit: 'fill' }).png().toBuffer();
    const whole = await decodeImage(picture, name);
    const box = { left: 150, top: 0, width: 120, height: 90 };
    const covered = await changedPicture({
      bytes: picture,
      name,
      change: { covered: [{ ...box, fill: 'blur' }] },
    });
    const taps = gaussian((10 * width) / 224);
    let worst = 0;
    for (let y = box.top; y < box.top + box.height; y += 7) {
      for (let x = box.left; x < box.left + box.width; x += 11) {
        for (let channel = 0; channel < 3; channel++) {
          const exact = blurredAt(whole, x, y, channel, taps);
          const ours = covered.data[(y * width + x) * 3 + channel] ?? 0;
          worst = Math.max(worst, Math.abs(exact - ours));
        }
      }
    }
    expect(worst).toBeLessThan(4);
    // Nothing else is touched.
    expect(Uint8Array.from(covered.data)).toEqual(
      filled(whole, box, (x, y, channel) => covered.data[(y * width + x) * 3 + channel] ?? 0).data,
    );
  });

  it('has the last rectangle uppermost, each with the colours of the picture as it came', async () => {
    const [first, second]: Cover[] = [
      { left: 10, top: 10, width: 60, height: 40, fill: 'blur' },
      { left: 30, top: 20, width: 60, height: 40, fill: 'mean' },
    ];
    if (!first || !second) throw new Error('There are two.');
    const one = await changedPicture({ bytes, name, change: { covered: [first] } });
    const both = await changedPicture({ bytes, name, change: { covered: [first, second] } });
    const means = [0, 1, 2].map((channel) => meanOf(decoded, channel));
    expect(Uint8Array.from(both.data)).toEqual(
      filled(one, second, (_, __, channel) => means[channel] ?? 0).data,
    );
  });

  it('is covered where a person sees it, whichever way it lies in its file', async () => {
    const upright = await png(decoded);
    const turned = await sharp(bytes).rotate(270).withExif({}).jpeg({ quality: 100 }).toBuffer();
    const lying = await sharp(turned)
      .withMetadata({ orientation: 6 })
      .jpeg({ quality: 100 })
      .toBuffer();
    const change: PictureChange = {
      covered: [{ left: 5, top: 3, width: 100, height: 20, fill: 'mean' }],
    };
    const [stands, lies] = await Promise.all([
      changedPicture({ bytes: upright, name, change }),
      changedPicture({ bytes: lying, name, change }),
    ]);
    expect([lies.width, lies.height]).toEqual([decoded.width, decoded.height]);
    const at = (10 * decoded.width + 50) * 3;
    const colour = (image: RgbImage, from: number) => [...image.data.subarray(from, from + 3)];
    colour(stands, at).forEach((level, channel) => {
      expect(Math.abs(level - (colour(lies, at)[channel] ?? 0))).toBeLessThan(3);
    });
    expect(colour(lies, at)).toEqual(colour(lies, at + 60));
  });

  it('is refused where a rectangle reaches beyond it', async () => {
    const { width, height } = decoded;
    for (const box of [
      { left: width - 10, top: 0, width: 11, height: 5 },
      { left: 0, top: height, width: 5, height: 1 },
    ]) {
      const change: PictureChange = { covered: [{ ...box, fill: 'mean' }] };
      await expect(explained(bytes, change)).rejects.toMatchObject({
        code: 'change-not-applicable',
      });
      await expect(explained(bytes, { covered: [], fit: box })).rejects.toMatchObject({
        code: 'change-not-applicable',
      });
    }
  });
});

describe('a picture fitted otherwise', () => {
  const squashing = (): Preprocessing => ({ ...model.preprocessing, resize: { rule: 'squash' } });

  it('through a window is explained as the file cropped to it, and its map lies there', async () => {
    const window = { ...someBox(decoded), height: 97 };
    const { left, top, width, height } = window;
    const file = await sharp(await png(decoded))
      .extract({ left, top, width, height })
      .png()
      .toBuffer();
    const asked = await explained(bytes, { covered: [], fit: window });
    expect(answer(asked)).toEqual(answer(await explained(file, undefined, squashing())));
    expect(asked.window).toEqual({
      imageWidth: decoded.width,
      imageHeight: decoded.height,
      ...window,
    });
  });

  it('is covered before the window is cut out', async () => {
    const window = someBox(decoded);
    const covered: Cover[] = [
      { left: 0, top: 0, width: window.left + 30, height: 200, fill: 'mean' },
    ];
    const painted = await changedPicture({ bytes, name, change: { covered } });
    const asked = await explained(bytes, { covered, fit: window });
    const really = await explained(await png(painted), { covered: [], fit: window });
    expect(answer(asked)).toEqual(answer(really));
  });

  it('is squashed, cropped or padded as a file that was made so', async () => {
    const [side] = model.preprocessing.crop;
    const own = model.preprocessing;
    // As large as the model sees it: nothing is interpolated, so that all is the same to the bit.
    const wide = await sharp(bytes)
      .resize(2 * side, side)
      .png()
      .toBuffer();
    const size = { imageWidth: 2 * side, imageHeight: side };
    const cropped = await explained(wide, { covered: [], fit: 'crop' });
    const centre = { left: side / 2, top: 0, width: side, height: side };
    expect(cropped.window).toEqual({ ...size, ...centre });
    const square = await sharp(wide).extract(centre).png().toBuffer();
    expect(answer(cropped)).toEqual(answer(await explained(square, undefined, squashing())));

    const squashed = await explained(wide, { covered: [], fit: 'squash' });
    expect(answer(squashed)).toEqual(answer(await explained(wide, undefined, squashing())));
    expect(squashed.window).toEqual({ ...size, left: 0, top: 0, width: 2 * side, height: side });

    const low = await sharp(bytes)
      .resize(side, side / 2)
      .png()
      .toBuffer();
    const padded = await explained(
      low,
      { covered: [], fit: 'pad' },
      { ...own, fill: [9, 99, 255] },
    );
    const beside = { top: side / 4, bottom: side / 4, background: { r: 9, g: 99, b: 255 } };
    const letterbox = await sharp(low).extend(beside).png().toBuffer();
    expect(answer(padded)).toEqual(answer(await explained(letterbox, undefined, squashing())));
    expect(padded.window).toEqual({
      ...{ imageWidth: side, imageHeight: side / 2, left: 0, top: -side / 4 },
      ...{ width: side, height: side },
    });
    const unfitted = answer(await explained(wide));
    expect(answer(squashed)).not.toEqual(unfitted);
    expect(answer(padded)).not.toEqual(answer(await explained(low)));
  });
});

describe('what is said of a change', () => {
  const cover: Cover = { left: 1, top: 2, width: 30, height: 40, fill: 'mean' };

  it('grows and shrinks, and is nothing where nothing is changed', () => {
    const one = withCover(undefined, cover);
    const two = withCover(one, { ...cover, fill: 'blur' });
    expect(two.covered).toHaveLength(2);
    expect(withCovers(two, 1)).toEqual(one);
    expect(withCovers(two, 0)).toBeUndefined();
    const many = { covered: Array.from({ length: 99 }, () => cover) };
    expect([isFull(undefined), isFull(many), isFull(withCover(many, cover))]).toEqual([
      ...[false, false, true],
    ]);
    expect(v.is(pictureChangeSchema, withCover(many, cover))).toBe(true);
    expect(withFit(undefined, undefined)).toBeUndefined();
    const both = withFit(two, 'pad');
    expect(both).toEqual({ ...two, fit: 'pad' });
    expect(withCovers(both, 0)).toEqual({ covered: [], fit: 'pad' });
    expect(withFit(both, undefined)).toEqual(two);
    for (const change of [one, two, both])
      expect(v.safeParse(pictureChangeSchema, change).success).toBe(true);
  });

  it.each([
    { covered: [{ ...cover, width: 0 }] },
    { covered: [{ ...cover, left: -1 }] },
    { covered: [{ ...cover, top: 0.5 }] },
    { covered: [{ ...cover, fill: 'red' }] },
    { covered: [], fit: 'stretch' },
    { covered: [], fit: { ...cover } },
    { covered: Array.from({ length: 101 }, () => cover) },
  ])('is refused where it is none', (change) => {
    expect(v.safeParse(pictureChangeSchema, change).success).toBe(false);
  });

  it('is a sentence, short or with every place', () => {
    const change = withFit(
      withCover(withCover(undefined, cover), { ...cover, fill: 'blur' }),
      'pad',
    );
    if (change === undefined) throw new Error('It is changed.');
    expect(changeInBrief(change)).toBe(
      '2 rectangles covered with its mean colour and a blur of it; padded, not the model’s own preparation',
    );
    expect(changeInFull(change)).toBe(
      '30 × 40 pixels from 1, 2 covered with its mean colour; 30 × 40 pixels from 1, 2 covered with a blur of it; padded, not the model’s own preparation',
    );
  });
});

function gaussian(deviation: number): readonly number[] {
  const reach = Math.ceil(4 * deviation);
  const taps = Array.from({ length: 2 * reach + 1 }, (_, at) =>
    Math.exp(-((at - reach) ** 2) / (2 * deviation ** 2)),
  );
  const sum = taps.reduce((left, right) => left + right, 0);
  return taps.map((tap) => tap / sum);
}

/** What lies beyond the edge is as the edge. */
function blurredAt(
  { width, height, data }: RgbImage,
  x: number,
  y: number,
  channel: number,
  taps: readonly number[],
): number {
  const reach = (taps.length - 1) / 2;
  let sum = 0;
  for (const [row, weight] of taps.entries()) {
    const atY = Math.min(height - 1, Math.max(0, y + row - reach));
    let across = 0;
    for (const [column, tap] of taps.entries()) {
      const atX = Math.min(width - 1, Math.max(0, x + column - reach));
      across += tap * (data[(atY * width + atX) * 3 + channel] ?? 0);
    }
    sum += weight * across;
  }
  return sum;
}
