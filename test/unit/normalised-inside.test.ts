/** Graphs that normalise their pictures themselves: what they expect, and the same maps as outside. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openExplainer } from '../../src/engine/open-explainer';
import { inputFacts } from '../../src/engine/onnx/input-facts';
import { readSkeleton } from '../../src/engine/onnx/skeleton';
import { randomNormal } from '../fixtures/build-vit';
import { editModel } from '../fixtures/edit-model';
import { inputDims, spelledVit, usual, type Pen } from '../fixtures/spelled-vit';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'normalised-inside-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const mean = [0.485, 0.456, 0.406];
const deviation = [0.229, 0.224, 0.225];
const [, , height, width] = inputDims;
const plane = height * width;

/** A picture in whole numbers from 0 to 255, `[3, H, W]`. */
const bytes = (() => {
  const random = randomNormal(5);
  return Float32Array.from({ length: 3 * plane }, () =>
    Math.min(255, Math.max(0, Math.round(110 + 60 * random()))),
  );
})();
const normalised = bytes.map((value, i) => {
  const channel = Math.floor(i / plane);
  return (value / 255 - (mean[channel] ?? 0)) / (deviation[channel] ?? 1);
});

type Normalise = (pen: Pen, pixels: string) => string;

function vit(normalise: Normalise): Uint8Array {
  return spelledVit({ tokens: (pen, pixels) => usual.tokens(pen, normalise(pen, pixels)) });
}

const channels = (pen: Pen, values: readonly number[], dims = [1, 3, 1, 1]) =>
  pen.b.floats(values, dims);
const inverse = deviation.map((value) => 1 / value);
const shift = mean.map((value, i) => -value / (deviation[i] ?? 1));
const subtracted = (pen: Pen, x: string) =>
  pen.node('Div', [
    pen.node('Sub', [x, channels(pen, mean, [3, 1, 1])]),
    channels(pen, deviation, [3, 1, 1]),
  ]);

const unit = bytes.map((value) => value / 255);
const signed = unit.map((value) => 2 * value - 1);

/** How the graph begins, what it is given, and what that is called. */
const forms: Readonly<Record<string, readonly [Normalise, Float32Array, string]>> = {
  'mean subtracted, deviation divided': [
    (pen, x) =>
      pen.node('Div', [pen.node('Sub', [x, channels(pen, mean)]), channels(pen, deviation)]),
    unit,
    '0…1',
  ],
  'multiplied and added': [
    (pen, x) =>
      pen.node('Add', [pen.node('Mul', [x, channels(pen, inverse)]), channels(pen, shift)]),
    unit,
    '0…1',
  ],
  BatchNormalization: [
    (pen, x) =>
      pen.node(
        'BatchNormalization',
        [
          x,
          pen.b.floats([1, 1, 1]),
          pen.b.floats([0, 0, 0]),
          pen.b.floats(mean),
          pen.b.floats(deviation.map((value) => value ** 2)),
        ],
        { epsilon: 0 },
      ),
    unit,
    '0…1',
  ],
  'a convolution of one pixel': [
    (pen, x) =>
      pen.node('Conv', [x, channels(pen, inverse, [3, 1, 1, 1]), pen.b.floats(shift)], {
        kernel_shape: [1, 1],
        group: 3,
      }),
    unit,
    '0…1',
  ],
  'rescaled by 255 first': [
    (pen, x) => subtracted(pen, pen.node('Div', [x, pen.number(255)])),
    bytes,
    '0…255',
  ],
  'in bytes': [
    (pen, x) =>
      pen.node('Div', [
        pen.node('Sub', [
          x,
          channels(
            pen,
            mean.map((value) => value * 255),
          ),
        ]),
        channels(
          pen,
          deviation.map((value) => value * 255),
        ),
      ]),
    bytes,
    '0…255',
  ],
  'from −1 to 1': [
    (pen, x) =>
      subtracted(pen, pen.node('Div', [pen.node('Add', [x, pen.number(1)]), pen.number(2)])),
    signed,
    '−1…1',
  ],
  'with the channels turned to blue first and back': [
    (pen, x) => {
      const turned = pen.node('Gather', [x, pen.b.ints([2, 1, 0])], { axis: 1 });
      const centred = pen.node('Sub', [turned, channels(pen, mean.toReversed())]);
      const unitScale = pen.node('Div', [centred, channels(pen, deviation.toReversed())]);
      return pen.node('Gather', [unitScale, pen.b.ints([2, 1, 0])], { axis: 1 });
    },
    unit,
    '0…1',
  ],
};

const perPixel = (pen: Pen, values: readonly number[]) =>
  pen.b.floats(
    Float32Array.from({ length: 3 * plane }, (_, i) => values[Math.floor(i / plane)] ?? 0),
    [1, 3, height, width],
  );
const normalisedAlone = (pen: Pen, x: string, channel: number) =>
  pen.node('Div', [
    pen.node('Sub', [x, pen.number(mean[channel] ?? 0)]),
    pen.number(deviation[channel] ?? 1),
  ]);
const joined = (pen: Pen, parts: readonly string[]) => pen.node('Concat', parts, { axis: 1 });
const channelNumbers = [0, 1, 2];
const ints = (pen: Pen, ...values: number[]) => pen.b.ints(values);

/** Ways of beginning that are nothing but the same normalisation of values 0 … 1. */
const spellings: Readonly<Record<string, Normalise>> = {
  'each channel cut out, normalised and put back': (pen, x) =>
    joined(
      pen,
      channelNumbers.map((i) => {
        const own = pen.node('Slice', [x, ints(pen, i), ints(pen, i + 1), ints(pen, 1)]);
        return normalisedAlone(pen, own, i);
      }),
    ),
  'channels split': (pen, x) =>
    joined(
      pen,
      pen.split(x, [1, 1, 1], 1).map((own, i) => normalisedAlone(pen, own, i)),
    ),
  'channels taken by number': (pen, x) =>
    joined(
      pen,
      channelNumbers.map((i) => {
        const own = pen.node('Gather', [x, pen.b.ints(i)], { axis: 1 });
        return pen.node('Unsqueeze', [normalisedAlone(pen, own, i), ints(pen, 1)]);
      }),
    ),
  'a Reshape before it': (pen, x) =>
    subtracted(pen, pen.node('Reshape', [x, ints(pen, 0, 3, height, width)])),
  'pixels in a row': (pen, x) => {
    const flat = pen.node('Reshape', [x, ints(pen, 1, 3, -1)]);
    const centred = pen.node('Sub', [flat, channels(pen, mean, [1, 3, 1])]);
    const unitScale = pen.node('Div', [centred, channels(pen, deviation, [3, 1])]);
    return pen.reshape(unitScale, [1, 3, height, width]);
  },
  'numbers for every pixel': (pen, x) =>
    pen.node('Div', [pen.node('Sub', [x, perPixel(pen, mean)]), perPixel(pen, deviation)]),
  'numbers picked from a list': (pen, x) => {
    const [means, deviations] = [pen.b.floats(mean), pen.b.floats(deviation)];
    const parts = pen.split(x, [1, 1, 1], 1).map((own, i) => {
      const centred = pen.node('Sub', [own, pen.node('Gather', [means, pen.b.ints(i)])]);
      return pen.node('Div', [centred, pen.node('Gather', [deviations, pen.b.ints(i)])]);
    });
    return joined(pen, parts);
  },
  'a mean stretched to the picture, and a deviation computed from the variance': (pen, x) => {
    const variance = pen.node('Pow', [channels(pen, deviation), pen.number(2)]);
    const stretched = pen.node('Expand', [channels(pen, mean), ints(pen, ...inputDims)]);
    return pen.node('Div', [pen.node('Sub', [x, stretched]), pen.node('Sqrt', [variance])]);
  },
  'a deviation computed from the variance': (pen, x) => {
    const variance = deviation.map((value) => value ** 2);
    const root = pen.node('Sqrt', [pen.node('Add', [channels(pen, variance), pen.number(0)])]);
    return pen.node('Div', [pen.node('Sub', [x, channels(pen, mean)]), root]);
  },
};

/** Those that do something to its pixels first, and give the model what it takes in the end. */
const movedFirst: Readonly<Record<string, Normalise>> = {
  'a pool': (pen, x) =>
    subtracted(pen, pen.node('AveragePool', [x], { kernel_shape: [3, 3], pads: [1, 1, 1, 1] })),
  'a crop': (pen, x) =>
    framed(
      pen,
      subtracted(pen, pen.node('Slice', [x, ints(pen, 1, 2), ints(pen, 7, 10), ints(pen, 2, 3)])),
    ),
  'a Resize by factors': (pen, x) => resized(pen, subtracted(pen, resized(pen, x, 0.5)), 2),
};
const framed = (pen: Pen, x: string) => pen.node('Pad', [x, ints(pen, 0, 0, 1, 2, 0, 0, 1, 2)]);
const resized = (pen: Pen, x: string, factor: number) =>
  pen.node('Resize', [x, '', pen.b.floats([1, 1, factor, factor])], { mode: 'linear' });

const blueFirst: Readonly<Record<string, Normalise>> = {
  'turned to red first, then normalised': (pen, x) =>
    subtracted(pen, pen.node('Gather', [x, ints(pen, 2, 1, 0)], { axis: 1 })),
  'turned by a Slice backwards': (pen, x) =>
    subtracted(
      pen,
      pen.node('Slice', [x, ints(pen, -1), ints(pen, -9), ints(pen, 1), ints(pen, -1)]),
    ),
  'cut apart and put together the other way round': (pen, x) =>
    joined(
      pen,
      channelNumbers.map((i) => {
        const own = pen.node('Slice', [x, ints(pen, 2 - i), ints(pen, 3 - i), ints(pen, 1)]);
        return normalisedAlone(pen, own, i);
      }),
    ),
  'bytes, the mean of blue subtracted first': (pen, x) =>
    pen.node('Sub', [x, channels(pen, [103.939, 116.779, 123.68])]),
};

const compared = ['attnlrp', 'full', 'input_x_gradient', 'integrated_gradients', 'gae'];

async function mapsOf(
  file: string,
  pixels: Float32Array,
  methods = compared,
): Promise<Map<string, Float32Array>> {
  const explainer = await openExplainer(file, {
    threads: 1,
    provider: 'cpu',
    cacheFolder: undefined,
  });
  try {
    const classified = await explainer.classify(pixels);
    const maps = new Map([['logits', classified.logits]]);
    for (const method of methods)
      maps.set(method, (await explainer.explain(classified, method, {}, [1])).maps);
    return maps;
  } finally {
    await explainer.release();
  }
}

async function written(name: string, model: Uint8Array): Promise<string> {
  const file = path.join(folder, `${name}.onnx`);
  await writeFile(file, model);
  return file;
}

function factsOf(file: string) {
  const graph = readSkeleton(file);
  if (!graph) throw new Error('no ONNX model');
  return inputFacts(graph);
}

describe('is recognised, and its maps are those of the same model normalised outside:', () => {
  let expected: ReadonlyMap<string, Float32Array> = new Map();
  beforeAll(async () => {
    expected = await mapsOf(await written('outside', spelledVit()), normalised);
  });

  async function expectSame(file: string, pixels: Float32Array, methods = compared): Promise<void> {
    for (const [id, map] of await mapsOf(file, pixels, methods)) {
      const wanted = expected.get(id) ?? new Float32Array();
      const largest = wanted.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
      const off = map.map((value, i) => Math.abs(value - (wanted[i] ?? NaN)));
      // The last division of full relevance is by pixels near their bounds.
      expect(Math.max(...off), id).toBeLessThan((id === 'full' ? 1e-2 : 1e-4) * largest);
    }
  }

  test.each(Object.entries(forms))('%s', async (name, [normalise, pixels, range]) => {
    const file = await written('inside', vit(normalise));
    const { normalisation } = factsOf(file);
    expect(normalisation?.range).toBe(range);
    // Full relevance has a rule for one convolution over pixels.
    const methods = name.includes('convolution')
      ? compared.filter((id) => id !== 'full')
      : compared;
    await expectSame(file, pixels, methods);
  });

  test.each(Object.entries(spellings))('%s', async (_, normalise) => {
    const file = await written('spelled', vit(normalise));
    const { normalisation } = factsOf(file);
    expect(normalisation?.range).toBe('0…1');
    for (const [got, wanted] of [
      [normalisation?.mean, mean],
      [normalisation?.deviation, deviation],
    ])
      for (const [i, value] of (wanted ?? []).entries()) expect(got?.[i]).toBeCloseTo(value, 6);
    await expectSame(file, unit, ['input_x_gradient']);
  });

  test('whole numbers of 8 bits', async () => {
    const model = vit((pen, x) => {
      const floats = pen.node('Cast', [x], { to: 1 });
      return subtracted(pen, pen.node('Div', [floats, pen.number(255)]));
    });
    const whole = editModel(model, (graph) => {
      const type = graph.input[0]?.type?.value;
      if (type?.case === 'tensorType') type.value.elemType = 2;
    });
    const file = await written('uint8', whole);
    expect(factsOf(file).normalisation?.range).toBe('0…255');
    await expectSame(file, bytes);
  });
});

test.each(Object.entries(movedFirst))('is recognised behind %s', async (_, normalise) => {
  const { normalisation } = factsOf(await written('moved', vit(normalise)));
  expect(normalisation).toMatchObject({ range: '0…1', isBlueFirst: false });
  expect(normalisation?.mean[0]).toBeCloseTo(0.485, 6);
});

test('a Resize by factors gives what one to the same size gives', async () => {
  const half = [1, 3, height / 2, width / 2];
  const bySize = vit((pen, x) => {
    const to = (from: string, size: readonly number[]) =>
      pen.node('Resize', [from, '', '', pen.b.ints(size)], { mode: 'linear' });
    return to(subtracted(pen, to(x, half)), inputDims);
  });
  const byFactor = vit((pen, x) => resized(pen, subtracted(pen, resized(pen, x, 0.5)), 2));
  const [wanted, got] = [
    await mapsOf(await written('by-size', bySize), unit, ['attention']),
    await mapsOf(await written('by-factor', byFactor), unit, ['attention']),
  ];
  expect(got).toEqual(wanted);
});

test.each(Object.entries(blueFirst))('takes blue first: %s', async (_, normalise) => {
  const { normalisation } = factsOf(await written('blue', vit(normalise)));
  expect(normalisation?.isBlueFirst).toBe(true);
});

describe('is not taken for a normalisation:', () => {
  test.each<[string, Normalise]>([
    ['nothing', (_, x) => x],
    ['a scaling of one colour', (pen, x) => pen.node('Mul', [x, channels(pen, [1, 1, 1.5])])],
    [
      'from one normalisation to another, as torchvision’s transform_input',
      (pen, x) =>
        pen.node('Add', [
          pen.node('Mul', [x, channels(pen, [0.458, 0.448, 0.45])]),
          channels(pen, [-0.03, -0.088, -0.188]),
        ]),
    ],
    [
      'from ImageNet’s values to CLIP’s',
      (pen, x) =>
        pen.node('Add', [
          pen.node('Mul', [x, channels(pen, [0.8525, 0.8572, 0.8159])]),
          channels(pen, [0.0132, -0.0069, -0.0079]),
        ]),
    ],
    [
      'a mean picture',
      (pen, x) => pen.node('Sub', [x, pen.weight('picture', [1, 3, height, width])]),
    ],
  ])('%s', async (_, normalise) => {
    expect(factsOf(await written('plain', vit(normalise))).normalisation).toBeUndefined();
  });
});
