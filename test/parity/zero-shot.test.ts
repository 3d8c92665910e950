/** A CLIP asked in words, against PyTorch and Hugging Face's tokeniser. */
import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { methods } from '../../src/engine/methods/catalogue';
import { withPhrases } from '../../src/shared/phrases';
import type { ModelDescription } from '../../src/shared/model';
import type { ExplainParams } from '../../src/shared/protocol/explain';
import { resolveModel } from '../../src/store/resolve-model';
import { explain } from '../../src/service/explain';
import { inspect } from '../../src/service/inspect';
import { Workroom } from '../../src/service/workroom';
import { PhraseTokeniser } from '../../src/service/zero-shot/phrase-tokens';
import { clipFiles, clipPicture, clipReference } from '../fixtures/clip/reference';
import { largestDifference } from '../fixtures/run-model';

const { phrases, texts, ids, similarities, inputTimesGradient, size } = clipReference;
let folder = '';
let model: ModelDescription;
let room: Workroom;

beforeAll(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'vit-clip-'));
  model = await resolveModel(clipFiles.vision, { starterFolder: folder });
  room = new Workroom({
    threads: 1,
    provider: 'cpu',
    cacheFolder: path.join(folder, 'cache'),
    sessionBytes: 2 ** 30,
  });
});
afterAll(async () => {
  await rm(folder, { recursive: true });
});

function ask(asked: readonly string[], changes: Partial<ExplainParams> = {}) {
  return askWith(withPhrases(model, asked), changes);
}

function askWith(asked: ModelDescription, changes: Partial<ExplainParams> = {}, within = room) {
  return explain(
    {
      image: { kind: 'tensor', values: clipPicture(), shape: [1, 3, size, size], name: 'picture' },
      model: asked,
      method: 'transformer_attribution',
      options: {},
      targets: { classes: (asked.phrases ?? []).map((_, index) => index) },
      listed: 1,
      stability: false,
      ...changes,
    },
    within,
    () => undefined,
  );
}

describe('phrases as tokens', () => {
  it.each(texts.map((text, i) => [text.slice(0, 40), text, ids[i] ?? []] as const))(
    'reads “%s” as Hugging Face does',
    async (_, text, expected) => {
      const tokeniser = await PhraseTokeniser.load(clipFiles.tokenizer);
      const { ids: found, truncated } = tokeniser.tokensOf(text);
      expect(found).toEqual(expected);
      expect(truncated).toBe(text.length > 300);
    },
  );

  it('gives whole words of a vocabulary their numbers, between start and end', async () => {
    // The numbers that OpenAI's vocabulary has for these words.
    const words = { a: 320, photo: 1125, of: 539, cat: 2368 };
    const merges: [string, string][] = [
      ['c', 'a'],
      ['ca', 't</w>'],
      ['o', 'f</w>'],
      ['p', 'h'],
      ['o', 't'],
      ['ph', 'ot'],
      ['phot', 'o</w>'],
    ];
    const whole = Object.entries(words).map(([word, id]) => [`${word}</w>`, id] as const);
    const parts = [...new Set(merges.flatMap((pair) => [...pair, pair.join('')]))];
    const known = new Set<string>(whole.map(([word]) => word));
    const rest = parts.filter((part) => !known.has(part)).map((part, i) => [part, i] as const);
    const vocab = Object.fromEntries([...whole, ...rest]);
    const special = (content: string, id: number) => ({
      id,
      content,
      single_word: false,
      lstrip: false,
      rstrip: false,
      normalized: false,
      special: true,
    });
    const published = JSON.parse(
      JSON.stringify(await import('../fixtures/clip/tokenizer.json')),
    ) as { default: { model: object; post_processor: object } };
    const tokenizer = {
      ...published.default,
      added_tokens: [special('<|startoftext|>', 49406), special('<|endoftext|>', 49407)],
      post_processor: {
        ...published.default.post_processor,
        sep: ['<|endoftext|>', 49407],
        cls: ['<|startoftext|>', 49406],
      },
      model: { ...published.default.model, vocab, merges },
    };
    const file = path.join(folder, 'openai-tokenizer.json');
    await writeFile(file, JSON.stringify(tokenizer));
    const tokeniser = await PhraseTokeniser.load(file);
    expect(tokeniser.tokensOf('A photo of  a cat').ids).toEqual([
      49406, 320, 1125, 539, 320, 2368, 49407,
    ]);
  });

  it('refuses a file that is no tokeniser', async () => {
    const file = path.join(folder, 'broken-tokenizer.json');
    await writeFile(file, '{"model": {}}');
    await expect(PhraseTokeniser.load(file)).rejects.toMatchObject({ code: 'model-unreadable' });
  });
});

describe('what a CLIP says about phrases', () => {
  it('equals the similarities and probabilities of the reference', async () => {
    const { topK, scores, notices } = await ask(phrases);
    const found = scores.map(({ similarity }) => similarity ?? NaN);
    expect(largestDifference(found, similarities.slice(0, phrases.length))).toBeLessThan(1e-4);
    const exponentials = phrases.map((_, i) => Math.exp(100 * (similarities[i] ?? NaN)));
    const sum = exponentials.reduce((a, b) => a + b);
    const expected = exponentials.map((value) => value / sum);
    expect(
      largestDifference(
        scores.map(({ probability }) => probability ?? NaN),
        expected,
      ),
    ).toBeLessThan(1e-3);
    expect(topK).toHaveLength(phrases.length);
    expect(topK[0]?.label).toBe('a red collar');
    expect(notices.join()).toMatch(/logit scale/);
  });

  it('cuts a long phrase off and says so', async () => {
    const long = texts.findIndex((text) => text.length > 300);
    const { scores, notices } = await ask([texts[long] ?? '', 'a dog']);
    expect(scores[0]?.similarity).toBeCloseTo(similarities[long] ?? NaN, 4);
    expect(notices.join()).toMatch(/cat cat.*longer than the text encoder reads \(77 tokens\)/);
  });

  it('explains one phrase alone by its similarity, and says that it has no probability', async () => {
    const { scores, notices, heatmaps } = await ask(['a tabby cat'], { method: 'libra_fullgrad' });
    expect(scores[0]?.similarity).toBeCloseTo(similarities[0] ?? NaN, 4);
    expect(notices.join()).toMatch(/no probability/);
    expect(Math.max(...(heatmaps[0]?.values ?? []).map(Math.abs))).toBeGreaterThan(0);
  });

  it('uses the logit scale of the manifest', async () => {
    const own = path.join(folder, 'own');
    await mkdir(own);
    await copyFile(clipFiles.vision, path.join(own, 'eye.onnx'));
    const zeroShot = { textModel: clipFiles.text, tokenizer: clipFiles.tokenizer, logitScale: 5 };
    await writeFile(path.join(own, 'eye.vit.json'), JSON.stringify({ format: 1, zeroShot }));
    const described = await resolveModel(path.join(own, 'eye.onnx'), { starterFolder: folder });
    const { scores, notices } = await askWith(withPhrases(described, phrases));
    expect(scores[1]?.logit).toBeCloseTo(5 * (similarities[1] ?? NaN), 3);
    expect(notices.join()).not.toMatch(/logit scale/);
  });
});

describe('the evidence for phrases', () => {
  it('has the gradients of the reference, through the norm and back to the pixels', async () => {
    const { heatmaps } = await ask(phrases, { method: 'input_x_gradient' });
    for (const [k, expected] of inputTimesGradient.entries()) {
      const found = [...(heatmaps[k]?.values ?? [])].filter((_, pixel) => pixel % 37 === 0);
      const largest = Math.max(...expected.map(Math.abs));
      expect(largestDifference(found, expected)).toBeLessThan(1e-4 * largest);
    }
  });

  it('runs every method that applies, K phrases as K single runs, each phrase its own map', async () => {
    const asked = withPhrases(model, phrases);
    const {
      methods: available,
      head,
      classes,
    } = await inspect({ model: asked }, room, () => undefined);
    expect(classes).toBe(phrases.length);
    expect(head).toMatch(/L2 norm, Linear 16 → 3$/);
    const usable = available.filter(({ reason }) => reason === undefined);
    expect(usable.length).toBeGreaterThan(10);
    for (const { id } of usable) {
      // It remembers nothing of the others.
      const fresh = new Workroom(room.settings);
      const together = await ask(phrases, { method: id });
      const maps = together.heatmaps.map(({ values }) => values);
      const signal = Math.max(...maps.flatMap((map) => [...map].map(Math.abs)));
      expect(signal, id).toBeGreaterThan(0);
      for (const [index, map] of maps.entries()) {
        const alone = await askWith(asked, { method: id, targets: { classes: [index] } }, fresh);
        const single = alone.heatmaps[0]?.values ?? [];
        expect(largestDifference(map, single), id).toBeLessThan(1e-4 * signal);
      }
      const specific = methods.find(({ info }) => info.id === id)?.info.classSpecific;
      if (specific === true && maps[0] && maps[1])
        expect(largestDifference(maps[0], maps[1]), id).toBeGreaterThan(1e-3 * signal);
    }
  });
});

describe('what is missing', () => {
  it('asks for phrases', async () => {
    await expect(askWith(model)).rejects.toMatchObject({
      code: 'class-unknown',
      message: expect.stringMatching(/compares the picture with phrases/) as string,
    });
    expect(() => withPhrases(model, [' ', ''])).toThrow(/no classes of its own/);
  });

  it('names the text encoder and the tokeniser that are not there', async () => {
    const bare = path.join(folder, 'bare', 'onnx');
    await mkdir(bare, { recursive: true });
    const vision = path.join(bare, 'vision_model.onnx');
    await copyFile(clipFiles.vision, vision);
    await copyFile(
      path.join(clipFiles.folder, 'config.json'),
      path.join(bare, '..', 'config.json'),
    );
    const described = await resolveModel(vision, { starterFolder: folder });
    await expect(askWith(withPhrases(described, ['a', 'b']))).rejects.toMatchObject({
      code: 'model-missing',
      message: expect.stringMatching(/text_model\.onnx.*tokenizer\.json/) as string,
    });
  });

  it('does not take other models for a CLIP', async () => {
    const other = path.join(folder, 'other.onnx');
    await copyFile(clipFiles.vision, other);
    const described = await resolveModel(other, { starterFolder: folder });
    expect(() => withPhrases(described, ['a cat'])).toThrow(/no text encoder belongs to it/);
  });
});
