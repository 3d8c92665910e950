/**
 * Results of earlier runs, by the hash of the picture's bytes: an append-only file a model,
 * preprocessing, method and options. What a killed run wrote stays of use: every line is checked when
 * it is read.
 */
import { createHash } from 'node:crypto';
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- to write
import { open, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { markUsed } from '../../engine/cache/mark-used';
import { reportDamage } from '../../engine/cache/report-damage';
import { seal, unseal } from '../../engine/cache/sealed-json';
import { makeFolder } from '../../engine/files/make-folder';
import { streamRegular } from '../../engine/files/regular-file';
import type { InputWindow } from '../../shared/explanation';
import type { RemarkKind } from '../../shared/picture-remark';
import type { PatchMap } from '../../shared/sample-result';

/** What a model says of a picture, whatever its label. */
export interface CachedResult {
  readonly logits: Float32Array;
  /** Of the best class. */
  readonly map: PatchMap;
  readonly window: InputWindow;
  readonly remarks: readonly RemarkKind[];
}

interface Line {
  readonly sha256: string;
  readonly window: InputWindow;
  readonly map: PatchMap;
  readonly remarks: readonly RemarkKind[];
  /** Base64 of little-endian float32. */
  readonly logits: string;
}

/** Changes when results of before must not be taken for those of now. */
const formatVersion = 5;
const lineBegins = '{"sha256":"';
const hashLength = 64;

export class ResultCache {
  private constructor(
    private readonly place: string,
    private readonly file: FileHandle,
    /** Where each picture's line begins, and its length in bytes. */
    private readonly places: Map<string, readonly [start: number, length: number]>,
    private end: number,
    /** Whether the file ends in the middle of a line. */
    private torn: boolean,
  ) {}

  /** Why the newest result could not be kept. */
  get failure(): string | undefined {
    return this.unkept;
  }

  private unkept: string | undefined;

  /**
   * @param key everything that a result depends on but the picture
   * @throws what the file system says when the folder cannot be written to
   */
  static async open(folder: string, key: unknown): Promise<ResultCache> {
    const name = createHash('sha256')
      .update(JSON.stringify([formatVersion, key]))
      .digest('hex');
    makeFolder(folder);
    const place = path.join(folder, `${name}.jsonl`);
    await markUsed(place);
    const file = await open(place, 'a+');
    try {
      const { places, end, torn } = await indexOf(place);
      return new ResultCache(place, file, places, end, torn);
    } catch (error) {
      await file.close();
      throw error;
    }
  }

  async get(sha256: string): Promise<CachedResult | undefined> {
    const found = this.places.get(sha256);
    if (found === undefined) return undefined;
    const [start, length] = found;
    const bytes = Buffer.alloc(length);
    await this.file.read(bytes, 0, length, start);
    const line = unseal(bytes.toString('utf8')) as Line | undefined;
    // Or another process has written in between; then this is no place to read either.
    if (line?.sha256 !== sha256) {
      this.places.delete(sha256);
      reportDamage(
        this.place,
        `the result of the picture ${sha256.slice(0, 12)}… in it is not as it was written`,
      );
      return undefined;
    }
    const logits = Buffer.from(line.logits, 'base64');
    return {
      logits: new Float32Array(
        logits.buffer.slice(logits.byteOffset, logits.byteOffset + logits.length),
      ),
      map: line.map,
      window: line.window,
      remarks: line.remarks,
    };
  }

  /** A disk that is full ends no run: then the result is not kept, and `failure` says why. */
  async add(sha256: string, { logits, map, window, remarks }: CachedResult): Promise<void> {
    const bytes = Buffer.from(logits.buffer, logits.byteOffset, logits.byteLength);
    const line: Line = { sha256, window, map, remarks, logits: bytes.toString('base64') };
    const text = seal(line);
    const start = this.end + Number(this.torn);
    try {
      await this.append(`${this.torn ? '\n' : ''}${text}\n`);
      this.places.set(sha256, [start, Buffer.byteLength(text)]);
      this.torn = false;
      this.unkept = undefined;
    } catch (error) {
      this.unkept = error instanceof Error ? error.message : String(error);
      this.torn = true;
      this.end = (await this.file.stat()).size;
    }
  }

  async close(): Promise<void> {
    await this.file.close();
  }

  private async append(text: string): Promise<void> {
    await this.file.appendFile(text);
    this.end += Buffer.byteLength(text);
  }
}

/** Finds where each whole line lies, without reading what is in it. */
async function indexOf(file: string) {
  const places = new Map<string, readonly [number, number]>();
  let start = 0;
  let end = 0;
  let head = '';
  for await (const chunk of await streamRegular(file, { highWaterMark: 2 ** 20 })) {
    const bytes = chunk as Buffer;
    let from = 0;
    while (from < bytes.length) {
      const found = bytes.indexOf(10, from);
      const to = found < 0 ? bytes.length : found;
      const wanted = lineBegins.length + hashLength - head.length;
      head += bytes.toString('latin1', from, Math.min(to, from + Math.max(0, wanted)));
      if (found >= 0) {
        const length = end + found - start;
        if (head.startsWith(lineBegins)) places.set(head.slice(lineBegins.length), [start, length]);
        start = end + found + 1;
        head = '';
      }
      from = to + 1;
    }
    end += bytes.length;
  }
  return { places, end, torn: start !== end };
}
