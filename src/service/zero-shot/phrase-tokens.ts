/** Phrases as the numbers that a text encoder reads. */
import path from 'node:path';
import { Tokenizer } from '@huggingface/tokenizers';
import { largest, readRegularText } from '../../engine/files/regular-file';
import { Failure } from '../../shared/failure';
import { parseJson } from '../../shared/parse-json';

/** How many tokens CLIP reads, start and end included. */
export const clipTokens = 77;

export interface PhraseTokens {
  /** From the start token to the end token. */
  readonly ids: readonly number[];
  /** Whether the phrase was longer than what the encoder reads. */
  readonly truncated: boolean;
}

export class PhraseTokeniser {
  private constructor(
    private readonly tokenizer: Tokenizer,
    private readonly file: string,
  ) {}

  /** @throws Failure `model-unreadable` */
  static async load(file: string): Promise<PhraseTokeniser> {
    try {
      const description = parseJson(await readRegularText(file, largest.besideModel)) as object;
      return new PhraseTokeniser(new Tokenizer({ added_tokens: [], ...description }, {}), file);
    } catch (cause) {
      throw unusable(file, cause);
    }
  }

  /**
   * @param most tokens that the encoder reads; of a longer phrase the beginning and the end token
   * stay, as Hugging Face's tokenisers do it
   * @throws Failure `model-unreadable` where the vocabulary lacks a token
   */
  tokensOf(phrase: string, most = clipTokens): PhraseTokens {
    const { ids } = this.tokenizer.encode(phrase);
    const end = ids.at(-1);
    if (end === undefined || ids.some((id) => !Number.isInteger(id)))
      throw unusable(this.file, `no tokens for “${phrase}”`);
    return ids.length <= most
      ? { ids, truncated: false }
      : { ids: [...ids.slice(0, most - 1), end], truncated: true };
  }
}

function unusable(file: string, cause: unknown): Failure {
  return new Failure(
    'model-unreadable',
    `${path.basename(file)} cannot be used to read phrases.`,
    'Take the tokenizer.json that was published with this CLIP model.',
    { cause },
  );
}
