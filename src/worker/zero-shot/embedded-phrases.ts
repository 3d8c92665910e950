/** The embeddings of phrases, kept for the next time. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { PhraseEmbeddings } from '../../engine/heads/zero-shot-head';
import { Failure } from '../../shared/failure';
import type { ModelDescription, ZeroShot } from '../../shared/model';
import { LeastRecentlyUsed } from '../least-recently-used';
import { TextEncoder, type PhraseEmbedding } from './text-encoder';

const KEPT_PHRASES = 1000;

/** One text encoder stays open: the next phrase is usually for the same model. */
export class EmbeddedPhrases {
  private readonly known = new LeastRecentlyUsed<PhraseEmbedding>(KEPT_PHRASES, () => 1);
  private open: { readonly key: string; readonly encoder: TextEncoder } | undefined;

  /**
   * @returns the embeddings, and a sentence for the person about phrases that were cut off
   * @throws Failure `model-missing`, `model-unreadable`
   */
  async of(
    model: ModelDescription & { readonly zeroShot: ZeroShot },
    phrases: readonly string[],
    threads: number,
    onStage: (phrase: string) => void,
  ): Promise<{ readonly embeddings: PhraseEmbeddings; readonly notices: readonly string[] }> {
    const { textModel, tokenizer } = filesOf(model);
    const key = JSON.stringify([await stampOf(textModel), await stampOf(tokenizer)]);
    const rows: PhraseEmbedding[] = [];
    for (const phrase of phrases) {
      const name = `${key} ${phrase}`;
      let row = this.known.get(name);
      if (row === undefined) {
        onStage('Reading the phrases');
        row = await (await this.encoder(key, textModel, tokenizer, threads)).embed(phrase);
        this.known.set(name, row);
      }
      rows.push(row);
    }
    const dim = rows[0]?.values.length ?? 0;
    const values = new Float32Array(rows.length * dim);
    rows.forEach((row, i) => {
      values.set(row.values, i * dim);
    });
    const cut = phrases.filter((_, i) => rows[i]?.truncated);
    return {
      embeddings: { values, phrases: rows.length, dim },
      notices: cut.map(
        (phrase) =>
          `“${phrase.slice(0, 40)}…” is longer than the text encoder reads (${String(this.open?.encoder.most ?? 77)} tokens): the rest was left out.`,
      ),
    };
  }

  private async encoder(
    key: string,
    textModel: string,
    tokenizer: string,
    threads: number,
  ): Promise<TextEncoder> {
    if (this.open?.key !== key) {
      const before = this.open;
      this.open = undefined;
      await before?.encoder.release();
      this.open = { key, encoder: await TextEncoder.open(textModel, tokenizer, threads) };
    }
    return this.open.encoder;
  }
}

/** @throws Failure `model-missing` */
function filesOf({ name, path: picture, zeroShot }: ModelDescription & { zeroShot: ZeroShot }) {
  const { textModel, tokenizer } = zeroShot;
  if (textModel !== undefined && tokenizer !== undefined) {
    return { textModel, tokenizer };
  }
  const wanted = [
    ...(textModel === undefined ? ['the text encoder (text_model.onnx)'] : []),
    ...(tokenizer === undefined ? ['tokenizer.json'] : []),
  ];
  throw new Failure(
    'model-missing',
    `${name} needs ${wanted.join(' and ')} to read phrases, but ${path.dirname(picture)} has none.`,
    'Put the files of the same CLIP beside its picture encoder (tokenizer.json may lie one folder up), or name them in its .vit.json.',
  );
}

/** Changes when the file does. */
async function stampOf(file: string): Promise<readonly [string, number, number]> {
  try {
    const { mtimeMs, size } = await stat(file);
    return [file, mtimeMs, size];
  } catch (cause) {
    throw new Failure(
      'model-missing',
      `There is no file ${file}, which reads the phrases.`,
      'Put it back, or download the model again.',
      { cause },
    );
  }
}
