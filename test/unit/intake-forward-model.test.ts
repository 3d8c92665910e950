/** Building models from checkpoints: what is refused with which sentence, and the cache. */
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { EngineError } from '../../src/engine/engine-error';
import { buildForwardModel } from '../../src/engine/intake/build-forward-model';
import type { BuildOptions } from '../../src/engine/intake/build-forward-model';
import { ForwardGraph } from '../../src/engine/intake/forward/forward-graph';
import { forwardFiles, writeForward } from '../../src/engine/intake/forward/write-forward';
import {
  placeCheckpoint,
  timmWeights,
  weightsOf,
  zeros,
} from '../fixtures/intake/place-checkpoint';
import type { Weight, Weights } from '../fixtures/intake/place-checkpoint';
import { largestDifference, runModel } from '../fixtures/intake/run-model';

let folder: string;
let cacheFolder: string;
beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-forward-'));
  cacheFolder = path.join(folder, 'cache');
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** A checkpoint with these weights in a folder of its own. */
function place(weights: Weights, config?: unknown): Promise<string> {
  return placeCheckpoint(folder, weights, config);
}

async function refusal(file: string, options: Partial<BuildOptions> = {}): Promise<EngineError> {
  const error: unknown = await buildForwardModel(file, { cacheFolder, ...options }).then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof EngineError)) throw new Error(`Not refused: ${String(error)}`);
  expect(error.nextStep).not.toBe('');
  return error;
}

describe('refused', () => {
  test('a backbone without a head, with what to do about it', async () => {
    const error = await refusal(await place(await weightsOf('hf_mae.safetensors')));
    expect(error.code).toBe('model-not-a-vit');
    expect(error.message).toContain('without a classifier');
    expect(error.nextStep).toContain('linear probe');
  });

  test('a number of heads that nothing tells', async () => {
    const weights = await weightsOf('hf_vit.safetensors');
    const error = await refusal(await place(weights, null));
    expect(error.message).toContain('How many attention heads');
    expect(error.nextStep).toContain('num_attention_heads');
    const wrong = await refusal(await place(weights, { num_attention_heads: 3 }));
    expect(wrong.message).toContain('3 attention heads');
  });

  test('weights that the known architecture does not have', async () => {
    const weights = await weightsOf('timm_registers.safetensors');
    weights.set('blocks.0.attn.q_norm.weight', zeros(4));
    const error = await refusal(await place(weights));
    expect(error.code).toBe('model-not-a-vit');
    expect(error.message).toContain('“blocks.0.attn.q_norm.weight”');
  });

  test('a missing and a misshapen weight', async () => {
    const weights = await weightsOf('hf_vit.safetensors');
    const name = 'vit.encoder.layer.1.output.dense.weight';
    weights.set(name, zeros(8, 13));
    expect((await refusal(await place(weights))).message).toContain('[8, 13] where [8, 12]');
    weights.delete(name);
    expect((await refusal(await place(weights))).message).toContain(`“${name}” are missing`);
  });

  test.each([
    ['hf_vit.safetensors', 'vit.encoder.layer.1.output.dense.bias'],
    ['hf_vit.safetensors', 'vit.encoder.layer.0.attention.attention.key.bias'],
    ['hf_vit.safetensors', 'vit.embeddings.patch_embeddings.projection.bias'],
    ['hf_vit.safetensors', 'vit.layernorm.weight'],
    ['hf_dinov2.safetensors', 'dinov2.encoder.layer.1.layer_scale1.lambda1'],
    ['timm_registers.safetensors', 'blocks.1.attn.qkv.bias'],
    ['timm_registers.safetensors', 'blocks.0.mlp.fc2.bias'],
    ['timm_registers.safetensors', 'patch_embed.proj.bias'],
    ['timm_siglip.safetensors', 'attn_pool.kv.bias'],
    ['torchvision.pth', 'conv_proj.bias'],
    ['torchvision.pth', 'encoder.layers.encoder_layer_1.self_attention.in_proj_bias'],
  ])('%s without “%s”', async (fixture, name) => {
    const weights = await weightsOf(fixture);
    expect(weights.delete(name)).toBe(true);
    const error = await refusal(await place(weights), { output: 'features' });
    expect(error.code).toBe('model-unreadable');
    expect(error.message).toContain(`“${name}” are missing`);
  });

  test('a final norm that is missing as a whole, unless a config says that there is none', async () => {
    const weights = timmWeights(64);
    weights.delete('norm.weight');
    weights.delete('norm.bias');
    const error = await refusal(await place(weights));
    expect(error.message).toContain('“norm.weight” are missing');
    const said = await place(weights, { architecture: 'x', model_args: { final_norm: false } });
    await expect(buildForwardModel(said, { cacheFolder })).resolves.toHaveProperty('width', 5);
  });

  test('another number of blocks than the config says', async () => {
    const config = { num_attention_heads: 2, num_hidden_layers: 3 };
    const error = await refusal(await place(await weightsOf('hf_vit.safetensors'), config));
    expect(error.message).toContain('3 transformer blocks, but “model.safetensors” holds 2');
  });

  test('an activation and a pooling that are not known', async () => {
    const config = { num_attention_heads: 2, hidden_act: 'silu' };
    const vit = await place(await weightsOf('hf_vit.safetensors'), config);
    expect((await refusal(vit)).message).toContain('“silu”');
    const timm = await weightsOf('timm_registers.safetensors');
    const pooled = await place(timm, { num_heads: 2, global_pool: 'avgmax' });
    expect((await refusal(pooled)).message).toContain('“avgmax”');
  });

  test('an input size between two patches', async () => {
    const file = await place(await weightsOf('hf_vit.safetensors'));
    const error = await refusal(file, { inputSize: [18, 16] });
    expect(error.message).toContain('patches of 4 × 4 pixels');
    expect(error.nextStep).toContain('20 × 16');
  });

  test('a position embedding that makes no grid', async () => {
    const weights = await weightsOf('hf_vit.safetensors');
    weights.set('vit.embeddings.position_embeddings', zeros(1, 15, 8));
    expect((await refusal(await place(weights))).message).toContain('no square grid');
  });

  test('other models, and a config that is no JSON', async () => {
    const other = await refusal(
      await place(new Map([['layer1.0.conv1.weight', zeros(2, 3, 3, 3)]])),
    );
    expect(other.code).toBe('model-not-a-vit');
    expect(other.message).toContain('“layer1.0.conv1.weight”');
    const broken = await place(await weightsOf('hf_vit.safetensors'), '{"a": ');
    expect((await refusal(broken)).message).toContain('config.json');
  });

  test('a cache that is a file', async () => {
    const blocked = path.join(folder, 'blocked');
    await writeFile(blocked, '');
    const file = await place(await weightsOf('hf_vit.safetensors'));
    const error = await refusal(file, { cacheFolder: path.join(blocked, 'cache') });
    expect(error.code).toBe('cache-unwritable');
  });
});

test('a grid that is not square is taken from the config', async () => {
  const weights = await weightsOf('hf_vit.safetensors');
  weights.set('vit.embeddings.position_embeddings', zeros(1, 1 + 3 * 5, 8));
  const file = await place(weights, { num_attention_heads: 2, image_size: [12, 20] });
  const built = await buildForwardModel(file, { cacheFolder });
  expect(built).toMatchObject({ inputSize: [12, 20], trainedSize: [12, 20] });
});

test.each(['hf_clip_classifier.safetensors', 'hf_siglip_classifier.safetensors'])(
  '%s: newer files without “vision_model.” are the same model',
  async (file) => {
    const weights = await weightsOf(file);
    const bare = new Map([...weights].map(([name, w]) => [name.replace('vision_model.', ''), w]));
    const pixels = Float32Array.from({ length: 768 }, (_, i) => Math.cos(i));
    const logits = async (map: Map<string, Weight>) => {
      const built = await buildForwardModel(await place(map), { cacheFolder });
      return runModel(built.onnxPath, pixels, [1, 3, 16, 16]);
    };
    expect(largestDifference(await logits(bare), await logits(weights))).toBe(0);
  },
);

test('prefixes that wrappers put before every name make no difference', async () => {
  const weights = await weightsOf('hf_vit.safetensors');
  const wrapped = new Map([...weights].map(([name, value]) => [`module.model.${name}`, value]));
  const [plain, other] = await Promise.all(
    [weights, wrapped].map(async (map) => buildForwardModel(await place(map), { cacheFolder })),
  );
  const pixels = Float32Array.from({ length: 768 }, (_, i) => Math.cos(i));
  const [a, b] = await Promise.all(
    [plain, other].map((built) => runModel(built?.onnxPath ?? '', pixels, [1, 3, 16, 16])),
  );
  expect(a && b && largestDifference(a, b)).toBe(0);
});

/** The file beside a built model that says what it must be. */
function noteOf(onnxPath: string): string {
  return onnxPath.replace(/\.onnx$/, '.json');
}

describe('the cache', () => {
  test('a model is built once for the same file, config, size and output', async () => {
    const own = path.join(folder, 'own-cache');
    const file = await place(await weightsOf('hf_vit.safetensors'));
    const build = (options: Partial<BuildOptions> = {}) =>
      buildForwardModel(file, { cacheFolder: own, ...options });
    const first = await build();
    const { ino } = await stat(first.onnxPath);
    const { mtimeMs } = await stat(noteOf(first.onnxPath));
    expect((await build()).onnxPath).toBe(first.onnxPath);
    expect((await stat(first.onnxPath)).ino).toBe(ino);
    // Its use is noted: what is used least recently goes first when caches are too large.
    expect((await stat(noteOf(first.onnxPath))).mtimeMs).toBeGreaterThan(mtimeMs);
    expect((await build({ inputSize: [16, 16] })).onnxPath).toBe(first.onnxPath);
    const others = [
      await build({ inputSize: [24, 16] }),
      await build({ output: 'features' }),
      await build({ sha256: 'another file' }),
    ];
    await writeFile(
      path.join(path.dirname(file), 'config.json'),
      JSON.stringify({ num_attention_heads: 4 }),
    );
    others.push(await build());
    const paths = new Set([first, ...others].map(({ onnxPath }) => onnxPath));
    expect(paths.size).toBe(5);
    const files = [...paths].flatMap((p) => [noteOf(p), ...forwardFiles(p)]);
    expect((await readdir(own)).sort()).toEqual(files.map((p) => path.basename(p)).sort());
  });

  test('two builds at once leave one whole model', async () => {
    const own = path.join(folder, 'shared-cache');
    const file = await place(await weightsOf('hf_vit.safetensors'));
    const [a, b] = await Promise.all([
      buildForwardModel(file, { cacheFolder: own }),
      buildForwardModel(file, { cacheFolder: own }),
    ]);
    expect(a.onnxPath).toBe(b.onnxPath);
    const files = [noteOf(a.onnxPath), a.onnxPath, forwardFiles(a.onnxPath)[0]];
    expect((await readdir(own)).sort()).toEqual(files.map((p) => path.basename(p)));
    const logits = await runModel(a.onnxPath, new Float32Array(768), [1, 3, 16, 16]);
    expect(logits).toHaveLength(5);
  });

  test('a build that fails half-way leaves nothing behind', async () => {
    const own = path.join(folder, 'failed-cache');
    const graph = new ForwardGraph();
    graph.weight('good', [2], () => Promise.resolve(Float32Array.of(1, 2)));
    graph.weight('bad', [2], () => Promise.reject(new EngineError('model-unreadable', 'Cut.', '')));
    const port = { name: 'x', dims: [2] };
    const model = { graph, input: port, output: port, width: 2 };
    await expect(writeForward(model, path.join(own, 'model.onnx'))).rejects.toThrow('Cut.');
    expect(await readdir(own)).toEqual([]);
  });
});
