/**
 * Speed and memory of every method on a full-size ViT (or any model given), as multiples of a plain
 * ONNX Runtime forward run timed in turn with it. Each method runs in processes of its own: one for
 * times, one for its peak memory with one class and one with five.
 */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import type { Explainer } from '../../src/engine/explainer';
import { openExplainer } from '../../src/engine/open-explainer';
import { methods } from '../../src/engine/methods/catalogue';
import { canonicalise } from '../../src/engine/onnx/canonicalise';
import { weightBytes } from '../../src/engine/onnx/tensor-bytes';
import { findStructure } from '../../src/engine/vit/find-structure';
import { timeOriginal } from './original';
import type { OriginalTimes } from './original';
import { products } from './products';
import { maskingTimes, type MaskingTimes } from './masking-times';
import { medianSpent, spent, type Spent } from './spent';
import { vitSizes, writeVit, type VitSize } from './vit-of-size';

const [folder = '.', ...rest] = process.argv.slice(2);
const { values: options, positionals } = parseArgs({
  args: rest,
  allowPositionals: true,
  options: {
    threads: { type: 'string', default: '2' },
    rounds: { type: 'string', default: '7' },
    methods: { type: 'string' },
    size: { type: 'string', default: 'b16-224' },
    edges: { type: 'string', default: '224,224' },
    part: { type: 'string' },
    method: { type: 'string' },
    reference: { type: 'string' },
    checkout: { type: 'string' },
  },
});
const threads = Number(options.threads);
const rounds = Number(options.rounds);
const cacheFolder = path.join(folder, 'cache');
const one = [3];
const five = [3, 1, 4, 0, 2];

const model = positionals[0] ?? path.join(folder, `vit-${options.size}.onnx`);

const open = () => openExplainer(model, { threads, provider: 'cpu', cacheFolder });

function image([height = 0, width = 0]: readonly number[], shift = 0): Float32Array {
  return Float32Array.from({ length: 3 * height * width }, (_, i) => Math.sin(i / 97 + shift));
}

/** Of resident memory, in MB. */
function peakSoFar(): number {
  return process.resourceUsage().maxRSS / 1000;
}

interface Times {
  readonly plain: Spent;
  readonly classify: Spent;
  readonly one: Spent;
  readonly five: Spent;
}

/** A plain run of ONNX Runtime on the file. */
async function plainRun(inputSize: readonly number[]) {
  const session = await InferenceSession.create(model, {
    graphOptimizationLevel: 'all',
    intraOpNumThreads: threads,
  });
  const [input = ''] = session.inputNames;
  const tensor = new Tensor('float32', image(inputSize), [1, 3, ...inputSize]);
  return () => session.run({ [input]: tensor });
}

interface PlainCost {
  readonly seconds: number;
  /** Resident memory, in MB. */
  readonly peak: number;
}

async function plainCost(): Promise<PlainCost> {
  const run = await plainRun(options.edges.split(',').map(Number));
  const runs: Spent[] = [];
  for (let round = 0; round <= rounds; round++) runs.push(await spent(run));
  return { seconds: medianSpent(runs.slice(1)).wall / 1000, peak: peakSoFar() };
}

/** Times one method in turn with plain forward runs. */
async function times(id: string): Promise<Times> {
  const explainer = await open();
  const { inputSize } = explainer.structure;
  const pixels = image(inputSize);
  const plain = await plainRun(inputSize);
  const call = { method: id, options: {} };
  const forwards: Spent[] = [];
  const classified: Spent[] = [];
  const singles: Spent[] = [];
  const fives: Spent[] = [];
  for (let round = 0; round <= rounds; round++) {
    const forward = await spent(plain);
    let answer = await explainer.classify(pixels, call);
    const classify = await spent(async () => {
      answer = await explainer.classify(pixels, call);
    });
    const single = await spent(() => explainer.explain(answer, id, {}, one));
    const many = await spent(() => explainer.explain(answer, id, {}, five));
    // The first round allocates.
    if (round === 0) continue;
    forwards.push(forward);
    classified.push(classify);
    singles.push(single);
    fives.push(many);
  }
  return {
    plain: medianSpent(forwards),
    classify: medianSpent(classified),
    one: medianSpent(singles),
    five: medianSpent(fives),
  };
}

interface Costs {
  /** Resident memory, in MB. */
  readonly peak: number;
  /** From the model in the cache to the first map, and from a further picture to its map, in ms. */
  readonly first: number;
  readonly later: number;
  /** What the engine itself expects of the peak, in MB. */
  readonly expected: number;
}

/** Opening the model from the cache and explaining two pictures, or only classifying them. */
async function costs(id: string, classes: readonly number[]): Promise<Costs> {
  const call = { method: id, options: {} };
  const explained = async (explainer: Explainer, shift: number) => {
    const pixels = image(explainer.structure.inputSize, shift);
    const answer = await explainer.classify(pixels, ...(id === '' ? [] : [call]));
    if (id !== '') await explainer.explain(answer, id, {}, classes);
  };
  let opened: Explainer | undefined;
  const first = await spent(async () => {
    opened = await open();
    await explained(opened, 0);
  });
  const later = await spent(async () => opened && explained(opened, 1));
  const expected = id === '' ? 0 : (opened?.neededBytes(call, classes.length) ?? 0) / 1e6;
  return { peak: peakSoFar(), first: first.wall, later: later.wall, expected };
}

/** Peak resident memory in MB of measuring one map, by how patches are taken away. */
async function measuringPeak(): Promise<number> {
  const explainer = await open();
  const pixels = image(explainer.structure.inputSize);
  await maskingTimes(explainer, () => Promise.resolve({}), pixels, 1);
  return peakSoFar();
}

function child(part: string, method = '', edges = options.edges): string {
  const self = process.argv[1] ?? '';
  const args = [self, folder, model, '--part', part, '--method', method];
  const run = spawnSync(
    process.execPath,
    [...args, '--threads', String(threads), '--rounds', String(rounds), '--edges', edges],
    { encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (run.status !== 0) throw new Error(`the measurement “${part}” of “${method}” failed`);
  return run.stdout;
}

/** The original PyTorch code beside our times of the same method, in the same run. */
function printOriginal(original: OriginalTimes, ours: Times): void {
  const over = (a: Spent, ...list: Spent[]) => {
    const sum = (pick: (spent: Spent) => number) =>
      (pick(a) / list.reduce((total, item) => total + pick(item), 0)).toFixed(2);
    return `${sum(({ wall }) => wall)} (${sum(({ cpu }) => cpu)})`;
  };
  const { plain, one: single, five: many } = original;
  console.log(
    `\nThe original, \`transformer_attribution\`, PyTorch ${original.torch}, ${threads} threads (by processor time in brackets):\n`,
  );
  console.log('| the original | plain forward | 1 class | 5 classes |');
  console.log('| --- | --- | --- | --- |');
  console.log(
    `| in its own plain forward runs | 1 | ${over(single, plain)} | ${over(many, plain)} |`,
  );
  console.log(
    `| over ours, times | ${over(plain, ours.plain)} | ${over(single, ours.classify, ours.one)} | ${over(many, ours.classify, ours.five)} |`,
  );
}

/** The original's times where `--reference` asks for them. */
function original(wanted: readonly string[]): OriginalTimes | undefined {
  const { reference, checkout } = options;
  if (reference === undefined) return undefined;
  if (checkout === undefined)
    throw new Error('--reference needs --checkout FOLDER, a checkout of the original code.');
  if (positionals.length > 0 || !wanted.includes('transformer_attribution')) {
    throw new Error(
      '--reference times transformer_attribution on a ViT-B/16: leave the model out, and name that method where you give --methods.',
    );
  }
  return timeOriginal(reference, checkout, threads, rounds);
}

function sizeAskedFor(): VitSize {
  const sizes: Readonly<Record<string, VitSize>> = vitSizes;
  const size = sizes[options.size];
  if (!size) throw new Error(`--size is one of ${Object.keys(sizes).join(', ')}.`);
  return size;
}

async function main(): Promise<void> {
  const wanted = options.methods?.split(',') ?? methods.map(({ info }) => info.id);
  const reference = original(wanted);
  if (positionals.length === 0 && !existsSync(model)) writeVit(model, sizeAskedFor());
  rmSync(cacheFolder, { recursive: true, force: true });
  const first = await spent(async () => (await open()).release());
  const second = await spent(async () => (await open()).release());
  const { graph } = await canonicalise(model, { cacheFolder });
  const structure = findStructure(graph);
  const plain = JSON.parse(child('plain', '', structure.inputSize.join())) as PlainCost;
  const alone = JSON.parse(child('costs-one')) as Costs;
  console.log(
    `model: ${path.basename(model)}, ${structure.tokens} tokens, ${(weightBytes(graph) / 1e6).toFixed(0)} MB of weights; ${threads} threads, medians of ${rounds} rounds`,
  );
  console.log(
    `opened: ${first.wall.toFixed(0)} ms, again from the cache ${second.wall.toFixed(0)} ms`,
  );
  console.log(
    `plain ONNX Runtime forward run: ${plain.seconds.toFixed(2)} s, peak ${plain.peak.toFixed(0)} MB; opening and classifying here: peak ${alone.peak.toFixed(0)} MB\n`,
  );
  const work = products({ graph, structure });
  let ours: Times | undefined;
  console.log('In plain forward runs (by processor time in brackets):\n');
  console.log(
    '| method | plain forward, ms | logits | 1 class | floor | 5 classes | floor | further class / first | first / later picture, s | peak 1 / 5, MB | expected, MB |',
  );
  console.log('| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |');
  for (const id of wanted) {
    const measured = JSON.parse(child('times', id)) as Times;
    if (id === 'transformer_attribution') ours = measured;
    const { plain, classify, one: single, five: many } = measured;
    const ratio = (pick: (spent: Spent) => number, ...list: Spent[]) =>
      list.reduce((sum, item) => sum + pick(item), 0) / pick(plain);
    const both = (...list: Spent[]) =>
      `${ratio((s) => s.wall, ...list).toFixed(2)} (${ratio((s) => s.cpu, ...list).toFixed(2)})`;
    const floor = (k: number) => (1 + work.of(id, k) / work.forward).toFixed(2);
    const further = single.cpu / (classify.cpu + single.cpu);
    const [costsOfOne, costsOfFive] = ['costs-one', 'costs-five'].map(
      (part) => JSON.parse(child(part, id)) as Costs,
    );
    const seconds = [costsOfOne?.first, costsOfOne?.later].map((ms = NaN) =>
      (ms / 1000).toFixed(1),
    );
    const memory = [costsOfOne, costsOfFive].map((costs) => costs?.peak.toFixed(0));
    const expected = [costsOfOne, costsOfFive].map((costs) => costs?.expected.toFixed(0));
    console.log(
      `| \`${id}\` | ${plain.wall.toFixed(0)} | ${both(classify)} | ${both(classify, single)} | ${floor(1)} | ${both(classify, many)} | ${floor(5)} | ${(100 * further).toFixed(0)} % | ${seconds.join(' / ')} | ${memory.join(' / ')} | ${expected.join(' / ')} |`,
    );
  }
  if (reference && ours) printOriginal(reference, ours);
  if (options.methods === undefined) printMasking();
}

function printMasking(): void {
  const measured = JSON.parse(child('masking')) as MaskingTimes[];
  console.log('\nOne masked forward run among those of a curve, in plain forward runs:\n');
  console.log('| patches become | plain forward, ms | masked |');
  console.log('| --- | --- | --- |');
  for (const { removal, plain, step } of measured) {
    const wall = (step.wall / plain.wall).toFixed(2);
    const cpu = (step.cpu / plain.cpu).toFixed(2);
    console.log(`| ${removal} | ${plain.wall.toFixed(0)} | ${wall} (${cpu}) |`);
  }
  console.log(`\npeak memory of measuring: ${child('masking-peak').trim()} MB`);
}

async function run(): Promise<void> {
  const { method = '' } = options;
  switch (options.part) {
    case 'times':
      console.log(JSON.stringify(await times(method)));
      break;
    case 'plain':
      console.log(JSON.stringify(await plainCost()));
      break;
    case 'costs-one':
      console.log(JSON.stringify(await costs(method, one)));
      break;
    case 'costs-five':
      console.log(JSON.stringify(await costs(method, five)));
      break;
    case 'masking': {
      const explainer = await open();
      const { inputSize } = explainer.structure;
      const [pixels, plain] = [image(inputSize), await plainRun(inputSize)];
      console.log(JSON.stringify(await maskingTimes(explainer, plain, pixels, rounds)));
      break;
    }
    case 'masking-peak':
      console.log((await measuringPeak()).toFixed(0));
      break;
    default:
      await main();
  }
}

run().catch((error: unknown) => {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
});
