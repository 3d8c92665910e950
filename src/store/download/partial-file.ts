/** The half of a download that has arrived: `FILE.partial`, and beside it how to go on. */
import { createHash, type Hash } from 'node:crypto';
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- to write
import { open, rename, rm, stat, writeFile, type FileHandle } from 'node:fs/promises';
import * as v from 'valibot';
import { streamRegular } from '../../engine/files/regular-file';
import { readJson } from '../json-file';
import type { OpenedDownload, ResumePoint } from './open-download';

const noteSchema = v.object({
  url: v.string(),
  validator: v.string(),
  totalBytes: v.exactOptional(v.number()),
});

/** One file on its way to its final name. */
export class PartialFile {
  private readonly partial: string;
  private readonly note: string;

  constructor(private readonly target: string) {
    this.partial = `${target}.partial`;
    this.note = `${target}.partial.json`;
  }

  /** Where an attempt from this URL can go on; undefined where it must start afresh. */
  async resumePoint(url: URL): Promise<ResumePoint | undefined> {
    const note = v.safeParse(noteSchema, await readJson(this.note).catch(() => undefined));
    if (!note.success || note.output.url !== url.href) return undefined;
    const offset = await this.size();
    const { validator, totalBytes } = note.output;
    return offset > 0 ? { offset, validator, totalBytes } : undefined;
  }

  /** Opens it for the bytes from `offset` on, and notes how to go on later, if at all. */
  async open(
    url: URL,
    offset: number,
    { validator, totalBytes }: Pick<OpenedDownload, 'validator' | 'totalBytes'>,
  ): Promise<FileHandle> {
    if (validator === undefined) await rm(this.note, { force: true });
    else await writeFile(this.note, JSON.stringify({ url: url.href, validator, totalBytes }));
    return await open(this.partial, offset === 0 ? 'w' : 'a');
  }

  /** The SHA-256 so far: of the first `bytes` bytes. */
  async hash(bytes: number): Promise<Hash> {
    const hash = createHash('sha256');
    if (bytes > 0) {
      for await (const chunk of await streamRegular(this.partial, { end: bytes - 1 }))
        hash.update(chunk as Buffer);
    }
    return hash;
  }

  /** Gives it its final name, at once or not at all. */
  async finish(): Promise<void> {
    await rename(this.partial, this.target);
    await rm(this.note, { force: true });
  }

  async discard(): Promise<void> {
    await rm(this.partial, { force: true });
    await rm(this.note, { force: true });
  }

  private async size(): Promise<number> {
    try {
      return (await stat(this.partial)).size;
    } catch {
      return 0;
    }
  }
}
