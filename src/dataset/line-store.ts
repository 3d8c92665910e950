/** Lines that are written one after another and read back in any order: more than memory should hold. */
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- to write; a place of its own to read
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';

/** Bytes up to which lines of no file of their own stay in memory. */
const mostInMemory = 32 * 2 ** 20;

export class LineStore {
  /** Bytes at which each line ends; a line begins where the one before it ends. */
  private readonly ends: number[] = [];
  /** Until they become too many. */
  private held: Buffer[] | undefined;
  private folder: string | undefined;

  private constructor(
    private file: number | undefined,
    /** Bytes before the first line. */
    private readonly start: number,
  ) {
    if (file === undefined) this.held = [];
  }

  /** In memory or, when they become many, in a file that goes with the store. */
  static temporary(): LineStore {
    return new LineStore(undefined, 0);
  }

  /**
   * @param file open for reading and writing
   * @param ends bytes up to the end of what stands before the first line, and of each line that is there
   */
  static within(file: number, [start = 0, ...ends]: readonly number[]): LineStore {
    const store = new LineStore(file, start);
    for (const end of ends) store.ends.push(end);
    return store;
  }

  get length(): number {
    return this.ends.length;
  }

  /** Written at once: it stays when the process is killed. @throws what the file system says */
  append(line: string): void {
    const bytes = Buffer.from(line);
    const start = this.ends.at(-1) ?? this.start;
    if (this.held !== undefined && start + bytes.length > mostInMemory) this.moveToDisk(this.held);
    if (this.held === undefined) this.write(bytes, start);
    else this.held.push(bytes);
    this.ends.push(start + bytes.length);
  }

  /** With its end. @throws what the file system says */
  line(at: number): string {
    if (this.held !== undefined) return this.held[at]?.toString() ?? '';
    const start = this.ends[at - 1] ?? this.start;
    const bytes = Buffer.alloc((this.ends[at] ?? start) - start);
    readSync(this.file ?? -1, bytes, 0, bytes.length, start);
    return bytes.toString();
  }

  close(): void {
    if (this.file !== undefined) closeSync(this.file);
    this.file = undefined;
    if (this.folder !== undefined) rmSync(this.folder, { recursive: true, force: true });
  }

  private moveToDisk(held: readonly Buffer[]): void {
    this.folder = mkdtempSync(path.join(os.tmpdir(), 'vit-explainer-results-'));
    this.file = openSync(path.join(this.folder, 'lines.jsonl'), 'w+', 0o600);
    let position = 0;
    for (const bytes of held) {
      this.write(bytes, position);
      position += bytes.length;
    }
    this.held = undefined;
  }

  /** A disk that is getting full takes part of the bytes first, and complains of the rest. */
  private write(bytes: Buffer, position: number): void {
    for (let from = 0; from < bytes.length;)
      from += writeSync(this.file ?? -1, bytes, from, bytes.length - from, position + from);
  }
}
