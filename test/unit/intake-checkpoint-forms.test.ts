/** The ways in which people save a Vision Transformer: which weights are read, and why others are not. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { buildForwardModel } from '../../src/engine/intake/build-forward-model';
import type { StatedArchitecture } from '../../src/shared/architecture';
import {
  placeCheckpoint,
  timmWeights,
  weightsOf,
  zeros,
} from '../fixtures/intake/place-checkpoint';
import type { Weight, Weights } from '../fixtures/intake/place-checkpoint';
import { largestDifference, runModel } from '../fixtures/intake/run-model';
import { torchArchive } from '../fixtures/intake/torch-archive';
import type { Tree } from '../fixtures/intake/torch-archive';
import { pickle } from '../fixtures/intake/write-files';

let folder: string;
let cacheFolder: string;
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-forms-'));
  cacheFolder = path.join(folder, 'cache');
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

const pixels = Float32Array.from({ length: 768 }, (_, i) => Math.cos(i));

/** The logits, and which weights are said to be assumed. */
async function logitsOf(file: string, stated: StatedArchitecture = {}) {
  const built = await buildForwardModel(file, { cacheFolder, stated });
  const said = built.assumed.find(({ subject }) => subject === 'weights');
  return { logits: await runModel(built.onnxPath, pixels, [1, 3, 16, 16]), said };
}

async function save(tree: Tree, extra?: Readonly<Record<string, Buffer>>): Promise<string> {
  const file = path.join(folder, `model-${count++}.pth`);
  await writeFile(file, torchArchive(tree, extra));
  return file;
}

async function refusal(tree: Tree, stated?: StatedArchitecture): Promise<string> {
  const error: unknown = await logitsOf(await save(tree), stated).catch(
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EngineError)) throw new Error('It was not refused');
  return `${error.message} ${error.nextStep}`;
}

/** Another model of the same shapes. */
function other(weights: Weights, factor = -0.7): Map<string, Weight> {
  return new Map(
    [...weights].map(([name, { dims, values }]) => [
      name,
      { dims, values: values.map((value) => factor * value) },
    ]),
  );
}

function under(prefix: string, weights: Weights): Map<string, Weight> {
  return new Map([...weights].map(([name, weight]) => [prefix + name, weight]));
}

const joined = (...parts: readonly Weights[]): Map<string, Weight> =>
  new Map(parts.flatMap((part) => [...part]));

const vit = timmWeights(64);
const average = other(vit);
const one = (name: string, ...dims: number[]): Map<string, Weight> =>
  new Map([[name, zeros(...dims)]]);
const optimizer = { state: under('', average), param_groups: pickle.int(1) };

/** What these weights give on their own. */
async function wanted(weights: Weights): Promise<Float32Array> {
  return (await logitsOf(await placeCheckpoint(folder, weights, null))).logits;
}

describe('one model, whatever is around it', () => {
  const trees: readonly (readonly [string, Tree])[] = [
    ['DataParallel', { state_dict: under('module.', vit), epoch: pickle.int(3) }],
    ['a best accuracy as a tensor', { state_dict: vit, best_acc1: zeros(1) }],
    [
      'Lightning, with a loss and metrics',
      {
        state_dict: joined(
          under('model.', vit),
          one('loss_fn.weight', 5),
          one('class_weights', 5),
          one('train_acc.tp', 5),
          one('val_f1.confmat', 5, 5),
        ),
        optimizer_states: optimizer,
      },
    ],
    ['torch.compile within DataParallel', { model: under('module._orig_mod.', vit) }],
    ['an attribute of any name', { model: under('my_net.feature_extractor.', vit) }],
    [
      'FSDP and activation checkpoints',
      {
        model: new Map(
          [...vit].map(([name, weight]) => [
            `_fsdp_wrapped_module.${name.replace('.attn', '._checkpoint_wrapped_module.attn')}`,
            weight,
          ]),
        ),
      },
    ],
    [
      'blocks in chunks, as DINOv2 is trained',
      {
        model: new Map(
          [...vit].map(([name, weight]) => [name.replace('blocks.0', 'blocks.0.0'), weight]),
        ),
      },
    ],
    ['an average of weights (SWA)', joined(under('module.', vit), one('n_averaged'))],
    [
      'a state of the optimizer with the same names',
      { model: vit, adam: optimizer, optim: average },
    ],
    ['the same weights under two keys', { model: vit, best: vit }],
    ['DeepSpeed', { module: vit, ds_version: pickle.text('0.9'), optimizer: pickle.false }],
  ].map(
    ([name, tree]) =>
      [name, tree instanceof Map ? Object.fromEntries(tree) : tree] as [string, Tree],
  );

  test.each(trees)('%s', async (_, tree) => {
    const { logits, said } = await logitsOf(await save(tree));
    expect(largestDifference(logits, await wanted(vit))).toBe(0);
    expect(said).toBeUndefined();
  });
});

test.each([
  'hf_vit.safetensors',
  'hf_deit.safetensors',
  'hf_dinov2.safetensors',
  'hf_dinov2_registers.safetensors',
  'hf_clip_classifier.safetensors',
  'hf_siglip_classifier.safetensors',
  'timm_registers.safetensors',
  'timm_distilled.pth',
  'timm_siglip.safetensors',
  'dinov2_original.pth',
  'torchvision.pth',
  'torchvision_old.pth',
  'mae_probe.pth',
  'clip_probe.pth',
])('%s within a training’s wrappers, beside its loss', async (fixture) => {
  const weights = await weightsOf(fixture);
  const inTraining = joined(under('module.my_net.', weights), one('criterion.weight', 5));
  const files = [
    await placeCheckpoint(folder, weights, { num_heads: 2 }),
    await save({ state_dict: inTraining, best_acc1: zeros(1) }),
  ];
  const [plain, wrapped] = await Promise.all(
    files.map((file) =>
      buildForwardModel(file, { cacheFolder, output: 'features', stated: { heads: 2 } }),
    ),
  );
  const [height = 0, width = 0] = plain?.inputSize ?? [];
  const picture = Float32Array.from({ length: 3 * height * width }, (_, i) => Math.cos(i));
  const [a, b] = await Promise.all(
    [plain, wrapped].map((built) =>
      runModel(built?.onnxPath ?? '', picture, [1, 3, height, width]),
    ),
  );
  expect(a && b && largestDifference(a, b)).toBe(0);
});

describe('several models in one file', () => {
  const larger = joined(timmWeights(64), one('blocks.1.norm1.weight', 64));
  const cases: readonly (readonly [string, Tree, string, string])[] = [
    [
      'EMA beside plain weights',
      { state_dict: vit, state_dict_ema: average },
      'state_dict',
      'state_dict_ema',
    ],
    ['EMA before plain weights', { model_ema: average, model: vit }, 'model', 'model_ema'],
    [
      'DINO',
      {
        student: joined(under('module.backbone.', average), one('module.head.mlp.0.weight', 8, 64)),
        teacher: joined(under('backbone.', vit), one('head.last_layer.weight_v', 9, 8)),
      },
      'teacher.backbone',
      'student.module.backbone',
    ],
    [
      'a student of another model',
      { state_dict: joined(under('teacher.', larger), under('student.', vit)) },
      'state_dict.student',
      'state_dict.teacher',
    ],
    [
      'MoCo',
      {
        state_dict: joined(
          under('module.encoder_k.', average),
          under('module.encoder_q.', vit),
          one('module.queue', 9, 8),
        ),
      },
      'state_dict.module.encoder_q',
      'state_dict.module.encoder_k',
    ],
    ['the best beside the last', { model: vit, best_model: average }, 'model', 'best_model'],
  ];

  test.each(cases)(
    '%s: which is taken is said, and can be stated',
    async (_, tree, taken, left) => {
      const file = await save(tree);
      const { logits, said } = await logitsOf(file);
      expect(said).toMatchObject({ value: taken, field: 'architecture.weights' });
      expect(said?.reason).toContain(`“${left}”`);
      expect(largestDifference(logits, await wanted(vit))).toBe(0);
      const again = await logitsOf(file, { weights: taken });
      expect(again.said).toBeUndefined();
      expect(largestDifference(again.logits, logits)).toBe(0);
    },
  );

  test('the other one is used where it is stated', async () => {
    const file = await save({ model: vit, model_ema: under('module.', average) });
    const { logits } = await logitsOf(file, { weights: 'model_ema' });
    expect(largestDifference(logits, await wanted(average))).toBe(0);
    expect(largestDifference(logits, await wanted(vit))).toBeGreaterThan(1e-3);
  });

  test('weights that are stated but not there', async () => {
    const sentence = await refusal({ model: vit, model_ema: average }, { weights: 'ema' });
    expect(sentence).toContain('“model”, “model_ema”');
  });

  test('two models of one forward pass are not taken for one', async () => {
    const tree = { model: joined(under('a.', vit), under('b.', average), one('fc.weight', 5, 10)) };
    expect(await refusal(tree)).toContain('“model.a”, “model.b”');
  });
});

describe('a head beside the encoder', () => {
  const encoder = new Map([...vit].filter(([name]) => !name.startsWith('head')));
  const head = new Map([...vit].filter(([name]) => name.startsWith('head')));
  const named = (name: string) =>
    new Map([...head].map(([key, weight]) => [key.replace('head', name), weight]));
  test.each<[string, Tree]>([
    ['of any name', { model: joined(under('backbone.', encoder), named('fc')) }],
    ['behind a dropout', { model: joined(under('vit.', encoder), named('classifier.1')) }],
    [
      'in a dictionary of its own',
      {
        backbone: encoder,
        classifier: new Map([...head].map(([key, weight]) => [key.replace('head.', ''), weight])),
      },
    ],
  ])('%s is read, and said to read the class token', async (_, tree) => {
    const file = await save(tree);
    const { assumed } = await buildForwardModel(file, { cacheFolder });
    expect(assumed.map(({ value }) => value).join()).toContain('class token, read by “');
    const { logits } = await logitsOf(file);
    expect(largestDifference(logits, await wanted(vit))).toBe(0);
  });

  test('of Hugging Face’s encoder', async () => {
    const hf = await weightsOf('hf_vit.safetensors');
    const renamed = new Map(
      [...hf].map(([name, weight]) => [name.replace('classifier.', 'fc.'), weight]),
    );
    const heads = { heads: 2 };
    const files = await Promise.all(
      [hf, renamed].map((weights) => placeCheckpoint(folder, weights)),
    );
    const [a, b] = await Promise.all(files.map((file) => logitsOf(file, heads)));
    expect(a && b && largestDifference(a.logits, b.logits)).toBe(0);
  });

  test.each<[string, Weights]>([
    ['a layer on the classes', one('fc.weight', 3, 5)],
    ['a second head', one('aux.weight', 3, 64)],
    [
      'a mean and a deviation that pictures are normalised by',
      joined(one('norm.mean', 3), one('norm.std', 3)),
    ],
    ['a temperature', one('temperature', 1)],
  ])('%s is not passed over', async (_, beside) => {
    const sentence = await refusal({ model: joined(under('vit.', vit), beside) });
    expect(sentence).toContain(`“${[...beside.keys()][0] ?? ''}”`);
  });
});

describe('refused by the true reason', () => {
  const moduleOf = (state: Buffer) =>
    Buffer.concat([
      pickle.global('timm.models.vision_transformer', 'VisionTransformer'),
      pickle.emptyTuple,
      Buffer.from([0x81]),
      state,
      Buffer.from('b'),
    ]);
  const state = pickle
    .dict({ training: pickle.false, _modules: pickle.dict({}).subarray(2, -1) })
    .subarray(2, -1);

  test('a whole model as an object', async () => {
    const sentence = await refusal({ model: moduleOf(state), best: zeros(1) });
    expect(sentence).toContain('timm.models.vision_transformer.VisionTransformer');
    expect(sentence).toContain('weights_only=False)["model"].state_dict()');
  });

  test('TorchScript', async () => {
    const file = await save({ w: zeros(1) }, { 'constants.pkl': Buffer.from('x') });
    await expect(logitsOf(file)).rejects.toMatchObject({
      message: expect.stringContaining('TorchScript') as string,
      nextStep: expect.stringContaining('torch.jit.load("model-') as string,
    });
  });

  test('LoRA that is not merged', async () => {
    const lora = one('base_model.model.blocks.0.attn.qkv.lora_A.default.weight', 2, 64);
    const sentence = await refusal({ model: joined(under('base_model.model.', vit), lora) });
    expect(sentence).toContain('merge_and_unload()');
  });

  test('weights that DeepSpeed keeps elsewhere', async () => {
    const empty = new Map([...vit.keys()].map((name) => [name, zeros(0)]));
    expect(await refusal({ module: empty })).toContain('zero_to_fp32.py');
  });
});
