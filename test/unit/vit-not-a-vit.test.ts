/** Models that look like a Vision Transformer or like none: told apart, and told why. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import { readOutput } from '../../src/engine/outputs/read-output';
import { findStructure } from '../../src/engine/vit/find-structure';
import type { VitStructure } from '../../src/engine/vit/structure';
import { buildModel, randomNormal } from '../fixtures/build-vit';
import type { ModelBuilder } from '../fixtures/model-builder';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'not-a-vit-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const inputDims = [1, 3, 8, 12];
const [tokens, dim] = [6, 8];
const random = randomNormal(3);

type Write = (builder: ModelBuilder, tensor: string) => string;

async function structureOf(write: Write): Promise<VitStructure> {
  const file = path.join(folder, 'model.onnx');
  await writeFile(file, buildModel(inputDims, write));
  const { graph } = await readOutput((await canonicalise(file)).graph, { names: 0 });
  return findStructure(graph);
}

async function refusal(write: Write): Promise<EngineError> {
  const thrown: unknown = await structureOf(write).then(
    (structure) => `a structure with ${structure.blocks.length} blocks`,
    (error: unknown) => error,
  );
  if (!(thrown instanceof EngineError)) throw new Error(`not an EngineError: ${String(thrown)}`);
  return thrown;
}

function weights(b: ModelBuilder, dims: readonly number[]): string {
  const size = dims.reduce((x, y) => x * y, 1);
  return b.floats(
    Float32Array.from({ length: size }, () => 0.4 * random()),
    dims,
  );
}

function linear(b: ModelBuilder, x: string, width: number): string {
  const from = b.shapeOf(x).at(-1) ?? 0;
  return b.node('Add', [b.node('MatMul', [x, weights(b, [from, width])]), weights(b, [width])]);
}

/** Patches as tokens `[1, 6, 8]`; `perm` orders grid rows and columns. */
function embed(b: ModelBuilder, pixels: string, perm = [0, 2, 3, 1]): string {
  const grid = b.node('Conv', [pixels, weights(b, [dim, 3, 4, 4])], {
    strides: [4, 4],
    kernel_shape: [4, 4],
  });
  const moved = b.node('Transpose', [grid], { perm });
  const flat = b.node('Reshape', [moved, b.ints([1, tokens, dim])]);
  return b.node('Add', [flat, weights(b, [1, tokens, dim])]);
}

/** Attention over the last but one axis, one head. */
function attention(b: ModelBuilder, x: string, behind: Write = (_, a) => a): string {
  const rank = b.shapeOf(x).length;
  const order = Array.from({ length: rank }, (_, i) => i);
  const turned = [...order.slice(0, -2), rank - 1, rank - 2];
  const key = b.node('Transpose', [linear(b, x, dim)], { perm: turned });
  const scores = b.node('MatMul', [linear(b, x, dim), key]);
  const matrix = behind(b, b.node('Softmax', [scores], { axis: -1 }));
  return linear(b, b.node('MatMul', [matrix, linear(b, x, dim)]), dim);
}

function norm(b: ModelBuilder, x: string): string {
  const width = b.shapeOf(x).at(-1) ?? 0;
  return b.node('LayerNormalization', [x, weights(b, [width]), weights(b, [width])], {
    axis: -1,
    epsilon: 1e-5,
  });
}

function block(b: ModelBuilder, x: string, attend: Write = attention): string {
  const middle = b.node('Add', [x, attend(b, norm(b, x))]);
  return b.node('Add', [middle, linear(b, b.node('Relu', [linear(b, norm(b, middle), 16)]), dim)]);
}

function classify(b: ModelBuilder, x: string): string {
  return linear(b, b.node('ReduceMean', [norm(b, x)], { axes: [1], keepdims: 0 }), 4);
}

test('the parts of this test do make a Vision Transformer', async () => {
  const structure = await structureOf((b, x) => classify(b, block(b, block(b, embed(b, x)))));
  expect(structure).toMatchObject({ grid: [2, 3], tokens, dim, heads: 1, prefixTokens: 0 });
  expect(structure.blocks).toHaveLength(2);
});

test('branches side by side are one block', async () => {
  const parallel: Write = (b, x) => {
    const middle = b.node('Add', [x, attention(b, norm(b, x))]);
    return b.node('Add', [middle, linear(b, norm(b, x), dim)]);
  };
  const structure = await structureOf((b, x) => classify(b, parallel(b, parallel(b, embed(b, x)))));
  expect(structure.blocks).toHaveLength(2);
  expect(structure.blocks[0]?.output).toBe(structure.blocks[1]?.input);
  expect(structure.head).toBe('LayerNorm, Linear 8 → 4');
});

test('a softmax that is guarded against NaN is still attention', async () => {
  const guarded: Write = (b, x) =>
    attention(b, x, (_, a) => b.node('Where', [b.node('IsNaN', [a]), b.floats(0), a]));
  const structure = await structureOf((b, x) => classify(b, block(b, embed(b, x), guarded)));
  expect(structure.blocks).toHaveLength(1);
});

test('registers between class token and patches, put there behind the position embedding', async () => {
  const structure = await structureOf((b, x) => {
    const all = b.node('Concat', [weights(b, [1, 1, dim]), embed(b, x)], { axis: 1 });
    const placed = b.node('Add', [all, weights(b, [1, tokens + 1, dim])]);
    const cut = (from: number, to: number) =>
      b.node('Slice', [placed, b.ints([from]), b.ints([to]), b.ints([1])]);
    const parts = [cut(0, 1), weights(b, [1, 4, dim]), cut(1, 100)];
    const stream = block(b, b.node('Concat', parts, { axis: 1 }));
    return linear(b, b.node('Gather', [stream, b.ints(0)], { axis: 1 }), 4);
  });
  expect(structure).toMatchObject({ prefixTokens: 5, tokens: 11, grid: [2, 3] });
  expect(structure.readout).toEqual({ kind: 'token', row: 0 });
});

/** Tokens divided by their length, or by that of all tokens at each feature. */
function unitLength(b: ModelBuilder, x: string, axis: number): string {
  return b.node('Div', [x, b.node('ReduceL2', [x], { axes: [axis], keepdims: 1 })]);
}

test('patches of length 1 before the first block', async () => {
  const structure = await structureOf((b, x) =>
    classify(b, block(b, unitLength(b, embed(b, x), 2))),
  );
  expect(structure).toMatchObject({ grid: [2, 3], tokens, prefixTokens: 0 });
});

test('text features on the left of a zero-shot head', async () => {
  const structure = await structureOf((b, x) => {
    const pooled = b.node('ReduceMean', [block(b, embed(b, x))], { axes: [1], keepdims: 0 });
    const column = b.node('Transpose', [pooled], { perm: [1, 0] });
    return b.node('Transpose', [b.node('MatMul', [weights(b, [4, dim]), column])], {
      perm: [1, 0],
    });
  });
  expect(structure).toMatchObject({
    classes: 4,
    readout: { kind: 'mean' },
    head: 'Linear 8 → 4',
  });
});

test('a mean by pooling over the axis of tokens', async () => {
  const structure = await structureOf((b, x) => {
    const turned = b.node('Transpose', [block(b, embed(b, x))], { perm: [0, 2, 1] });
    return linear(b, b.node('Flatten', [b.node('GlobalAveragePool', [turned])]), 4);
  });
  expect(structure.readout).toEqual({ kind: 'mean', weights: new Array(tokens).fill(1 / tokens) });
});

/** Tokens behind two blocks. */
function twoBlocks(b: ModelBuilder, x: string): string {
  return block(b, block(b, embed(b, x)));
}

const row = (b: ModelBuilder, stream: string, index: number) =>
  b.node('Gather', [stream, b.ints(index)], { axis: 1 });

function scaled(b: ModelBuilder, tensor: string, factor: number): string {
  return b.node('Mul', [tensor, b.floats(factor)]);
}

describe('the readout gives each token the weight that the head does:', () => {
  const masked: Write = (b, x) => {
    const mask = b.floats(Float32Array.of(0, 1, 1, 0, 1, 1), [1, tokens, 1]);
    const kept = b.node('Mul', [norm(b, twoBlocks(b, x)), mask]);
    const sum = b.node('ReduceSum', [kept, b.ints([1])], { keepdims: 0 });
    return linear(b, b.node('Div', [sum, b.floats(4)]), 4);
  };
  const twoHeads: Write = (b, x) => {
    const stream = twoBlocks(b, x);
    const heads = [0, 2].map((index) => linear(b, row(b, stream, index), 4));
    const [first = '', second = ''] = heads.map((head, i) => scaled(b, head, [0.75, 0.25][i] ?? 0));
    return b.node('Add', [first, second]);
  };
  const sumOfRowAndMean: Write = (b, x) => {
    const stream = norm(b, twoBlocks(b, x));
    const sum = b.node('ReduceSum', [stream, b.ints([1])], { keepdims: 0 });
    return linear(b, b.node('Add', [row(b, stream, 0), sum]), 4);
  };
  test.each<[string, Write, number[]]>([
    ['a mean under a mask', masked, [0, 0.25, 0.25, 0, 0.25, 0.25]],
    ['two heads that do not count the same', twoHeads, [0.75, 0, 0.25, 0, 0, 0]],
    ['a token beside a sum', sumOfRowAndMean, [2, 1, 1, 1, 1, 1].map((n) => n / 7)],
  ])('%s', async (_, write, weights) => {
    const { readout } = await structureOf(write);
    expect(readout.kind).toBe('mean');
    const found = readout.kind === 'mean' ? readout.weights : [];
    expect(found).toHaveLength(tokens);
    for (const [i, weight] of weights.entries()) expect(found[i]).toBeCloseTo(weight, 6);
  });
});

/** What one query `[1, 1, 8]` gathers from the tokens. */
function pool(b: ModelBuilder, query: string, stream: string): string {
  const key = b.node('Transpose', [linear(b, stream, dim)], { perm: [0, 2, 1] });
  const matrix = b.node('Softmax', [b.node('MatMul', [query, key])], { axis: -1 });
  return b.node('MatMul', [matrix, linear(b, stream, dim)]);
}

test('a pooling that leaves out the first tokens', async () => {
  const { readout } = await structureOf((b, x) => {
    const stream = norm(b, twoBlocks(b, x));
    const patches = b.node('Slice', [stream, b.ints([2]), b.ints([tokens]), b.ints([1])]);
    const pooled = pool(b, weights(b, [1, 1, dim]), patches);
    return linear(b, b.node('Reshape', [pooled, b.ints([1, dim])]), 4);
  });
  expect(readout).toMatchObject({ kind: 'attention-pool', firstToken: 2 });
});

describe('the logits are found', () => {
  test.each<[string, Write]>([
    ['logarithms of probabilities', (b, y) => b.node('LogSoftmax', [y], { axis: -1 })],
    ['percentages', (b, y) => scaled(b, b.node('Softmax', [y], { axis: -1 }), 100)],
  ])('before %s', async (_, last) => {
    const structure = await structureOf((b, x) => last(b, classify(b, twoBlocks(b, x))));
    expect(structure.logits).not.toBe('logits');
    expect(structure.head).toBe('LayerNorm, Linear 8 → 4');
  });

  test('beside an embedding that comes first', async () => {
    const structure = await structureOf((b, x) => {
      const features = row(b, twoBlocks(b, x), 0);
      b.output(linear(b, features, 16), 'float32', 'embedding');
      return linear(b, features, 4);
    });
    expect(structure.classes).toBe(4);
  });
});

describe('is refused with what was missing:', () => {
  test('a convolutional network', async () => {
    const error = await refusal((b, x) => {
      const features = b.node('Relu', [
        b.node('Conv', [x, weights(b, [8, 3, 3, 3])], { pads: [1, 1, 1, 1], kernel_shape: [3, 3] }),
      ]);
      const pooled = b.node('MaxPool', [features], { kernel_shape: [2, 2], strides: [2, 2] });
      return linear(b, b.node('Flatten', [b.node('GlobalAveragePool', [pooled])]), 4);
    });
    expect(error.code).toBe('model-not-a-vit');
    expect(error.message).toContain('no attention');
  });

  test('attention in windows', async () => {
    const windowed: Write = (b, x) => {
      const windows = b.node('Reshape', [x, b.ints([2, 3, dim])]);
      return b.node('Reshape', [attention(b, windows), b.ints([1, tokens, dim])]);
    };
    const error = await refusal((b, x) => classify(b, block(b, embed(b, x), windowed)));
    expect(error.code).toBe('model-not-a-vit');
    expect(error.message).toContain('3 of 6 tokens');
  });

  test('patches column by column', async () => {
    const error = await refusal((b, x) => classify(b, block(b, embed(b, x, [0, 3, 2, 1]))));
    expect(error.message).toContain('row by row');
  });

  test('patches that are normalised over all of them', async () => {
    const error = await refusal((b, x) => classify(b, block(b, unitLength(b, embed(b, x), 1))));
    expect(error.message).toContain('patches are mixed');
  });

  test('a class token behind the patches', async () => {
    const error = await refusal((b, x) => {
      const all = b.node('Concat', [embed(b, x), weights(b, [1, 1, dim])], { axis: 1 });
      return classify(b, block(b, all));
    });
    expect(error.message).toContain('row by row');
  });

  test('attention that is mixed between heads', async () => {
    const talking: Write = (b, x) =>
      attention(b, x, (_, a) => b.node('Mul', [a, weights(b, [1, tokens, tokens])]));
    const error = await refusal((b, x) => classify(b, block(b, embed(b, x), talking)));
    expect(error.message).toContain('does not weigh the values');
  });

  test('no residual connection', async () => {
    const error = await refusal((b, x) => classify(b, attention(b, embed(b, x))));
    expect(error.message).toContain('no residual connection');
  });

  test('several networks side by side', async () => {
    const error = await refusal((b, x) => {
      const [first = '', second = ''] = [0, 1].map(() => classify(b, twoBlocks(b, x)));
      return b.node('Add', [first, second]);
    });
    expect(error.message).toContain('side by side');
  });

  test('two attentions in one block', async () => {
    const double: Write = (b, x) => b.node('Add', [attention(b, x), attention(b, x)]);
    const error = await refusal((b, x) => classify(b, block(b, embed(b, x), double)));
    expect(error.message).toContain('side by side');
  });

  test('tokens that change places between two blocks', async () => {
    const error = await refusal((b, x) => {
      const first = block(b, embed(b, x));
      const moved = b.node('Gather', [first, b.ints([1, 2, 3, 4, 5, 0])], { axis: 1 });
      return classify(b, block(b, moved));
    });
    expect(error.message).toContain('change places');
  });

  test('attention between as many channels as there are tokens', async () => {
    const overChannels: Write = (b, x) => {
      const [query = '', key = '', value = ''] = [0, 1, 2].map(() =>
        b.node('Transpose', [linear(b, x, tokens)], { perm: [0, 2, 1] }),
      );
      const turned = b.node('Transpose', [key], { perm: [0, 2, 1] });
      const matrix = b.node('Softmax', [b.node('MatMul', [query, turned])], { axis: -1 });
      const mixed = b.node('MatMul', [matrix, value]);
      return linear(b, b.node('Transpose', [mixed], { perm: [0, 2, 1] }), dim);
    };
    const error = await refusal((b, x) => classify(b, block(b, embed(b, x), overChannels)));
    expect(error.message).toContain('channels, not tokens');
  });

  test('an attention matrix that is used twice', async () => {
    const twice: Write = (b, x) => {
      const key = b.node('Transpose', [linear(b, x, dim)], { perm: [0, 2, 1] });
      const scores = b.node('MatMul', [linear(b, x, dim), key]);
      const matrix = b.node('Softmax', [scores], { axis: -1 });
      return b.node('MatMul', [matrix, b.node('MatMul', [matrix, linear(b, x, dim)])]);
    };
    const error = await refusal((b, x) => classify(b, block(b, embed(b, x), twice)));
    expect(error.message).toContain('more than one set of values');
  });

  test('a head that also reads an earlier block', async () => {
    const error = await refusal((b, x) => {
      const first = block(b, embed(b, x));
      const second = block(b, first);
      return b.node('Add', [linear(b, row(b, second, 0), 4), linear(b, row(b, first, 0), 4)]);
    });
    expect(error.message).toContain('from something before it');
  });

  test('a head that reads one of two mixtures side by side', async () => {
    const error = await refusal((b, x) => {
      const stream = twoBlocks(b, x);
      const mean = b.node('ReduceMean', [stream], { axes: [1], keepdims: 0 });
      const both = b.node('Concat', [row(b, stream, 0), mean], { axis: 1 });
      const half = b.node('Slice', [both, b.ints([dim]), b.ints([2 * dim]), b.ints([1])]);
      return linear(b, half, 4);
    });
    expect(error.message).toContain('behind its last block');
  });

  test('a class token that attends to the tokens behind the last block', async () => {
    const error = await refusal((b, x) => {
      const stream = twoBlocks(b, x);
      const token = b.node('Gather', [stream, b.ints([0])], { axis: 1 });
      const pooled = pool(b, linear(b, token, dim), stream);
      return linear(b, b.node('Reshape', [b.node('Add', [token, pooled]), b.ints([1, dim])]), 4);
    });
    expect(error.message).toContain('beside what the pooling');
  });

  test('two outputs that could both be the classes', async () => {
    const error = await refusal((b, x) => {
      const features = row(b, twoBlocks(b, x), 0);
      b.output(linear(b, features, 3), 'float32', 'class_of_age');
      return linear(b, features, 4);
    });
    expect(error.message).toContain('“class_of_age” [1, 3], “logits” [1, 4]');
  });

  describe('a picture that lies differently under the patches:', () => {
    const pixelsThrough = (change: Write) =>
      refusal((b, x) => classify(b, twoBlocks(b, change(b, x))));
    const slice = (b: ModelBuilder, x: string, from: number[], to: number[], step: number[]) =>
      b.node('Slice', [x, b.ints(from), b.ints(to), b.ints([2, 3]), b.ints(step)]);

    test('mirrored', async () => {
      const error = await pixelsThrough((b, x) => slice(b, x, [0, -1], [99, -99], [1, -1]));
      expect(error.message).toContain('mirrors');
    });

    test('mirrored by picking its columns from the last to the first', async () => {
      const columns = Array.from({ length: 12 }, (_, i) => 11 - i);
      const error = await pixelsThrough((b, x) =>
        b.node('Gather', [x, b.ints(columns)], { axis: 3 }),
      );
      expect(error.message).toContain('mirrors');
    });

    test('cropped and enlarged', async () => {
      const error = await pixelsThrough((b, x) => {
        const corner = slice(b, x, [0, 0], [4, 6], [1, 1]);
        const sizes = b.ints([1, 3, 8, 12]);
        return b.node('Resize', [corner, '', '', sizes], { mode: 'nearest' });
      });
      expect(error.message).toContain('the pixels 0 to 4 of the picture’s height of 8');
    });

    test('padded', async () => {
      const error = await pixelsThrough((b, x) => {
        const top = slice(b, x, [4, 0], [8, 12], [1, 1]);
        return b.node('Pad', [top, b.ints([0, 0, 0, 0, 0, 0, 4, 0])]);
      });
      expect(error.message).toContain('the pixels 4 to 12 of the picture’s height of 8');
    });

    test('turned on its side', async () => {
      const error = await refusal((b, x) => {
        const cut = slice(b, x, [0, 0], [8, 8], [1, 1]);
        const turned = b.node('Transpose', [cut], { perm: [0, 1, 3, 2] });
        const wide = b.node('Concat', [turned, slice(b, turned, [0, 0], [8, 4], [1, 1])], {
          axis: 3,
        });
        return classify(b, twoBlocks(b, wide));
      });
      expect(error.message).toContain('on its side');
    });
  });

  test('a readout by the largest token', async () => {
    const error = await refusal((b, x) =>
      linear(b, b.node('ReduceMax', [block(b, embed(b, x))], { axes: [1], keepdims: 0 }), 4),
    );
    expect(error.message).toContain('ReduceMax');
  });

  test('a head on all tokens laid flat', async () => {
    const error = await refusal((b, x) => {
      const flat = b.node('Reshape', [block(b, embed(b, x)), b.ints([1, tokens * dim])]);
      return linear(b, flat, 4);
    });
    expect(error.code).toBe('model-not-a-vit');
    expect(error.message).toContain('behind its last block');
  });

  test('features without a head', async () => {
    const error = await refusal((b, x) => block(b, embed(b, x)));
    expect(error.message).toContain('[1, 6, 8]');
    expect(error.nextStep).toContain('head');
  });
});
