/** The command line as a person calls it: a process of its own, its streams, files and exit code. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { watch } from 'node:fs';
import {
  chmod,
  copyFile,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rm,
  writeFile,
} from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { version } from '../../package.json';
import type { Faithfulness } from '../../src/shared/faithfulness';
import { readNpy, writeNpy } from '../../src/shared/npy';
import type { ExplainResult, Inspection } from '../../src/shared/protocol/explain';
import { decodeImage } from '../../src/service/pictures/decode';
import { preprocess } from '../../src/service/pictures/preprocess';
import { splitSafetensors } from '../fixtures/intake/split-safetensors';
import { bundle } from './bundle';
import { gradientPicture, makeScene, type Scene } from './scene';

/** What `--json` writes. */
interface Figures extends Pick<
  ExplainResult,
  'method' | 'preset' | 'grid' | 'topK' | 'milliseconds' | 'change'
> {
  readonly model: { readonly id: string; readonly sha256: string };
  readonly input: string;
  readonly explanations: readonly {
    readonly index: number;
    readonly label: string;
    readonly heatmap: readonly number[];
  }[];
  readonly stability?: { readonly relativeChange: number };
  readonly faithfulness?: Faithfulness;
}

let scene: Scene;
let cli: Awaited<ReturnType<typeof bundle>>;
let photo = '';
let model = '';

beforeAll(async () => {
  [scene, cli] = await Promise.all([makeScene(), bundle('cli')]);
  photo = path.join(scene.folder, 'photo.png');
  model = scene.small.path;
  await writeFile(photo, scene.png);
  const { preprocessing } = scene.small;
  const labels = ['red panda', 'tabby, tabby cat', 'tiger cat', 'crane', 'crane'];
  const manifest = { format: 1, preprocessing, labels };
  await writeFile(path.join(scene.folder, 'small.vit.json'), JSON.stringify(manifest));
});
afterAll(async () => {
  await Promise.all([scene.remove(), cli.remove()]);
});

function run(args: readonly string[], environment: Record<string, string> = {}) {
  return new Promise<{ code: number | null; stdout: string; stderr: string }>((resolve) => {
    const child = spawn(process.execPath, [cli.file, ...args], {
      cwd: scene.folder,
      env: {
        ...process.env,
        XDG_CACHE_HOME: path.join(scene.folder, 'cache'),
        XDG_DATA_HOME: path.join(scene.folder, 'data'),
        ...environment,
      },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
    child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
    child.on('close', (code) => {
      resolve({ code, stdout, stderr });
    });
  });
}

/** Explains with the small model into a folder of its own. */
async function explain(out: string, ...args: string[]) {
  const folder = path.join(scene.folder, out);
  const result = await run(['explain', ...args, '--model', model, '--out', folder]);
  const figures = async (name: string) =>
    JSON.parse(await readFile(path.join(folder, name), 'utf8')) as Figures;
  const array = async (name: string) => readNpy(await readFile(path.join(folder, name)));
  return { ...result, folder, figures, array };
}

describe('vit-explain explain', () => {
  it('writes the figures as JSON', async () => {
    const { code, figures, stdout, stderr } = await explain(
      'json',
      photo,
      '--json',
      '--top-k',
      '3',
    );
    expect(code).toBe(0);
    const all = await figures('photo.json');
    expect(all).toMatchObject({
      model: { id: `file:${model}` },
      input: photo,
      method: 'libra_fullgrad',
      preset: 'model',
      grid: [2, 3],
    });
    expect(all.model.sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(all.topK).toHaveLength(3);
    expect(all.explanations.map(({ index }) => index)).toEqual(all.topK.map(({ index }) => index));
    expect(all.explanations[0]?.heatmap).toHaveLength(6);
    expect(all.milliseconds.total).toBeGreaterThan(0);
    expect(stdout).toContain('photo.json');
    expect(stderr).toContain('Running the model');
  });

  it('writes the same maps as NPY', async () => {
    const { code, figures, array } = await explain('npy', photo, '--json', '--npy');
    expect(code).toBe(0);
    const { shape, values } = await array('photo.libra_fullgrad.npy');
    expect(shape).toEqual([5, 2, 3]);
    const maps = (await figures('photo.json')).explanations.flatMap(({ heatmap }) => heatmap);
    expect(Array.from(values)).toEqual(maps);
  });

  it('writes maps of pixels for methods that reach them', async () => {
    const { code, array } = await explain(
      'full',
      photo,
      '--npy',
      '--method',
      'full',
      '--top-k',
      '2',
    );
    expect(code).toBe(0);
    expect((await array('photo.full.npy')).shape).toEqual([2, 8, 12]);
  });

  it('shows why one class and not another', async () => {
    const { code, figures, stdout } = await explain(
      'contrast',
      photo,
      '--json',
      '--contrast',
      '2,0',
    );
    expect(code).toBe(0);
    expect(stdout).not.toContain('rather than');
    const { explanations } = await figures('photo.json');
    expect(explanations).toHaveLength(1);
    expect(explanations[0]).toMatchObject({ index: 2, against: 0, againstLabel: 'red panda' });
    const other = await explain('contrast-other', photo, '--json', '--contrast', '0,2');
    expect((await other.figures('photo.json')).explanations[0]?.heatmap).not.toEqual(
      explanations[0]?.heatmap,
    );
    expect((await explain('contrast-drawn', photo, '--contrast', '2,0')).stdout).toContain(
      'Evidence for tiger cat rather than red panda:',
    );
  });

  it('explains a picture that is covered or fitted otherwise, and says what it was without', async () => {
    const own = await (await explain('uncovered', photo, '--json')).figures('photo.json');
    const flags = ['--cover', '1,2,5,4:blur', '--fit', 'squash'];
    const { code, figures } = await explain('covered', photo, '--json', ...flags);
    expect(code).toBe(0);
    const { change, topK } = await figures('photo.json');
    expect(change).toEqual({
      covered: [{ left: 1, top: 2, width: 5, height: 4, fill: 'blur' }],
      fit: 'squash',
    });
    for (const { index, before } of topK) {
      const was = own.topK.find((one) => one.index === index);
      expect(before?.probability).toBe(was?.probability);
    }
    const said = await explain('covered-said', photo, '--cover', '1,2,5,4');
    expect(said.stdout).toContain('What if: 5 × 4 pixels from 1, 2 covered with its mean colour.');
    expect(said.stdout).toMatch(/, was [\d.]+ %\)/);
    const beyond = await explain('covered-beyond', photo, '--cover', '1,2,5000,4');
    expect(beyond.code).toBe(3);
    expect(beyond.stderr).toMatch(/reach beyond “photo.png”/);
  });

  it('draws a contact sheet', async () => {
    const { code, folder } = await explain('png', photo, '--png', '--class', '0', '--class', '2');
    expect(code).toBe(0);
    const { data, info } = await sharp(path.join(folder, 'photo.png'))
      .raw()
      .toBuffer({ resolveWithObject: true });
    // Three tiles side by side, the second differs from the first by its map.
    expect(info.width).toBeGreaterThan(3 * 300);
    const pixel = (x: number) =>
      data.subarray((100 * info.width + x) * 3, (100 * info.width + x) * 3 + 3);
    expect(pixel(100).equals(pixel(100 + 348))).toBe(false);
  });

  it('writes legible captions with the shipped font alone', async () => {
    const fonts = path.resolve(import.meta.dirname, '../../media/fonts');
    const configuration = path.join(scene.folder, 'fonts.conf');
    await writeFile(configuration, `<fontconfig><dir>${fonts}</dir></fontconfig>`);
    const caption = async (name: string) => {
      await writeFile(path.join(scene.folder, name), scene.png);
      const args = ['explain', name, '--model', model, '--top-k', '1', '--png', '--out', 'sheets'];
      const { code } = await run(args, { FONTCONFIG_FILE: configuration });
      expect(code).toBe(0);
      const sheet = sharp(path.join(scene.folder, 'sheets', name));
      const { height } = await sheet.metadata();
      return sheet
        .extract({ left: 0, top: height - 56, width: 336, height: 40 })
        .raw()
        .toBuffer();
    };
    // Missing letters would be drawn as the same boxes.
    expect((await caption('aaaa.png')).equals(await caption('bbbb.png'))).toBe(false);
  });

  it('prints the classes and draws the best map when nothing is to be written', async () => {
    const { code, stdout, folder } = await explain('nothing', photo);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^ +\d+\.\d % {2}/m);
    expect(stdout).toMatch(/Evidence for .+:\n(?: {2}[ .:\-=+*#%@]{6}\n){2}/);
    await expect(readdir(folder)).rejects.toThrow();
  });

  it('says before the work what files leave open, and what of them is not understood', async () => {
    const beside = path.join(scene.folder, 'beside');
    await mkdir(beside, { recursive: true });
    await copyFile(model, path.join(beside, 'model.onnx'));
    const config = { image_processor_type: 'ViTImageProcessor', size: [8, 12], do_sharpen: true };
    await writeFile(path.join(beside, 'preprocessor_config.json'), JSON.stringify(config));
    const named = path.join(beside, 'model.onnx');
    const { code, stderr } = await run(['explain', photo, '--model', named]);
    expect(code).toBe(0);
    expect(stderr).toContain('preprocessing “do_sharpen” left aside, since');
    expect(stderr).toContain('resample bilinear; image_mean 0.5; image_std 0.5, since');
    const inspected = await run(['inspect', named]);
    expect(inspected.stdout).toContain(
      'pictures       squashed to 8 × 12, bilinear; 0 … 255 times 1/255; less 0.5; by 0.5\n',
    );
  });

  it('explains several pictures with several methods in one process', async () => {
    const other = path.join(scene.folder, 'other.png');
    await gradientPicture(9, 30).png().toFile(other);
    const methods = ['--method', 'attention', '--method', 'gae'];
    const { code, folder, stderr } = await explain('many', photo, other, ...methods, '--json');
    expect(code).toBe(0);
    expect((await readdir(folder)).sort()).toEqual([
      'other.attention.json',
      'other.gae.json',
      'photo.attention.json',
      'photo.gae.json',
    ]);
    expect(stderr.match(/Loading the model/g)).toHaveLength(1);
  });

  it('keeps results apart when two inputs have the same name', async () => {
    // Windows and macOS take names that differ in case alone for one.
    const capital = path.join(scene.folder, 'capital', 'Photo.png');
    await mkdir(path.dirname(capital));
    await copyFile(photo, capital);
    const { code, folder } = await explain('twins', photo, './photo.png', capital, '--json');
    expect(code).toBe(0);
    expect((await readdir(folder)).sort()).toEqual(['Photo-3.json', 'photo-2.json', 'photo.json']);
  });

  it('writes the figures of names as long as a file system takes', async () => {
    const [one, other] = ['é'.repeat(125) + '1', 'é'.repeat(125) + '2'];
    for (const name of [one, other])
      await writeFile(path.join(scene.folder, `${name}.png`), scene.png);
    const out = path.join(scene.folder, 'long');
    const { code } = await run([
      ...['explain', `${one}.png`, `${other}.png`, '--model', model, '--npy', '--out', out],
    ]);
    expect(code).toBe(0);
    expect(await readdir(out)).toHaveLength(2);
  });

  it('goes on after a picture that cannot be read, and says so by its exit code', async () => {
    const text = path.join(scene.folder, 'text.png');
    await writeFile(text, 'no picture');
    const { code, stderr, figures } = await explain('bad', text, 'absent.jpg', photo, '--json');
    expect(code).toBe(3);
    expect(stderr).toContain('“text.png” could not be read as a picture');
    expect(stderr).toContain('“absent.jpg” does not exist');
    expect((await figures('photo.json')).topK).toHaveLength(5);
  });

  it('takes a preprocessed tensor', async () => {
    const image = await decodeImage(scene.png, 'photo.png');
    const { values, shape } = preprocess(image, scene.small.preprocessing);
    await writeFile(path.join(scene.folder, 'photo.npy'), writeNpy({ shape, values }));
    const tensor = await explain('tensor', 'photo.npy', '--tensor', '--json');
    const picture = await explain('picture', photo, '--json');
    expect(tensor.code).toBe(0);
    const [ofTensor, ofPicture] = await Promise.all([
      tensor.figures('photo.json'),
      picture.figures('photo.json'),
    ]);
    expect(ofTensor.topK).toEqual(ofPicture.topK);
    expect(ofTensor.explanations).toEqual(ofPicture.explanations);
  });

  it('refuses a tensor of another shape', async () => {
    const values = new Float32Array(12);
    await writeFile(path.join(scene.folder, 'flat.npy'), writeNpy({ shape: [3, 4], values }));
    const { code, stderr } = await explain('shape', 'flat.npy', '--tensor');
    expect(code).toBe(3);
    expect(stderr).toContain('has shape [3, 4], not [1, 3, height, width]');
  });

  it('measures how faithful the first map is when asked, in words and in JSON', async () => {
    const asked = ['--faithfulness', '--removal', 'tokens', '--method', 'libra_fullgrad'];
    const { code, figures, stdout, stderr } = await explain('faithful', photo, ...asked, '--json');
    expect(code).toBe(0);
    expect(stderr).toContain('masked pictures');
    expect(stdout).toMatch(/deletion .*, insertion .*, class sensitivity .* of 2, completeness/);
    const measured = (await figures('photo.json')).faithfulness;
    expect(measured?.removal).toBe('tokens');
    expect(measured?.order.toSorted()).toEqual([0, 1, 2, 3, 4, 5]);
    expect(stdout).toContain(measured?.sentence);
  });

  it('wants --faithfulness with --removal, and a removal that there is', async () => {
    const alone = await explain('unasked', photo, '--removal', 'grey');
    expect([alone.code, alone.stderr]).toEqual([2, expect.stringContaining('--faithfulness')]);
    const unknown = await explain('unknown', photo, '--faithfulness', '--removal', 'white');
    expect([unknown.code, unknown.stderr]).toEqual([2, expect.stringContaining('grey, mean')]);
  });

  it('measures stability when asked', async () => {
    const { code, figures, stdout } = await explain('stable', photo, '--stability', '--json');
    expect(code).toBe(0);
    expect(stdout).toMatch(/table: the map changes by/);
    expect((await figures('photo.json')).stability?.relativeChange).toBeGreaterThanOrEqual(0);
  });

  it('takes answers among some classes, beside those among all', async () => {
    const all = await explain('among-all', photo, '--json');
    const some = await explain('among', photo, '--json', '--among', 'tabby, tabby cat, tiger cat');
    const figures = async (folder: string) =>
      JSON.parse(await readFile(path.join(folder, 'photo.json'), 'utf8')) as Figures;
    const { topK: ofAll } = await figures(all.folder);
    const { topK, explanations } = await figures(some.folder);
    expect(topK.map(({ index }) => index).sort()).toEqual([1, 2]);
    expect(explanations.map(({ index }) => index)).toEqual(topK.map(({ index }) => index));
    const own = topK.map(({ index }) => ofAll.find((one) => one.index === index));
    const sum = own.reduce((total, one) => total + (one?.probability ?? 0), 0);
    topK.forEach(({ share, probability }, at) => {
      expect(probability).toBe(own[at]?.probability);
      expect(share).toBeCloseTo((probability ?? 0) / sum, 9);
    });
    const told = await run(['explain', photo, '--model', model, '--among', '1,2']);
    expect(told.stdout).toMatch(/ {2}Among 2 classes:\n +[\d.]+ % .* % of all, \d, logit/);
    const wrong = await run(['explain', photo, '--model', model, '--among', 'crane, 1']);
    expect(wrong.stderr).toMatch(/“crane” fits several classes/);
    const alone = await run(['explain', photo, '--model', model, '--among', '1']);
    expect(alone.stderr).toMatch(/among two classes or more, and there is only one/);
    expect(alone).toMatchObject({ code: wrong.code, stdout: '' });
  });

  it('finds classes by name, part of a name or number', async () => {
    const classes = [
      '--class',
      'TIGER CAT',
      '--class',
      'panda',
      '--class',
      '4',
      '--class',
      'tabby',
    ];
    const { code, figures } = await explain('names', photo, ...classes, '--json');
    expect(code).toBe(0);
    const { explanations } = await figures('photo.json');
    expect(explanations.map(({ index }) => index)).toEqual([2, 0, 4, 1]);
  });

  it.each([
    ['cat', /fits several classes: 1 tabby, tabby cat; 2 tiger cat/],
    ['crane', /fits several classes: 3 crane; 4 crane/],
    ['submarine', /no class named “submarine”/],
    ['77', /no class 77: the model has 5/],
  ])('refuses the class “%s”', async (name, words) => {
    const { code, stderr } = await explain('class', photo, '--class', name);
    expect(code).toBe(4);
    expect(stderr).toMatch(words);
  });

  it('explains a checkpoint, cache or no cache', async () => {
    const checkpoint = path.join(scene.folder, 'hf_vit.safetensors');
    const fixture = path.resolve(import.meta.dirname, '../fixtures/intake/hf_vit.safetensors');
    await copyFile(fixture, checkpoint);
    const config = JSON.stringify({ model_type: 'vit', num_attention_heads: 2 });
    await writeFile(path.join(scene.folder, 'config.json'), config);
    const preprocessing = { ...scene.small.preprocessing, crop: [16, 16] };
    await writeFile(
      path.join(scene.folder, 'hf_vit.vit.json'),
      JSON.stringify({ format: 1, preprocessing }),
    );
    const out = path.join(scene.folder, 'checkpoint');
    const args = ['explain', photo, '--model', checkpoint, '--json', '--out', out];
    const figures = async () =>
      JSON.parse(await readFile(path.join(out, 'photo.json'), 'utf8')) as Figures;

    expect(await run(args)).toMatchObject({ code: 0 });
    const kept = await figures();
    // The number of heads is as much of the model as its weights are.
    const hashOf = (data: string | Uint8Array) => createHash('sha256').update(data).digest('hex');
    const parts = [hashOf(await readFile(checkpoint)), hashOf(config)];
    const sha256 = hashOf(JSON.stringify(parts));
    expect(kept.model).toEqual({ id: `file:${checkpoint}`, sha256 });
    expect(kept.topK).toHaveLength(5);

    const { code, stderr } = await run(args, { XDG_CACHE_HOME: photo });
    expect(code).toBe(0);
    expect(stderr).toContain('The checkpoint will be read anew each time.');
    expect((await figures()).explanations).toEqual(kept.explanations);
  });

  it('works with a cache folder that cannot be written, and says so', async () => {
    const blocked = path.join(scene.folder, 'a-file');
    await writeFile(blocked, '');
    const { code, stdout, stderr } = await run(['explain', photo, '--model', model], {
      XDG_CACHE_HOME: blocked,
    });
    expect(code).toBe(0);
    expect(stdout).toContain('Evidence for');
    expect(stderr).toMatch(/could not be kept in .*a-file/);
  });

  it('leaves nothing of ONNX Runtime’s telemetry behind', async () => {
    const home = path.join(scene.folder, 'untouched');
    await run(['explain', photo, '--model', model], { XDG_CACHE_HOME: home });
    expect(await readdir(home)).toEqual(['vit-explainer']);
  });

  it('ends with code 5 when results cannot be written', async () => {
    const { code, stderr } = await run([
      'explain',
      photo,
      '--model',
      model,
      '--json',
      '--out',
      photo,
    ]);
    expect(code).toBe(5);
    expect(stderr).toContain('could not be written');
  });
});

describe('wrong usage', () => {
  it.each([
    [[], 2, /vit-explain COMMAND --help/],
    [['guess'], 2, /no command “guess”/],
    [['explain'], 2, /at least one picture/],
    [['explain', 'x.png', '--colour'], 2, /Unknown option '--colour'/],
    [['explain', 'x.png', '--top-k', 'many'], 2, /--top-k takes a whole number from 1, not “many”/],
    [['explain', 'x.png', '--contrast', '1'], 2, /two classes divided by a comma/],
    [['explain', 'x.png', '--pixels'], 2, /--pixels says how --png draws/],
    [['explain', 'x.png', '--json', '--evidence', 'for'], 2, /--evidence says how --png draws/],
    [['explain', 'x.png', '--class', '1', '--contrast', '1,2'], 2, /cannot be asked for together/],
    [
      ['explain', 'x.png', '--method', 'magic'],
      2,
      /--method takes best, transformer_attribution, /,
    ],
    [['explain', 'x.png', '--preset', 'mine'], 2, /--preset takes model, base, chefer/],
    [
      ['explain', 'x.png', '--model', '/nowhere/model.onnx'],
      4,
      /no model at \/nowhere\/model.onnx/,
    ],
    [['inspect'], 2, /the one model to inspect/],
  ] as const)('%j ends with code %i', async (args, expected, words) => {
    const { code, stdout, stderr } = await run(args);
    expect(code).toBe(expected);
    expect(stdout + stderr).toMatch(words);
    expect(stderr).not.toMatch(/\n\s+at /);
  });
});

describe('a checkpoint in parts', () => {
  const fixture = path.resolve(import.meta.dirname, '../fixtures/intake/hf_vit.safetensors');
  const at = (name: string) => path.join(scene.folder, 'in-parts', name);

  /** The figures of one picture, without what differs from run to run. */
  async function figuresWith(named: string): Promise<Omit<Figures, 'milliseconds' | 'model'>> {
    const result = await run(['explain', photo, '--model', named, '--json', '--out', at('out')]);
    expect(result.stderr).not.toContain('vit-explain:');
    const figures = JSON.parse(await readFile(at('out/photo.json'), 'utf8')) as Figures;
    const { input, method, preset, grid, topK, explanations } = figures;
    return { input, method, preset, grid, topK, explanations };
  }

  it('is explained like the whole, whichever way it is named', async () => {
    await mkdir(at('whole'), { recursive: true });
    await copyFile(fixture, at('whole/model.safetensors'));
    const index = await splitSafetensors(fixture, at(''), 3);
    const { preprocessing } = scene.small;
    const manifest = { format: 1, preprocessing: { ...preprocessing, crop: [16, 16] } };
    for (const folder of ['', 'whole/']) {
      await writeFile(at(`${folder}model.vit.json`), JSON.stringify(manifest));
      await writeFile(at(`${folder}config.json`), '{"num_attention_heads": 2}');
    }
    const whole = await figuresWith(at('whole/model.safetensors'));
    expect(await figuresWith(index)).toEqual(whole);
    expect(await figuresWith(at(''))).toEqual(whole);
    expect(await figuresWith(at('model-00002-of-00003.safetensors'))).toEqual(whole);
  });

  it('is refused without one of its parts, by name', async () => {
    await rm(at('model-00002-of-00003.safetensors'));
    const { code, stderr } = await run(['explain', photo, '--model', at('')]);
    expect(code).toBe(4);
    expect(stderr).toMatch(/there is no .*model-00002-of-00003\.safetensors\.\n {2}Put it beside/);
  });
});

describe('the other commands', () => {
  it('tells its version and its help on stdout', async () => {
    expect(await run(['--version'])).toEqual({ code: 0, stdout: `${version}\n`, stderr: '' });
    const help = await run(['explain', '--help']);
    expect(help.code).toBe(0);
    for (const flag of ['--model', '--class', '--tensor', '--stability', 'Exit codes'])
      expect(help.stdout).toContain(flag);
  });

  it('says in a sentence why it cannot run where the native libraries are missing', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'no-libraries-'));
    try {
      const alone = path.join(folder, 'cli.js');
      await copyFile(cli.file, alone);
      const { status, stdout, stderr } = spawnSync(process.execPath, [alone, 'models'], {
        encoding: 'utf8',
      });
      expect([status, stdout]).toEqual([1, '']);
      const [what, remedy, why] = stderr.split('\n');
      expect(what).toMatch(/^vit-explain: ViT Explainer cannot run here: .* are missing/);
      expect(remedy).toMatch(/^ {2}Run npm ci on this machine/);
      expect(why).toMatch(/^Error: Cannot find module '(sharp|onnxruntime-node)'/);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('lists the models', async () => {
    const { code, stdout } = await run(['models']);
    expect(code).toBe(0);
    expect(stdout).toMatch(/^starter /m);
  });

  it('shows what is found in a model', async () => {
    const text = await run(['inspect', model]);
    expect(text.code).toBe(0);
    expect(text.stdout).toMatch(/blocks +2 of dimension 16 with 2 heads/);
    const { code, stdout } = await run(['inspect', model, '--json']);
    expect(code).toBe(0);
    const found = JSON.parse(stdout) as Inspection;
    expect(found).toMatchObject({
      input: { height: 8, width: 12 },
      grid: [2, 3],
      tokens: 7,
      prefixTokens: 1,
      readout: 'CLS token',
    });
    expect(
      found.methods.find(({ id }) => id === 'transformer_attribution')?.reason,
    ).toBeUndefined();
  });
});

describe('texts of others', () => {
  // Sets the window's title, clears the screen, begins a line of its own, turns the writing round.
  const evil = '\x1b]0;owned\x07\x1b[2J\nvit-explain: all is well\x9b31m\u202e';
  const shown = '\\x1b]0;owned\\x07\\x1b[2J\\x0avit-explain: all is well\\x9b31m\\u202e';

  it.runIf(process.platform !== 'win32')('reach the terminal made harmless', async () => {
    const absent = await run(['explain', `${evil}.png`, '--model', model]);
    expect(absent.stderr).toContain(shown);
    const picture = path.join(scene.folder, `${evil}.png`);
    await writeFile(picture, scene.png);
    const evilModel = path.join(scene.folder, 'evil.onnx');
    await copyFile(model, evilModel);
    const { preprocessing } = scene.small;
    const labels = Array.from({ length: 5 }, (_, i) => `${evil}${i}`);
    const manifest = JSON.stringify({ format: 1, preprocessing, labels });
    await writeFile(path.join(scene.folder, 'evil.vit.json'), manifest);
    const { code, stdout, stderr } = await run(['explain', picture, '--model', evilModel]);
    expect(code).toBe(0);
    expect(stdout.split(shown).length).toBeGreaterThan(5);
    for (const text of [absent.stderr, stdout, stderr])
      expect(text).not.toMatch(/[^\P{Cc}\n]|\u202e|^vit-explain: all/mu);
  });
});

describe('pipes and devices', () => {
  it.runIf(process.platform !== 'win32')('are refused by a sentence', async () => {
    const pipe = path.join(scene.folder, 'pipe.onnx');
    execFileSync('mkfifo', [pipe]);
    const asModel = await run(['explain', photo, '--model', pipe]);
    expect(asModel.code).toBe(4);
    expect(asModel.stderr).toContain('it is a pipe and not a file');
    const asPicture = await run(['explain', '/dev/zero', '--model', model]);
    expect(asPicture.code).toBe(3);
    expect(asPicture.stderr).toContain('it is a device and not a file');
  });
});

describe.runIf(process.platform === 'linux')('a disk that takes nothing', () => {
  const args = () => ['explain', photo, '--model', model];

  it.each([
    ['below /proc', '/proc/nobody'],
    ['of a file', '/dev/null'],
  ])('a home %s does not end the work', { timeout: 60_000 }, async (_, home) => {
    const environment = { HOME: home, XDG_CACHE_HOME: '', XDG_DATA_HOME: '' };
    const { code, stderr } = await run(args(), environment);
    expect(code, stderr).toBe(0);
    expect(stderr).toContain('could not be kept');
  });

  it('an empty home is not taken for the current folder', async () => {
    const { code, stdout } = await run(['cache'], { HOME: '', XDG_CACHE_HOME: '' });
    expect(code).toBe(0);
    expect(path.isAbsolute(stdout.trim().split('\n').at(-1) ?? '')).toBe(true);
  });

  it('a cache that is a file does not end the work', async () => {
    const { code, stderr } = await run(args(), { XDG_CACHE_HOME: photo });
    expect(code).toBe(0);
    expect(stderr).toContain('could not be kept');
  });

  it.runIf(process.getuid?.() === 0)('a user whom the system does not know', async () => {
    await chmod(scene.folder, 0o755);
    const env = { PATH: process.env.PATH, TMPDIR: os.tmpdir() };
    const child = spawn(process.execPath, [cli.file, ...args()], { env, uid: 54_321, gid: 54_321 });
    let told = '';
    child.stderr.on('data', (text: Buffer) => (told += text.toString()));
    expect(await once(child, 'close')).toEqual([0, null]);
    expect(told).toContain('could not be kept');
  });

  it('full folders are said to be full, and leave nothing half-written', async ({ skip }) => {
    const full = path.join(scene.folder, 'full-disk');
    await mkdir(full);
    const mounted = spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', full]);
    skip(mounted.status !== 0, 'a small disk can be mounted by root alone');
    try {
      await writeFile(path.join(full, 'fill'), Buffer.alloc(60_000));
      const cache = path.join(scene.folder, 'another-cache');
      const environment = { TMPDIR: full, XDG_CACHE_HOME: cache };
      const temporary = await run(args(), environment);
      expect(temporary.code).toBe(5);
      expect(temporary.stderr).toContain(`${full}, is full`);
      expect(await readdir(full)).toEqual(['fill']);
      const results = await run([...args(), '--json', '--png', '--npy', '--out', full]);
      expect(results.code).toBe(5);
      expect(results.stderr).toContain('ENOSPC');
      // What was small enough is there, and whole.
      const names = await readdir(full);
      for (const name of names) expect(name).not.toMatch(/\.(tmp|png)$/);
      if (names.includes('photo.json'))
        JSON.parse(await readFile(path.join(full, 'photo.json'), 'utf8'));
    } finally {
      execFileSync('umount', [full]);
    }
  });

  it('what a process leaves that is killed while it prepares a model is removed', async () => {
    const folder = path.join(scene.folder, 'tmp');
    await mkdir(folder);
    const left = async () => (await readdir(folder)).length;
    for (let attempt = 0; attempt < 20 && (await left()) === 0; attempt++)
      await killWhenItWritesInto(folder, path.join(scene.folder, `cache-of-${attempt}`));
    expect(await left()).toBe(1);
    const cache = path.join(scene.folder, 'third-cache');
    expect(await run(args(), { TMPDIR: folder, XDG_CACHE_HOME: cache })).toMatchObject({ code: 0 });
    expect(await left()).toBe(0);
  });

  async function killWhenItWritesInto(folder: string, cache: string): Promise<void> {
    const env = { ...process.env, TMPDIR: folder, XDG_CACHE_HOME: cache };
    const child = spawn(process.execPath, [cli.file, ...args()], { env, stdio: 'ignore' });
    const watcher = watch(folder, () => child.kill('SIGKILL'));
    await once(child, 'exit');
    watcher.close();
  }
});
