/** Situations from public reports that came out wrong once, each with the right values. */
import sharp from 'sharp';
import { lastLine, type Figures, type Outcome, type Tools } from './tools';

export interface Situation {
  readonly title: string;
  /** The file or folder that it is about; where it is absent, the situation is left out. */
  readonly needs: string;
  readonly outcome: (tools: Tools) => Promise<Outcome>;
}

/** `expected.json` gives four decimals, and a picture passes through 8-bit resizing. */
const tolerance = 2e-3;
/** Of shares of a map: a picture of half the size is resized to another one than the full one. */
const shareTolerance = 0.02;

/** A model's answer to one input, class by class. */
function answer(name: string, model: string, input: string): Situation {
  return {
    title: `${name}: ${input}`,
    needs: model,
    outcome: async (tools) => {
      const { logits, probabilities = [] } = tools.expected(name);
      const { topK } = await tools.explain(input, model);
      const given = [...topK].sort((a, b) => a.index - b.index);
      return probabilities.length > 0
        ? alike(
            given.map(({ probability }) => probability ?? NaN),
            probabilities,
          )
        : alike(
            given.map(({ logit }) => logit ?? NaN),
            logits ?? [],
          );
    },
  };
}

function alike(got: readonly number[], expected: readonly number[]): Outcome {
  const right =
    got.length === expected.length &&
    got.every((value, at) => Math.abs(value - (expected[at] ?? NaN)) <= tolerance * 5);
  return { got: figures(got), expected: figures(expected), right };
}

function figures(values: readonly number[]): string {
  return values.map((value) => value.toFixed(3)).join(' ');
}

/** An answer, or a sentence where that is right too. */
function refusal(
  title: string,
  needs: string,
  args: readonly string[],
  says: RegExp,
  withinSeconds = 60,
): Situation {
  return {
    title,
    needs,
    outcome: async (tools) => {
      const { code, stderr, seconds } = await tools.run(args);
      const right = code !== 0 && code !== null && says.test(stderr) && seconds <= withinSeconds;
      const got = `exit ${String(code)} after ${seconds.toFixed(0)} s: ${lastLine(stderr)}`;
      return { got, expected: `an error that says ${String(says)}`, right };
    },
  };
}

/** Two files of one function give one map. */
function sameMap(a: string, b: string, method: string): Situation {
  return {
    title: `${a} beside ${b}: ${method}`,
    needs: a,
    outcome: async (tools) => {
      const one = await tools.explain('x48.npy', `${a}/model.onnx`, { method });
      const other = await tools.explain('x48.npy', `${b}/model.onnx`, { method });
      const difference = relativeDifference(one, other);
      const got = `maps differ by ${(100 * difference).toFixed(3)} %`;
      return { got, expected: 'the same map', right: difference < 1e-3 };
    },
  };
}

function relativeDifference(one: Figures, other: Figures): number {
  const [mine, theirs] = [one, other].map(({ explanations }) => explanations[0]?.heatmap ?? [NaN]);
  let apart = 0;
  let size = 0;
  for (const [at, value] of (mine ?? []).entries()) {
    apart = Math.max(apart, Math.abs(value - (theirs?.[at] ?? NaN)));
    size = Math.max(size, Math.abs(value));
  }
  return apart / size;
}

/** What ONNX Runtime says of the file as it is, without any optimisation; or a refusal. */
function plainAnswer(model: string, figure: 'logit' | 'probability' = 'logit'): Situation {
  return {
    title: `${model}: as the file computes it`,
    needs: model,
    outcome: async (tools) => {
      const plain = await tools.plainOutputs(model, 'x48.npy');
      try {
        const { topK } = await tools.explain('x48.npy', model);
        const got = topK.map(({ index, [figure]: value = NaN }) => ({ index, value }));
        const apart = Math.max(
          ...got.map(({ index, value }) => Math.abs(value - (plain[index] ?? NaN))),
        );
        return {
          got: figures(got.map(({ value }) => value)),
          expected: figures(got.map(({ index }) => plain[index] ?? NaN)),
          right: apart < tolerance,
        };
      } catch (error) {
        const got = error instanceof Error ? error.message : String(error);
        return {
          got,
          expected: 'its answer, or a refusal',
          right: /comput|agree|differ/i.test(got),
        };
      }
    },
  };
}

/** A map of some method where there was an error before. */
function maps(name: string, method: string, input = 'x48.npy'): Situation {
  return {
    title: `${name}: ${method} of ${input}`,
    needs: name,
    outcome: async (tools) => {
      const { explanations } = await tools.explain(input, onnx(name), { method });
      const heatmap = explanations[0]?.heatmap ?? [];
      const right = heatmap.length > 0 && heatmap.every((value) => Number.isFinite(value));
      return { got: `${String(heatmap.length)} values`, expected: 'a map', right };
    },
  };
}

/** A column of `batch --csv`, picture by picture. */
function column(
  title: string,
  needs: string,
  args: readonly string[],
  name: string,
  expected: Readonly<Record<string, string | number>>,
): Situation {
  return {
    title,
    needs,
    outcome: async (tools) => {
      const rows = await tools.batch(args);
      const pairs = Object.entries(expected).map(([picture, value]) => {
        const got = rows.get(picture)?.[name] ?? 'absent';
        const right =
          typeof value === 'number'
            ? Math.abs(Number(got) - value) < shareTolerance
            : got === value;
        return { got: typeof value === 'number' ? Number(got).toFixed(3) : got || '–', right };
      });
      return {
        got: `${name} ${pairs.map(({ got }) => got).join(', ')}`,
        expected: Object.values(expected)
          .map((value) => value || '–')
          .join(', '),
        right: pairs.every(({ right }) => right),
      };
    },
  };
}

/** A picture is answered as another file of the same picture is. */
function asPicture(picture: string, reference: string): Situation {
  return {
    title: `${picture} as ${reference}`,
    needs: picture,
    outcome: async (tools) => {
      // The starter sees both through the same preprocessing.
      const [one, other] = [
        await tools.explain(picture, 'starter'),
        await tools.explain(reference, 'starter'),
      ];
      const difference = Math.max(
        ...one.topK.map(({ index, logit = NaN }) =>
          Math.abs(logit - (other.topK.find((score) => score.index === index)?.logit ?? 0)),
        ),
      );
      const { mean } = (await sharp(`${tools.folder}/${reference}`).stats()).channels[0] ?? {};
      const got = `logits differ by ${difference.toFixed(3)}`;
      return {
        got,
        expected: `the same logits (mean ${(mean ?? 0).toFixed(0)} of 255)`,
        right: difference < 0.1,
      };
    },
  };
}

/** A notice that says so, or an assumption. */
function says(title: string, needs: string, args: readonly string[], words: RegExp): Situation {
  return {
    title,
    needs,
    outcome: async (tools) => {
      const { stdout, stderr } = await tools.run(args);
      const line = `${stdout}\n${stderr}`.split('\n').find((text) => words.test(text));
      return {
        got: line?.trim() ?? 'nothing of it',
        expected: String(words),
        right: line !== undefined,
      };
    },
  };
}

/** The same graph with other weights beside it, one after the other with one cache. */
const otherWeights: Situation = {
  title: '20_same_graph_two_weights: B after A',
  needs: '20_same_graph_two_weights',
  outcome: async (tools) => {
    const answers: string[] = [];
    for (const one of ['A', 'B']) {
      const model = `20_same_graph_two_weights/${one}/model.onnx`;
      const rows = await tools.batch(['pic.png', '--model', model]);
      answers.push(rows.get('pic.png')?.probability ?? 'none');
    }
    const [first = '', second = ''] = answers;
    return { got: answers.join(', '), expected: 'two different answers', right: first !== second };
  },
};

const onnx = (name: string) => `${name}/model.onnx`;
const batch = (source: string, model: string, ...more: string[]) => [
  ...[source, '--model', model, '--method', 'attention'],
  ...more,
];

export const situations: readonly Situation[] = [
  ...['01_deit_squash_crop', '02_fast_processor_nulls', '03_multilabel', '04_single_logit'].map(
    (name) => answer(name, onnx(name), 'pic.png'),
  ),
  answer('06_normalised_inside', onnx('06_normalised_inside'), 'pic.png'),
  answer('07_fixed_batch', '07_fixed_batch/batch4.onnx', 'x48.npy'),
  says(
    '08_heads_12_of_192: the number of heads is an assumption',
    '08_heads_12_of_192',
    ['inspect', '08_heads_12_of_192/model.pth'],
    /attention heads.*(3|12).*since/,
  ),
  answer(
    '09_rect_grid_square_count/model.pth',
    '09_rect_grid_square_count/model.pth',
    'x96x24.npy',
  ),
  ...['best_acc1_tensor.pth', 'lightning_loss_buffer.pth'].map((file) =>
    answer(`11_checkpoint_forms/${file}`, `11_checkpoint_forms/${file}`, 'x48.npy'),
  ),
  refusal(
    '11_checkpoint_forms/torchscript.pt: the true reason',
    '11_checkpoint_forms/torchscript.pt',
    ['explain', 'x16.npy', '--tensor', '--model', '11_checkpoint_forms/torchscript.pt'],
    /TorchScript/,
  ),
  column(
    '12_labels/numbers_and_3: names before numbers',
    '12_labels/numbers_and_3',
    batch('12_labels/numbers_and_3', '12_labels/imagefolder_named/model.onnx'),
    'truth',
    { '0/a.png': '0', '1/a.png': '1', '2/a.png': '4', '3/a.png': '' },
  ),
  says(
    '12_labels/numbers: how numbers are read is said',
    '12_labels/numbers',
    ['batch', ...batch('12_labels/numbers', '12_labels/imagefolder_unnamed/model.onnx')],
    /(folder|label).*(number|text|order|index)/i,
  ),
  column(
    '12_labels/columns: names before numbers',
    '12_labels/columns',
    batch('12_labels/columns/names.csv', '12_labels/animals/model.onnx'),
    'label',
    { '0.png': 'dog', '1.png': 'dog', '2.png': 'bee' },
  ),
  ...['stored', 'upright'].map((frame) =>
    column(
      `13_boxes/exif_${frame}.json`,
      `13_boxes/exif_${frame}.json`,
      batch(
        '13_boxes/exif',
        '12_labels/animals/model.onnx',
        '--annotations',
        `13_boxes/exif_${frame}.json`,
      ),
      'outside',
      { 'r.jpg': 0.518 },
    ),
  ),
  column(
    '13_boxes/resized',
    '13_boxes/resized',
    batch(
      '13_boxes/resized',
      '12_labels/animals/model.onnx',
      '--annotations',
      '13_boxes/resized.json',
    ),
    'outside',
    { 'full.png': 0.896, 'half.png': 0.896 },
  ),
  asPicture('14_pictures/grey_float01.tif', '14_pictures/ref_grey.png'),
  asPicture('14_pictures/rgb_nir_unspecified.tif', '14_pictures/ref_rgb.png'),
  asPicture('14_pictures/cutout_rgba.png', '14_pictures/ref_rgb.png'),
  otherWeights,
  {
    title: '301_topk: a refusal, or classes in their order',
    needs: '301_topk',
    outcome: async (tools) => {
      const { probabilities = [] } = tools.expected('301_topk');
      try {
        const { topK } = await tools.explain('pic.png', '301_topk/model.onnx');
        const given = [...topK].sort((a, b) => a.index - b.index);
        return alike(
          given.map(({ probability }) => probability ?? NaN),
          probabilities,
        );
      } catch (error) {
        const got = error instanceof Error ? error.message : String(error);
        return { got, expected: 'a refusal that names TopK', right: got.includes('TopK') };
      }
    },
  },
  plainAnswer(onnx('302_deit_late_fusion'), 'probability'),
  plainAnswer(onnx('304_1mp_p'), 'probability'),
  ...['libra_fullgrad', 'full', 'transformer_attribution'].map((method) =>
    sameMap('307_mha_bias', '307_mha_bias_outside', method),
  ),
  plainAnswer(onnx('307_mha_bias')),
  plainAnswer(onnx('308_top1_moe')),
  plainAnswer(onnx('310_open_size_baked')),
  says(
    '310_open_size_baked: the size that is used is said',
    '310_open_size_baked',
    ['inspect', '310_open_size_baked/model.onnx'],
    /input +3 × 48 × 48/,
  ),
  maps('310_open_size_baked', 'attention', 'pic.png'),
  plainAnswer(onnx('311_pruned_heads')),
  maps('311_pruned_heads', 'gradcam_attention'),
  plainAnswer(onnx('313_hf_vector_norm')),
  maps('313_hf_vector_norm', 'attnlrp'),
  maps('313_hf_vector_norm', 'libra_fullgrad'),
  ...['315_lora_merged', '315_lora_unmerged'].map((name) => plainAnswer(onnx(name))),
  sameMap('315_lora_unmerged', '315_lora_merged', 'libra_fullgrad'),
  says(
    '315_lora_unmerged: relevance depends on how a sum is written',
    '315_lora_unmerged',
    ['explain', 'x48.npy', '--tensor', '--model', '315_lora_unmerged/model.onnx'],
    /LoRA|sum/,
  ),
  ...['nan_weight', 'infinite_weight'].map((name) =>
    refusal(
      `21_numbers/${name}.onnx`,
      `21_numbers/${name}.onnx`,
      ['explain', 'x48.npy', '--tensor', '--model', `21_numbers/${name}.onnx`],
      /not finite|not a number|infinit|NaN/i,
    ),
  ),
  plainAnswer('21_numbers/changed_constant.onnx'),
  plainAnswer('21_numbers/ir_version_3.onnx'),
  refusal(
    '22_hostile/zip_one_bit/a.pt: damaged weights',
    '22_hostile/zip_one_bit/a.pt',
    ['explain', 'pic.png', '--model', '22_hostile/zip_one_bit/a.pt'],
    /damaged|checksum|CRC/i,
  ),
  refusal(
    '22_hostile/self_containing_dict.pth',
    '22_hostile/self_containing_dict.pth',
    ['inspect', '22_hostile/self_containing_dict.pth'],
    /itself|holds no weights|cannot be read/i,
    20,
  ),
  refusal(
    '22_hostile/blur_bomb.svg',
    '22_hostile/blur_bomb.svg',
    ['explain', '22_hostile/blur_bomb.svg', '--method', 'attention'],
    /“?blur_bomb\.svg”?/,
    20,
  ),
];
