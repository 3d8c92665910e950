/** What libvips reads of a file: its numbers as stored, or as 8-bit colours where these are the same. */
import type { Metadata, Sharp } from 'sharp';
import { raster } from './raster';
import { isDepth, numbersIn, type Depth, type Stored } from './stored';
import { maxPixels } from './unreadable';

export interface ReadPicture extends Stored {
  /** Whether the first four bands are inks. */
  readonly isCmyk: boolean;
}

/** @throws what the decoder says */
export async function readStored(bytes: Uint8Array, header: Metadata): Promise<ReadPicture> {
  const { space, channels, depth } = header;
  const isCmyk = space === 'cmyk' && depth === 'uchar';
  const isGrey = space === 'b-w' || space === 'grey16';
  if (isGrey && channels > 2 && isDepth(depth))
    return { ...(await firstThree(bytes, header, depth)), isCmyk };
  const asStored = isCmyk || (depth !== 'uchar' && isDepth(depth) && isPlain(space));
  if (!asStored)
    return { ...(await run(open(bytes, header).toColourspace('srgb'), 'uchar')), isCmyk };
  const picture = open(bytes, header).pipelineColourspace(space).toColourspace(space);
  if (depth === 'short' && (space === 'grey16' || space === 'rgb16'))
    return { ...signed(await run(picture.linear(1, signBit), 'ushort')), isCmyk };
  return { ...(await run(picture, depth)), isCmyk };
}

/** Colours that are nothing but numbers a band. */
function isPlain(space: string): space is 'b-w' | 'grey16' | 'srgb' | 'rgb16' | 'scrgb' {
  return ['b-w', 'grey16', 'srgb', 'rgb16', 'scrgb'].includes(space);
}

function open(bytes: Uint8Array, { format }: Metadata): Sharp {
  return raster(bytes, {
    limitInputPixels: maxPixels,
    // Models are trained on the stored values, colour profiles left aside.
    ignoreIcc: true,
    // libtiff warns of tags that it does not know; of pixels that are missing it speaks as of errors.
    ...(format === 'tiff' ? { failOn: 'error' as const } : {}),
  }).autoOrient();
}

/** Where libvips takes several bands for grey, it gives the first one only, unless asked for each. */
async function firstThree(bytes: Uint8Array, header: Metadata, depth: Depth): Promise<Stored> {
  const parts = [];
  for (const band of [0, 1, 2] as const) {
    parts.push(
      await run(open(bytes, header).extractChannel(band).toColourspace(header.space), depth),
    );
  }
  const [red, green, blue] = parts;
  if (!red || !green || !blue) throw new Error('a band is missing');
  const { numbers } = red;
  const joined = numbersIn(Buffer.alloc(numbers.byteLength * 3), depth).numbers;
  for (let at = 0; at < numbers.length; at++) {
    joined[at * 3] = numbers[at] ?? 0;
    joined[at * 3 + 1] = green.numbers[at] ?? 0;
    joined[at * 3 + 2] = blue.numbers[at] ?? 0;
  }
  return { ...red, numbers: joined, bands: 3 };
}

async function run(picture: Sharp, depth: Depth): Promise<Stored> {
  const { data, info } = await picture.raw({ depth }).toBuffer({ resolveWithObject: true });
  const { width, height, channels } = info;
  return { width, height, bands: channels, ...numbersIn(data, depth) };
}

/** sharp takes a picture of these spaces for one without a sign, so its numbers travel moved up by this. */
const signBit = 0x8000;

function signed(picture: Stored): Stored {
  const numbers = Int16Array.from(picture.numbers, (number) => number - signBit);
  return { ...picture, numbers, kind: 'signed 16-bit' };
}
