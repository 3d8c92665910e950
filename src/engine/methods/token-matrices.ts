/** From attention-shaped tensors to one map: heads fused, blocks multiplied, patches picked. */
import type { MethodOptions } from '../../shared/explanation';
import { classAxisPlaceholder } from '../backward/tape';
import { isLayout } from '../ops/catalogue';
import type { Attribution } from './attribution';

/** Class axis of a tensor that methods handle: K for cotangents, 1 for forward tensors. */
function lead(attribution: Attribution, name: string): number {
  return attribution.tape.shape(name)[0] === classAxisPlaceholder ? classAxisPlaceholder : 1;
}

/**
 * Mean over heads: `[K, (1,) H, T, T]` or a forward `[(1,) H, T, T]` → `[K or 1, T, T]`. As a product
 * with a row: ONNX Runtime's mean over an axis in the middle takes seven times as long.
 */
export function meanOverHeads(attribution: Attribution, name: string): string {
  const { tape } = attribution;
  const [heads = 1, rows = 1, columns = 1] = tape.shape(name).slice(-3);
  const classes = lead(attribution, name);
  const share = tape.floats(new Array<number>(heads).fill(1 / heads), [1, heads]);
  const mean = tape.matmul(share, tape.reshape(name, [classes, heads, rows * columns]));
  return tape.reshape(mean, [classes, rows, columns]);
}

/**
 * The row with which a token map starts, `[1, 1, T]`: how much of each token the head reads. A
 * CLS token and a patch mean side by side count half each.
 */
export function readoutRow(attribution: Attribution, { preset }: MethodOptions): string {
  const { tape, structure } = attribution;
  const { readout, tokens, prefixTokens } = structure;
  const one = (row: number) => Array.from({ length: tokens }, (_, i) => (i === row ? 1 : 0));
  // The base reads the CLS row whatever the head reads.
  const clsOnly = preset === 'base' && prefixTokens > 0;
  switch (readout.kind) {
    case 'token':
      return tape.floats(one(readout.row), [1, 1, tokens]);
    case 'mean':
      return tape.floats(clsOnly ? one(0) : readout.weights, [1, 1, tokens]);
    case 'token+mean': {
      const row = one(readout.row);
      const both = row.map((value, i) => (value + (readout.weights[i] ?? 0)) / 2);
      return tape.floats(clsOnly ? row : both, [1, 1, tokens]);
    }
    case 'attention-pool': {
      const pooled = tape.value(readout.attention);
      const dims = tape.shape(pooled);
      const read = dims.at(-1) ?? tokens;
      const row = tape.reshape(tape.mean(pooled, [dims.length - 3], false), [1, 1, read]);
      return tape.pad(row, 2, readout.firstToken, tokens - readout.firstToken - read);
    }
  }
}

/**
 * The readout's row times the product of (C + I), later blocks on the left, as a map:
 * `[·, T, T]` a block in forward order → `[·, rows, columns]`.
 * @param rows whether each row of C + I is divided by its sum
 */
export function rolloutMap(
  attribution: Attribution,
  options: MethodOptions,
  matrices: readonly string[],
  rows: 'normalised' | 'plain',
): string {
  const { tape } = attribution;
  let row = readoutRow(attribution, options);
  for (const matrix of [...matrices].reverse()) {
    if (rows === 'normalised') {
      const dims = tape.shape(matrix);
      const sums = tape.add(tape.sum(matrix, [2], false), tape.scalar(1));
      row = tape.div(row, tape.reshape(sums, [dims[0] ?? 1, 1, dims[1] ?? 1]));
    }
    row = tape.add(tape.node('MatMul', [row, matrix]), row);
  }
  return patchGrid(attribution, row);
}

/** The readout's row of one matrix, as a map: `[·, T, T]` → `[·, rows, columns]`. */
export function rowMap(attribution: Attribution, options: MethodOptions, matrix: string): string {
  const row = readoutRow(attribution, options);
  return patchGrid(attribution, attribution.tape.matmul(row, matrix));
}

/** The patches of a row over tokens, `[·, 1, T]` → `[·, rows, columns]`. */
export function patchGrid(attribution: Attribution, row: string): string {
  const { tape, structure } = attribution;
  const { grid, prefixTokens } = structure;
  const patches = tape.slice(row, 2, prefixTokens, grid[0] * grid[1]);
  return tape.reshape(patches, [lead(attribution, row), ...grid]);
}

/**
 * True where the base's own code reads plain attention in place of relevance: of DINOv2, known by
 * its readout, and of CLIP, which normalises what enters its first block.
 */
export function baseReadsAttention(attribution: Attribution, options: MethodOptions): boolean {
  const { structure, tape } = attribution;
  if (options.preset !== 'base') return false;
  if (structure.readout.kind === 'token+mean') return true;
  const first = structure.blocks[0];
  if (first?.firstNorm === undefined) return false;
  let before = tape.producer(first.input);
  while (before && isLayout(before)) before = tape.producer(before.inputs[0] ?? '');
  return before?.op === 'LayerNormalization';
}
