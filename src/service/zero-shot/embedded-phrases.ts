/** The embeddings of phrases, kept for the next time. */
import type { PhraseEmbeddings } from '../../engine/heads/zero-shot-head';
import type { ModelDescription, ZeroShot } from '../../shared/model';
import type { RoomSettings } from '../../shared/protocol/settings';
import {
  identityOfReader,
  readerFilesOf,
  type PhraseReaderFiles,
} from '../../store/phrase-reader-files';
import { changedMeanwhile } from '../models/changed-meanwhile';
import { LeastRecentlyUsed } from '../least-recently-used';
import { TextEncoder, type PhraseEmbedding } from './text-encoder';

const keptPhrases = 1000;

/** One text encoder stays open: the next phrase is usually for the same model. */
export class EmbeddedPhrases {
  private readonly known = new LeastRecentlyUsed<PhraseEmbedding>(keptPhrases, () => 1);
  private open: { readonly key: string; readonly encoder: TextEncoder } | undefined;

  /**
   * @returns the embeddings, and a sentence for the person about phrases that were cut off
   * @throws Failure `model-missing`, `model-unreadable`; EngineError `model-unreadable`
   */
  async of(
    model: ModelDescription & { readonly zeroShot: ZeroShot },
    phrases: readonly string[],
    settings: Pick<RoomSettings, 'threads' | 'cacheFolder'>,
    onStage: (phrase: string) => void,
  ): Promise<{ readonly embeddings: PhraseEmbeddings; readonly notices: readonly string[] }> {
    const files = readerFilesOf(model);
    const key = await identityOfReader(files, settings.cacheFolder);
    const rows: PhraseEmbedding[] = [];
    for (const phrase of phrases) {
      const name = `${key} ${phrase}`;
      let row = this.known.get(name);
      if (row === undefined) {
        onStage('Reading the phrases');
        row = await (await this.encoder(key, files, settings)).embed(phrase);
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
    files: PhraseReaderFiles,
    { threads, cacheFolder }: Pick<RoomSettings, 'threads' | 'cacheFolder'>,
  ): Promise<TextEncoder> {
    if (this.open?.key !== key) {
      const before = this.open;
      this.open = undefined;
      await before?.encoder.release();
      const encoder = await TextEncoder.open(files.textModel, files.tokenizer, threads);
      if ((await identityOfReader(files, cacheFolder)) !== key) {
        await encoder.release();
        throw changedMeanwhile(files.textModel);
      }
      this.open = { key, encoder };
    }
    return this.open.encoder;
  }
}
