/** The patch embedding and the grid of its position embedding. */
import type { ArchitectureFacts } from './facts';
import type { StateDictReader } from './state-dict-reader';
import type { PositionEmbedding, PositionResize } from './vit-weights';
import type { CheckpointTensor } from '../checkpoint/tensor';
import { EngineError } from '../../engine-error';

/**
 * The position embedding with its grid: as the manifest states it, else that of the config's image
 * size where it fits, else square as nearly all published ones are.
 * @param prefixes how many rows may stand before the patches', the likeliest first.
 */
export function positionOf(
  tensor: CheckpointTensor,
  prefixes: readonly number[],
  patch: readonly [number, number],
  facts: ArchitectureFacts,
  resize: PositionResize = { antialias: false, offset: 0 },
): PositionEmbedding {
  const [count = 0] = tensor.dims;
  const on = (grid: readonly [number, number]): PositionEmbedding | undefined => {
    const prefix = prefixes.find((candidate) => count - candidate === grid[0] * grid[1]);
    return prefix === undefined ? undefined : { tensor, prefix, grid, resize };
  };
  const { grid } = facts.stated;
  if (grid !== undefined) {
    const position = on(grid);
    if (position) return position;
    throw noGrid(tensor, count, `, which the manifest’s grid of ${grid.join(' × ')} does not fit`);
  }
  const fields = ['img_size', 'image_size', 'input_size'];
  const size = facts.config.size(...fields);
  const configured = size && on([Math.floor(size[0] / patch[0]), Math.floor(size[1] / patch[1])]);
  if (configured) return configured;
  const square = prefixes.map((prefix) => squareOf(count - prefix)).find((side) => side > 0);
  if (square === undefined) throw noGrid(tensor, count, ', which make no square grid of patches');
  const why =
    size === undefined
      ? (facts.config.misread(...fields) ?? 'no file says the size of its images')
      : `the ${size.join(' × ')} pixels of ${facts.config.origin} do not fit them`;
  facts.assume(
    'patch grid',
    'grid',
    [square, square],
    `${square} × ${square}`,
    `the positions of the patches make a square, and ${why}`,
  );
  const position = on([square, square]);
  if (position) return position;
  throw noGrid(tensor, count, '');
}

/** The side of a square of so many patches, or 0. */
function squareOf(patches: number): number {
  const side = Math.round(Math.sqrt(Math.max(0, patches)));
  return side * side === patches ? side : 0;
}

function noGrid(tensor: CheckpointTensor, count: number, why: string): EngineError {
  return new EngineError(
    'model-unreadable',
    `The position embedding “${tensor.name}” of “${tensor.source.fileName}” has ${count} rows${why}.`,
    'State "architecture": {"grid": [rows, columns]} in its manifest, or put a config.json with "image_size": [height, width] beside the checkpoint.',
  );
}

/**
 * Width of the tokens and size of a patch, from the patch convolution.
 * @param isBiased false for CLIP, which has no bias there, while all others have one
 */
export function patchFacts(
  state: StateDictReader,
  name: string,
  isBiased = true,
): {
  dim: number;
  patchSize: readonly [number, number];
  patch: { weight: CheckpointTensor; bias: CheckpointTensor | undefined };
} {
  const weight = state.tensor(`${name}.weight`);
  const [dim = 0, channels = 0, height = 0, width = 0] = weight.dims;
  state.tensor(`${name}.weight`, [dim, 3, height, width]);
  if (channels !== 3 || height === 0 || width === 0) {
    throw new EngineError(
      'model-not-a-vit',
      `The patch embedding of “${state.fileName}” reads ${channels} channels; images have three.`,
      'Choose a model for colour images.',
    );
  }
  return {
    dim,
    patchSize: [height, width],
    patch: {
      weight,
      bias: isBiased ? state.tensor(`${name}.bias`, [dim]) : state.optional(`${name}.bias`, [dim]),
    },
  };
}
