import { create } from '@bufbuild/protobuf';
import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeManifest } from '../../src/store/manifest';
import { preprocessingForInput } from '../../src/store/preprocessing/for-input';
import { presetOf, presets } from '../../src/store/presets';
import { resolveModel } from '../../src/store/resolve-model';
import { NodeProtoSchema } from '../../src/engine/onnx/onnx_pb';
import { buildVit } from '../fixtures/build-vit';
import { editModel } from '../fixtures/edit-model';
import { timmWeights } from '../fixtures/intake/place-checkpoint';
import { torchArchive } from '../fixtures/intake/torch-archive';
import { onnxHeader } from '../fixtures/onnx-header';
import { spelledVit, usual } from '../fixtures/spelled-vit';
import { describeWithShared, sharedPath } from '../shared-folder';

let folder = '';
const folders = () => ({ starterFolder: path.join(folder, 'starter') });

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-store-'));
});
afterEach(async () => {
  await rm(folder, { recursive: true });
});

/** Writes files (objects as JSON) below the test's folder and returns the path of the first. */
async function place(files: Record<string, unknown>): Promise<string> {
  for (const [name, content] of Object.entries(files)) {
    const file = path.join(folder, name);
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(
      file,
      typeof content === 'string' || content instanceof Uint8Array
        ? content
        : JSON.stringify(content),
    );
  }
  return path.join(folder, Object.keys(files)[0] ?? '');
}

describe('what stands beside the weights', () => {
  it('prefers the manifest over every other file', async () => {
    const preprocessing = presetOf('clip').preprocessing(224);
    const file = await place({
      'dogs.onnx': onnxHeader([], [1, 3, 224, 224]),
      'preprocessor_config.json': { image_processor_type: 'ViTImageProcessor', size: 224 },
      'labels.txt': 'wrong\nwrong too',
    });
    await writeManifest(file, { name: 'Dogs', preprocessing, labels: ['pug', 'boxer'] });
    const model = await resolveModel(file, folders());
    expect(model).toEqual({
      id: `file:${file}`,
      name: 'Dogs',
      path: file,
      preprocessing,
      preprocessingSource: 'from dogs.vit.json',
      assumed: [],
      labels: ['pug', 'boxer'],
    });
  });

  it.each([
    [{ 'config.json': { problem_type: 'multi_label_classification' } }, 'sigmoid', 'config'],
    [{ 'config.json': { problem_type: 'regression', model_type: 'vit' } }, 'value', 'config'],
    [{ 'config.json': { problem_type: 'single_label_classification' } }, 'softmax', 'config'],
    [{ 'config.json': { problem_type: null, model_type: 'vit' } }, 'softmax', 'config'],
    [{ 'config.json': { architecture: 'vit_base_patch16_224' } }, 'softmax', 'config'],
    [
      {
        'a.vit.json': { format: 1, output: 'value' },
        'config.json': { problem_type: 'multi_label_classification' },
      },
      'value',
      'manifest',
    ],
  ])('what its numbers mean: %j', async (beside, kind, by) => {
    const file = await place({ 'a.onnx': onnxHeader([], [1, 3, 224, 224]), ...beside });
    expect((await resolveModel(file, folders())).output).toEqual({ kind, by });
  });

  it.each(['a kind to come', 'Regression', 'multilabel', ['regression'], 7])(
    'leaves open what its numbers mean, and says so, where a config says %j',
    async (problem) => {
      const file = await place({
        'a.onnx': onnxHeader([], [1, 3, 224, 224]),
        'config.json': { problem_type: problem, model_type: 'vit' },
      });
      const { output, assumed } = await resolveModel(file, folders());
      expect(output).toBeUndefined();
      expect(assumed).toContainEqual(
        expect.objectContaining({
          subject: 'output',
          value: `not understood: “problem_type” ${JSON.stringify(problem)}`,
        }),
      );
    },
  );

  it('reads sizes that are written as text, and names those that it does not understand', async () => {
    const open = onnxHeader([], [1, 3, 'height', 'width']);
    const file = await place({ 'a.onnx': open, 'config.json': { image_size: '48' } });
    const { preprocessing, assumed } = await resolveModel(file, folders());
    expect(preprocessing.crop).toEqual([48, 48]);
    expect(assumed.some(({ value }) => value.includes('not understood'))).toBe(false);
    await place({ 'config.json': { image_size: 'small' } });
    expect((await resolveModel(file, folders())).assumed).toContainEqual(
      expect.objectContaining({
        subject: 'input size',
        value: 'not understood: “image_size” "small"',
      }),
    );
  });

  it.each(['[]', 'null', '"vit"', '7'])('names a config.json that holds %s', async (text) => {
    const file = await place({ 'a.onnx': onnxHeader([], [1, 3, 224, 224]), 'config.json': text });
    expect((await resolveModel(file, folders())).assumed).toContainEqual(
      expect.objectContaining({
        value: '“config.json” left aside',
        reason: `it holds ${text} instead of an object`,
      }),
    );
  });

  it('says that the architecture in the manifest of an ONNX file is left aside', async () => {
    const file = await place({
      'a.onnx': onnxHeader([], [1, 3, 224, 224]),
      'a.vit.json': { format: 1, architecture: { heads: 3 } },
    });
    expect((await resolveModel(file, folders())).assumed).toContainEqual(
      expect.objectContaining({ field: 'architecture', value: '“architecture” left aside' }),
    );
  });

  it('names a config.json that is a folder', async () => {
    const file = await place({
      'a.onnx': onnxHeader([], [1, 3, 224, 224]),
      'config.json/a.txt': '',
    });
    expect((await resolveModel(file, folders())).assumed).toContainEqual(
      expect.objectContaining({ value: '“config.json” left aside', reason: 'it cannot be read' }),
    );
  });

  it.each([
    [
      { format: 1, output: 'sigmod' },
      /“output” is "sigmod" instead of one of "softmax", "sigmoid"/,
    ],
    [{ format: 1, head: 3 }, /it has no field “head”/],
    [{ output: 'softmax' }, /“format” is missing/],
    [{ format: 2 }, /“format” is 2 instead of 1/],
  ])('says what is wrong in the manifest %j', async (manifest, words) => {
    const file = await place({
      'a.onnx': onnxHeader([], [1, 3, 224, 224]),
      'a.vit.json': manifest,
    });
    await expect(resolveModel(file, folders())).rejects.toThrow(words);
  });

  it('keeps in a manifest what the change does not name', async () => {
    const file = await place({ 'a.onnx': onnxHeader([], [1, 3, 224, 224]) });
    await writeManifest(file, { name: 'Mine' });
    await writeManifest(file, { labels: 'imagenet-1k' });
    const model = await resolveModel(`file:${file}`, folders());
    expect(model.name).toBe('Mine');
    expect(model.labels).toHaveLength(1000);
    expect(model.labels[281]).toBe('tabby');
  });

  it('names the field that breaks a manifest', async () => {
    const preprocessing = { ...presetOf('timm').preprocessing(224), std: [0.5, 0, 0.5] };
    const file = await place({
      'a.onnx': onnxHeader([], []),
      'a.vit.json': { format: 1, preprocessing },
    });
    await expect(resolveModel(file, folders())).rejects.toMatchObject({
      code: 'model-unreadable',
      message: expect.stringContaining('preprocessing.std.1') as string,
    });
  });

  it.each([
    [
      'ViT, size a number: squash, bilinear',
      { feature_extractor_type: 'ViTFeatureExtractor', size: 224, resample: 2 },
      { ...presetOf('hugging-face-vit').preprocessing(224) },
    ],
    [
      'CLIP: short edge, crop, bicubic by default',
      {
        feature_extractor_type: 'CLIPFeatureExtractor',
        size: 224,
        crop_size: 224,
        do_center_crop: true,
        image_mean: [0.48145466, 0.4578275, 0.40821073],
        image_std: [0.26862954, 0.26130258, 0.27577711],
      },
      { ...presetOf('clip').preprocessing(224), cropRounding: 'down' },
    ],
    [
      'DeiT: squash to 256, crop 224',
      {
        feature_extractor_type: 'DeiTFeatureExtractor',
        size: 256,
        crop_size: 224,
        do_center_crop: true,
        resample: 3,
        image_mean: [0.485, 0.456, 0.406],
        image_std: [0.229, 0.224, 0.225],
      },
      presetOf('hugging-face-deit').preprocessing(224),
    ],
    [
      'DINOv2: sizes as objects',
      {
        image_processor_type: 'BitImageProcessor',
        size: { shortest_edge: 256 },
        crop_size: { height: 224, width: 224 },
        do_center_crop: true,
        resample: 3,
        rescale_factor: 1 / 255,
        image_mean: [0.485, 0.456, 0.406],
        image_std: [0.229, 0.224, 0.225],
      },
      { ...presetOf('dinov2').preprocessing(224), cropRounding: 'down' },
    ],
  ])('reads Hugging Face’s processor: %s', async (_, config, expected) => {
    const file = await place({ 'm.safetensors': 'x', 'preprocessor_config.json': config });
    const model = await resolveModel(file, folders());
    expect(model.preprocessing).toEqual(expected);
    expect(model.guessedPreset).toBeUndefined();
  });

  it('reads the newer combined file of Hugging Face’s processors', async () => {
    const processor = { image_processor_type: 'ViTImageProcessorFast', size: 224 };
    const file = await place({
      'm.onnx': onnxHeader([], []),
      'processor_config.json': { image_processor: processor },
    });
    const model = await resolveModel(file, folders());
    expect(model.preprocessing).toEqual(presetOf('hugging-face-vit').preprocessing(224));
    expect(model.preprocessingSource).toBe('from processor_config.json');
  });

  it('leaves nothing of the shipped starter to assumptions', async () => {
    const starterFolder = path.resolve(import.meta.dirname, '../../models/starter');
    const { assumed, preprocessing } = await resolveModel('starter', { starterFolder });
    expect(assumed).toEqual([]);
    expect(preprocessing).toMatchObject({ crop: [72, 72], cropRounding: 'down' });
  });

  it('fits what was found to the size that the graph fixes, and says so', async () => {
    const file = await place({
      'm.onnx': onnxHeader([], ['batch', 3, 384, 384]),
      'preprocessor_config.json': {
        image_processor_type: 'BitImageProcessor',
        size: 256,
        crop_size: 224,
      },
    });
    const model = await resolveModel(file, folders());
    expect(model.preprocessing.crop).toEqual([384, 384]);
    expect(model.preprocessing.resize).toEqual({ rule: 'shortest-edge', size: 438 });
    expect(model.preprocessingSource).toBe(
      'from preprocessor_config.json, fitted to the input of 384 × 384 pixels',
    );
  });

  it('takes the manifest that the documentation shows', async () => {
    const readme = await readFile(
      path.resolve(import.meta.dirname, '../../models/README.md'),
      'utf8',
    );
    const manifest = /```json\n(.+?)```/s.exec(readme)?.[1] ?? '';
    const file = await place({
      'dogs.onnx': onnxHeader([], []),
      'dogs.vit.json': manifest,
      'labels.txt': 'pug\nboxer\n',
    });
    const model = await resolveModel(file, folders());
    expect(model).toMatchObject({ name: 'Dog breeds', labels: ['pug', 'boxer'] });
    expect(model.preprocessing).toEqual(presetOf('timm').preprocessing(224));
  });

  it('reads timm’s configuration, and its ImageNet labels by the tag', async () => {
    const file = await place({
      'model.safetensors': 'x',
      'config.json': {
        architecture: 'vit_tiny_patch16_224',
        num_classes: 1000,
        pretrained_cfg: {
          tag: 'augreg_in21k_ft_in1k',
          input_size: [3, 224, 224],
          interpolation: 'bicubic',
          crop_pct: 0.9,
          crop_mode: 'center',
          mean: [0.5, 0.5, 0.5],
          std: [0.5, 0.5, 0.5],
          num_classes: 1000,
        },
      },
    });
    const model = await resolveModel(file, folders());
    expect(model.preprocessing).toEqual(presetOf('timm').preprocessing(224));
    expect(model.labels).toHaveLength(1000);
  });

  it('finds configuration and labels one folder above `onnx`', async () => {
    const file = await place({
      'repo/onnx/model.onnx': onnxHeader([], [1, 3, 224, 224]),
      'repo/preprocessor_config.json': { image_processor_type: 'ViTImageProcessor', size: 224 },
      'repo/config.json': { id2label: { 1: 'cat', 0: 'dog' } },
    });
    const model = await resolveModel(file, folders());
    expect(model.preprocessingSource).toBe('from preprocessor_config.json');
    expect(model.labels).toEqual(['dog', 'cat']);
  });

  it.each([
    ['an array', 'labels.json', ['a', 'b'], ['a', 'b']],
    ['index → name', 'my_labels.json', { 0: 'a', 2: 'c' }, ['a', 'class 1', 'c']],
    ['Keras', 'imagenet_class_index.json', { 0: ['n1', 'a'], 1: ['n2', 'b'] }, ['a', 'b']],
    ['lines', 'labels.txt', 'a\r\nb c\n', ['a', 'b c']],
    ['numbered lines', 'labels.txt', '0: a\n1: b\n', ['a', 'b']],
    ['lines that begin with numbers', 'labels.txt', '2 cents\n5 dimes\n', ['2 cents', '5 dimes']],
  ])('reads labels: %s', async (_, name, content, labels) => {
    const file = await place({ 'm.onnx': onnxHeader([], [1, 3, 32, 32]), [name]: content });
    expect((await resolveModel(file, folders())).labels).toEqual(labels);
  });

  it('asks which of several label files is meant', async () => {
    const file = await place({
      'm.onnx': onnxHeader([], []),
      'a_labels.json': ['a'],
      'b_labels.json': ['b'],
    });
    await expect(resolveModel(file, folders())).rejects.toThrow(/a_labels\.json, b_labels\.json/);
  });

  it('takes Hugging Face’s placeholder labels as none', async () => {
    const file = await place({
      'm.onnx': onnxHeader([], []),
      'config.json': { id2label: { 0: 'LABEL_0', 1: 'LABEL_1' } },
    });
    expect((await resolveModel(file, folders())).labels).toEqual([]);
  });
});

describe('files that state no preprocessing', () => {
  it.each([
    ['an empty object', { 'preprocessor_config.json': {} }, '{} says nothing'],
    ['no JSON', { 'preprocessor_config.json': '{"size":' }, 'it is not valid JSON'],
    ['a folder', { 'preprocessor_config.json/a': 'x' }, 'it cannot be read'],
    ['of sounds', { 'preprocessor_config.json': { sampling_rate: 16000 } }, 'says nothing'],
    [
      'a name where timm’s configuration should be',
      { 'config.json': { architecture: 'vit', pretrained_cfg: 'augreg' } },
      'says nothing',
    ],
    ['of OpenCLIP, but a list', { 'open_clip_config.json': [1] }, '[1] says nothing'],
  ])('%s: named, and guessed instead', async (_, files, reason) => {
    const file = await place({ 'm.onnx': onnxHeader([], [1, 3, 224, 224]), ...files });
    const { guessedPreset, assumed } = await resolveModel(file, folders());
    expect(guessedPreset).toBe('timm');
    const [name = ''] = Object.keys(files);
    expect(assumed).toEqual([
      expect.objectContaining({
        value: `“${name.replace('/a', '')}” left aside`,
        reason: expect.stringContaining(reason) as string,
      }),
      expect.objectContaining({ value: 'timm ViT' }),
    ]);
  });

  it.each([
    [
      'preprocessor_config.json',
      {
        image_processor_type: 'ViTImageProcessor',
        size: 224,
        resample: 2,
        image_mean: 0.5,
        image_std: 0.5,
      },
    ],
    ['m.vit.json', { format: 1, preprocessing: presetOf('clip').preprocessing(224) }],
  ])('names a broken config.json also where %s states the preprocessing', async (name, content) => {
    const file = await place({
      'm.onnx': onnxHeader([], [1, 3, 224, 224]),
      'config.json': '{',
      [name]: content,
      'labels.txt': 'a\nb\n',
    });
    const { labels, assumed, preprocessingSource } = await resolveModel(file, folders());
    expect(labels).toEqual(['a', 'b']);
    expect(preprocessingSource).toBe(`from ${name}`);
    expect(assumed).toMatchObject([{ subject: 'classes', value: '“config.json” left aside' }]);
  });
});

describe('the size of a checkpoint that nothing states', () => {
  it('is the one that its positions were trained for', async () => {
    const file = await place({ 'a.pth': torchArchive({ model: timmWeights(64, 36, 16) }) });
    const { preprocessing, assumed } = await resolveModel(file, folders());
    expect(preprocessing.crop).toEqual([96, 96]);
    expect(assumed).toContainEqual(
      expect.objectContaining({ subject: 'input size', value: '96 × 96' }),
    );
    const stated = { format: 1, architecture: { grid: [4, 9] } };
    await place({ 'a.vit.json': stated });
    const { architecture, preprocessing: oblong } = await resolveModel(file, folders());
    expect(architecture).toEqual(stated.architecture);
    expect(oblong.crop).toEqual([64, 144]);
  });

  it('is that of its configuration where that states one', async () => {
    const weights = torchArchive({ model: timmWeights(64, 36, 16) });
    const file = await place({ 'a.pth': weights, 'config.json': { image_size: 64 } });
    expect((await resolveModel(file, folders())).preprocessing.crop).toEqual([64, 64]);
  });
});

describe('a guess where nothing tells', () => {
  it.each([
    ['timm', ['blocks.0.attn.qkv.weight'], [1, 3, 384, 384], 384],
    [
      'hugging-face-vit',
      ['vit.encoder.layer.0.attention.attention.query.bias'],
      ['n', 3, 224, 224],
      224,
    ],
    ['torchvision', ['encoder.layers.encoder_layer_0.ln_1.weight'], [1, 3, 224, 224], 224],
    ['torchvision-swag', ['encoder.layers.encoder_layer_0.ln_1.weight'], [1, 3, 518, 518], 518],
    ['dinov3', ['storage_tokens', 'blocks.0.attn.qkv.weight'], [1, 3, 256, 256], 256],
    ['clip', ['visual.transformer.resblocks.0.ln_1.bias'], [1, 3, 224, 224], 224],
    ['dinov2', ['dinov2.embeddings.register_tokens'], [1, 3, 'h', 'w'], 224],
    ['cifar', ['blocks.0.attn.qkv.weight'], [1, 3, 32, 32], 32],
  ] as const)('%s', async (preset, names, dims, side) => {
    const file = await place({ 'm.onnx': onnxHeader(['a', ...names, 'z'], dims) });
    const model = await resolveModel(file, folders());
    expect(model.guessedPreset).toBe(preset);
    expect(model.preprocessing).toEqual(presetOf(preset).preprocessing(side));
    expect(model.preprocessingSource).toMatch(/^guessed as .+: (its|nothing)/);
  });

  it.each([
    ['siglip', 'siglip_vision_model'],
    ['dinov3', 'dinov3_vit'],
    ['hugging-face-deit', 'deit'],
  ] as const)('%s by config.json, whose size is taken too', async (preset, model_type) => {
    const config = { model_type, image_size: 56 };
    const file = await place({ 'm.safetensors': 'blocks.0.attn', 'config.json': config });
    const model = await resolveModel(file, folders());
    expect(model.guessedPreset).toBe(preset);
    expect(model.preprocessing).toEqual(presetOf(preset).preprocessing(56));
  });

  it('says nothing of a file that is not ONNX: the engine does', async () => {
    const file = await place({ 'm.onnx': 'this is not protobuf at all' });
    expect((await resolveModel(file, folders())).guessedPreset).toBe('timm');
  });
});

describe('what the graph itself decides', () => {
  const imagenet = { mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] };
  const inside = spelledVit({
    tokens: (pen, pixels) => {
      const centred = pen.node('Sub', [pixels, pen.b.floats(imagenet.mean, [1, 3, 1, 1])]);
      const unit = pen.node('Div', [centred, pen.b.floats(imagenet.std, [1, 3, 1, 1])]);
      return usual.tokens(pen, unit);
    },
  });
  const plain = { rescale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] };

  it('is not normalised twice where the graph normalises, and that is said', async () => {
    const model = await resolveModel(await place({ 'm.onnx': inside }), folders());
    expect(model.preprocessing).toMatchObject(plain);
    expect(model.preprocessingSource).toContain('the graph itself subtracts 0.485, 0.456, 0.406');
    expect(model.assumed.map(({ value }) => value)).toContain(
      'values 0…1, not normalised before the model',
    );
  });

  it('also where a file beside the model states the same mean', async () => {
    const stated = {
      image_processor_type: 'ViTImageProcessor',
      size: 224,
      image_mean: imagenet.mean,
    };
    const file = await place({ 'm.onnx': inside, 'preprocessor_config.json': stated });
    const model = await resolveModel(file, folders());
    expect(model.preprocessing).toMatchObject(plain);
    expect(model.assumed.at(-1)?.value).toBe('values 0…1, not normalised before the model');
  });

  type Values = Readonly<Record<'mean' | 'std', readonly number[]>>;
  const clip: Values = { mean: [0.4815, 0.4578, 0.4082], std: [0.2686, 0.2613, 0.2758] };
  const half: Values = { mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] };
  const own: Values = { mean: [0.62, 0.44, 0.51], std: [0.21, 0.18, 0.24] };

  /** `(x − mean) / std` of pixels that maybe were turned to red first. */
  const normalising = ({ mean, std }: Values, isTurned = false) =>
    spelledVit({
      tokens: (pen, pixels) => {
        const red = isTurned
          ? pen.node('Gather', [pixels, pen.b.ints([2, 1, 0])], { axis: 1 })
          : pixels;
        const centred = pen.node('Sub', [red, pen.b.floats(mean, [1, 3, 1, 1])]);
        return usual.tokens(pen, pen.node('Div', [centred, pen.b.floats(std, [1, 3, 1, 1])]));
      },
    });
  /** From values normalised in one way to those of another. */
  const converting = (from: Values, to: Values) =>
    normalising({
      mean: to.mean.map((value, i) => (value - (from.mean[i] ?? 0)) / (from.std[i] ?? 1)),
      std: to.std.map((value, i) => value / (from.std[i] ?? 1)),
    });
  const beside = async (model: Uint8Array, { mean, std }: Values) => {
    const stated = {
      image_processor_type: 'ViTImageProcessor',
      size: 224,
      image_mean: mean,
      image_std: std,
    };
    return resolveModel(
      await place({ 'm.onnx': model, 'preprocessor_config.json': stated }),
      folders(),
    );
  };

  it.each([
    ['ImageNet’s to CLIP’s', imagenet, clip],
    ['CLIP’s to ImageNet’s', clip, imagenet],
    ['−1 … 1 to ImageNet’s', half, imagenet],
    ['ImageNet’s to −1 … 1', imagenet, half],
    ['−1 … 1 to CLIP’s', half, clip],
    ['CLIP’s to −1 … 1', clip, half],
    ['a data set’s own to ImageNet’s', own, imagenet],
    ['ImageNet’s to a data set’s own', imagenet, own],
  ])('the file is followed where the graph goes on from its values: %s', async (_, from, to) => {
    const { preprocessing } = await beside(converting(from, to), from);
    expect(preprocessing).toMatchObject({ ...from, rescale: 1 / 255 });
  });

  it.each([
    ['ImageNet’s', imagenet, half],
    ['ImageNet’s', imagenet, clip],
    ['CLIP’s', clip, imagenet],
    ['its own', own, own],
    ['its own', own, imagenet],
    ['those from −1 to 1', half, imagenet],
  ])('the graph is followed where it normalises plain values: %s', async (_, graph, file) => {
    const { preprocessing } = await beside(normalising(graph), file);
    expect(preprocessing).toMatchObject(plain);
  });

  it('says why the file is followed where the graph’s numbers could be read in another way', async () => {
    const near: Values = { mean: [0.52, 0.47, 0.55], std: [0.3, 0.28, 0.33] };
    const model = await beside(converting(half, near), half);
    expect(model.preprocessing).toMatchObject(half);
    const doubtful: Values = { mean: [0.11, 0.12, 0.13], std: [0.9, 0.92, 0.95] };
    const followed = await beside(normalising(doubtful), imagenet);
    expect(followed.preprocessing).toMatchObject(imagenet);
    expect(followed.assumed.at(-1)).toMatchObject({
      value:
        'normalised before the model (from preprocessor_config.json, fitted to the input of 8 × 12 pixels)',
      reason:
        'the graph itself subtracts 0.11, 0.12, 0.13 and divides by 0.9, 0.92, 0.95, which may be meant for values that are normalised already',
    });
  });

  it('takes blue first where the numbers are those of red last, and says so', async () => {
    const model = await resolveModel(
      await place({ 'm.onnx': normalising(imagenet, true) }),
      folders(),
    );
    expect(model.preprocessing).toMatchObject({ ...plain, channels: 'bgr' });
    expect(model.assumed.at(-1)).toMatchObject({
      value: 'values 0…1, blue first, not normalised before the model',
      reason:
        'the graph itself subtracts 0.406, 0.456, 0.485 and divides by 0.225, 0.224, 0.229, which makes ImageNet’s values of plain ones whose blue comes first',
    });
    const stated = await beside(normalising(own, true), own);
    expect(stated.preprocessing).toMatchObject({ ...plain, channels: 'bgr' });
  });

  it('says equal numbers once, and each of three that differ', async () => {
    const file = { ...half, mean: [0.5, 0.25, 0.5] };
    const model = await beside(normalising(file), imagenet);
    expect(model.assumed.at(-1)?.reason).toContain('subtracts 0.5, 0.25, 0.5 and divides by 0.5');
  });

  it('but the manifest is followed', async () => {
    const preprocessing = presetOf('timm').preprocessing(8);
    const file = await place({ 'm.onnx': inside, 'm.vit.json': { format: 1, preprocessing } });
    const model = await resolveModel(file, folders());
    expect(model.preprocessing.mean).toEqual(preprocessing.mean);
    expect(model.assumed).toEqual([]);
  });

  /** A model of 5 × 5 patches of 6 × 6 pixels that leaves its size open. */
  const open = editModel(buildVit({ grid: [5, 5], patch: [6, 6] }).bytes, (graph) => {
    const type = graph.input[0]?.type?.value;
    for (const dim of type?.case === 'tensorType' ? (type.value.shape?.dim ?? []).slice(2) : [])
      dim.value = { case: 'dimParam', value: 'pixels' };
  });

  it('takes the size that its positions fit where the file leaves it open', async () => {
    const guessed = await resolveModel(await place({ 'm.onnx': open }), folders());
    expect(guessed.preprocessing.crop).toEqual([30, 30]);
    expect(guessed.assumed.find(({ subject }) => subject === 'input size')).toMatchObject({
      value: '30 × 30',
      reason: 'the file leaves it open, and its 26 positions fit 5 × 5 patches',
    });
    const stated = { image_processor_type: 'ViTImageProcessor', size: 224 };
    const file = await place({ 'm.onnx': open, 'preprocessor_config.json': stated });
    expect((await resolveModel(file, folders())).preprocessing.crop).toEqual([30, 30]);
  });

  it('keeps the stated size where the graph resizes its positions', async () => {
    const resized = editModel(open, (graph) => {
      const add = graph.node.find(
        ({ opType, input }) =>
          opType === 'Add' &&
          input.some(
            (name) => Number(graph.initializer.find((t) => t.name === name)?.dims[1]) === 26,
          ),
      );
      const name =
        add?.input.find((input) => graph.initializer.some((t) => t.name === input)) ?? '';
      if (add) add.input = add.input.map((input) => (input === name ? 'resized' : input));
      const resize = create(NodeProtoSchema, {
        opType: 'Resize',
        input: [name],
        output: ['resized'],
      });
      graph.node.unshift(resize);
    });
    const stated = { image_processor_type: 'ViTImageProcessor', size: 224 };
    const file = await place({ 'm.onnx': resized, 'preprocessor_config.json': stated });
    const model = await resolveModel(file, folders());
    expect(model.preprocessing.crop).toEqual([224, 224]);
    expect(model.assumed.at(-1)).toMatchObject({ subject: 'input size', value: '224 × 224' });
  });
});

describe('refusals', () => {
  it.each([
    ['a path without a model', 'absent.onnx', 'model-missing'],
    ['a kind of file that cannot be explained', 'model.tflite', 'model-unreadable'],
  ])('%s', async (_, name, code) => {
    await expect(resolveModel(path.join(folder, name), folders())).rejects.toMatchObject({ code });
  });
});

describe('presets', () => {
  it('fits a preset to the input that the model turns out to have', () => {
    for (const preset of presets) {
      expect(preprocessingForInput(preset.preprocessing(224), [224, 224])).toEqual(
        preset.preprocessing(224),
      );
    }
    // int(256 / 224 · 384) of DeiT's evaluation; timm tests larger ViTs with the whole short side.
    expect(presetOf('hugging-face-deit').preprocessing(384).resize).toMatchObject({
      size: [438, 438],
    });
    expect(presetOf('timm').preprocessing(384).resize).toMatchObject({ size: 384 });
    const oblong = preprocessingForInput(presetOf('dinov2').preprocessing(224), [112, 448]);
    expect(oblong.crop).toEqual([112, 448]);
    expect(oblong.resize).toEqual({ rule: 'cover', size: [128, 512] });
  });

  it('resizes to one pixel at least where a file cuts out far more than it resizes to', () => {
    const odd = { ...presetOf('timm').preprocessing(224), crop: [224, 224] as const };
    const resize = { rule: 'squash', size: [8, 12] } as const;
    expect(preprocessingForInput({ ...odd, resize }, [8, 12]).resize).toEqual({
      rule: 'squash',
      size: [1, 1],
    });
  });
});

describeWithShared('real models', 'models', () => {
  it('describes an ImageNet ViT from its names, size and label file', async () => {
    const file = sharedPath('models/vit_tiny_patch16_224/model.onnx');
    const model = await resolveModel(file, folders());
    expect(model.guessedPreset).toBe('timm');
    // 82.7 % top-1 was measured with exactly this preparation.
    expect(model.preprocessing.resize).toEqual({ rule: 'shortest-edge', size: 248 });
    expect(model.preprocessing.mean).toEqual([0.5, 0.5, 0.5]);
    expect(model.labels).toHaveLength(1000);
  });

  it('describes a CIFAR-10 ViT by its 32 pixels', async () => {
    const file = sharedPath('models/vit_cifar10_postln/vit_cifar10_postln_smmk47.onnx');
    const model = await resolveModel(file, folders());
    expect(model.guessedPreset).toBe('cifar');
    expect(model.labels[3]).toBe('cat');
  });

  it('describes the starter by its id', async () => {
    await mkdir(path.join(folder, 'starter'));
    await copyFile(
      sharedPath('models/vit_tiny_patch16_224/model.onnx'),
      path.join(folder, 'starter/model.onnx'),
    );
    await place({
      'starter/preprocessor_config.json': {
        image_processor_type: 'ViTImageProcessor',
        size: { height: 224, width: 224 },
        resample: 3,
      },
      'starter/labels.json': await readFile(
        sharedPath('models/vit_cifar10_postln/labels.json'),
        'utf8',
      ),
    });
    const model = await resolveModel('starter', folders());
    expect(model.id).toBe('starter');
    expect(model.preprocessing.interpolation).toBe('bicubic');
    expect(model.labels).toHaveLength(10);
  });
});
