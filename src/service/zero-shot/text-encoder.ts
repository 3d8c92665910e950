/** A CLIP's text encoder: phrases in, embeddings out. */
import { InferenceSession, Tensor } from 'onnxruntime-node';
import path from 'node:path';
import { nativePath } from '../../engine/files/native-path';
import { statRegular } from '../../engine/files/regular-file';
import { notFiniteAmong } from '../../engine/not-finite';
import { Failure } from '../../shared/failure';
import { clipTokens, PhraseTokeniser } from './phrase-tokens';

export interface PhraseEmbedding {
  /** `[dim]`, not normalised. */
  readonly values: Float32Array;
  readonly truncated: boolean;
}

export class TextEncoder {
  private constructor(
    private readonly session: InferenceSession,
    private readonly tokeniser: PhraseTokeniser,
    private readonly file: string,
  ) {}

  /**
   * @param threads 0: ONNX Runtime's own choice
   * @throws Failure `model-unreadable`
   */
  static async open(textModel: string, tokenizer: string, threads: number): Promise<TextEncoder> {
    const tokeniser = await PhraseTokeniser.load(tokenizer);
    try {
      await statRegular(textModel);
      const session = await InferenceSession.create(nativePath(textModel), {
        logSeverityLevel: 3,
        ...(threads > 0 ? { intraOpNumThreads: threads } : {}),
      });
      return new TextEncoder(session, tokeniser, textModel);
    } catch (cause) {
      throw new Failure(
        'model-unreadable',
        `ONNX Runtime cannot open the text encoder ${path.basename(textModel)}.`,
        'Download or export it again.',
        { cause },
      );
    }
  }

  /** How many tokens it reads at most. */
  get most(): number {
    return this.fixedLength() ?? clipTokens;
  }

  /** @throws Failure `model-unreadable` for a model that is no CLIP text encoder */
  async embed(phrase: string): Promise<PhraseEmbedding> {
    const { ids, truncated } = this.tokeniser.tokensOf(phrase, this.most);
    // What follows the end token is not looked at: attention is causal, and the readout is that token.
    const length = this.fixedLength() ?? ids.length;
    const padded = Array.from({ length }, (_, i) => ids[i] ?? ids.at(-1) ?? 0);
    const mask = padded.map((_, i) => (i < ids.length ? 1 : 0));
    const feeds: Record<string, Tensor> = {};
    for (const input of this.session.inputMetadata) {
      if (/mask/i.test(input.name)) feeds[input.name] = integers(input, mask);
      else if (/position/i.test(input.name)) feeds[input.name] = integers(input, [...mask.keys()]);
      else if (/id|text|token/i.test(input.name)) feeds[input.name] = integers(input, padded);
    }
    try {
      const results = await this.session.run(feeds);
      const { data } = this.embeddingOf(results);
      if (data instanceof Float32Array && notFiniteAmong(data) === undefined)
        return { values: Float32Array.from(data), truncated };
    } catch (cause) {
      throw this.unusable(cause);
    }
    throw this.unusable('its embeddings are not finite float32 numbers');
  }

  async release(): Promise<void> {
    await this.session.release();
  }

  /** `text_embeds`, or the only output with one vector a phrase. */
  private embeddingOf(results: InferenceSession.OnnxValueMapType) {
    const vectors = Object.entries(results).filter(([, { dims }]) => dims.length === 2);
    const named = vectors.find(([name]) => name === 'text_embeds') ?? vectors[0];
    if (named === undefined) throw new Error('it gives no [1, features]');
    return named[1];
  }

  /** Of an export that left the number of tokens no freedom. */
  private fixedLength(): number | undefined {
    const [ids] = this.session.inputMetadata;
    const length = ids?.isTensor === true ? ids.shape[1] : undefined;
    return typeof length === 'number' && length > 0 ? length : undefined;
  }

  private unusable(cause: unknown): Failure {
    return new Failure(
      'model-unreadable',
      `${path.basename(this.file)} does not answer as a CLIP text encoder does (input_ids in, text_embeds out).`,
      'Take the text encoder that belongs to this picture encoder, exported with its projection.',
      { cause },
    );
  }
}

function integers(input: InferenceSession.ValueMetadata, values: readonly number[]): Tensor {
  const dims = [1, values.length];
  return input.isTensor && input.type === 'int32'
    ? new Tensor('int32', Int32Array.from(values), dims)
    : new Tensor('int64', BigInt64Array.from(values, BigInt), dims);
}
