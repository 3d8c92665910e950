/** Random access to a checkpoint on disk: only what is asked for is read. */
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { EngineError } from '../../engine-error';
import { NotRead, openRegular } from '../../files/regular-file';

/** A part of a file whose checksum is known. */
export interface CheckedPart {
  /** For messages. */
  readonly name: string;
  readonly position: number;
  readonly length: number;
  /** ISO 3309, as zip archives have it. */
  readonly crc32: number;
}

/** Bytes that are read at once to compare a part with its checksum. */
const stepOfCheck = 1 << 22;

export class ByteSource {
  /** Those that nothing was read of yet, by where they begin. */
  private readonly unchecked = new Map<number, CheckedPart>();

  private constructor(
    private readonly handle: FileHandle,
    /** Bytes in the file. */
    readonly size: number,
    /** The file's name without its folder, for messages. */
    readonly fileName: string,
  ) {}

  /** @throws EngineError `model-unreadable` if the file can't be opened. */
  static async open(filePath: string): Promise<ByteSource> {
    const fileName = path.basename(filePath);
    try {
      const handle = await openRegular(filePath);
      return new ByteSource(handle, (await handle.stat()).size, fileName);
    } catch (cause) {
      if (cause instanceof NotRead) throw notAFile(fileName);
      throw new EngineError(
        'model-unreadable',
        `“${fileName}” could not be opened: ${cause instanceof Error ? cause.message : String(cause)}.`,
        'Check that the file is there and that you may read it.',
        { cause },
      );
    }
  }

  /**
   * `length` bytes from `position` on, in a fresh buffer (its start is aligned for any typed array).
   * @throws EngineError `model-unreadable` if the file is shorter than that, or if a part that is read
   * has another checksum than expected.
   */
  async read(position: number, length: number): Promise<Uint8Array> {
    const end = position + length;
    for (const part of this.unchecked.values()) {
      if (part.position >= end || part.position + part.length <= position) continue;
      await this.check(part);
    }
    return this.readNow(position, length);
  }

  /** Has a part compared with its checksum before anything of it is given out. */
  expect(part: CheckedPart): void {
    this.unchecked.set(part.position, part);
  }

  private async check(part: CheckedPart): Promise<void> {
    const { name, position, length } = part;
    let sum = 0;
    for (let at = 0; at < length; at += stepOfCheck)
      sum = crc32(await this.readNow(position + at, Math.min(stepOfCheck, length - at)), sum);
    if (sum !== part.crc32) throw this.damaged(`the checksum of “${name}” is another one`);
    this.unchecked.delete(position);
  }

  private async readNow(position: number, length: number): Promise<Uint8Array> {
    if (position < 0 || length < 0 || position + length > this.size) {
      throw this.damaged(
        `it ends at byte ${this.size}, but its contents list bytes ${position} to ${position + length}`,
      );
    }
    const bytes = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      // Node reads at most 2 GiB at once.
      const step = Math.min(length - filled, 1 << 30);
      const { bytesRead } = await this.handle
        .read(bytes, filled, step, position + filled)
        .catch((cause: unknown) => {
          throw this.damaged(`reading it failed (${String(cause)})`);
        });
      if (bytesRead === 0) throw this.damaged('it became shorter while it was read');
      filled += bytesRead;
    }
    return bytes;
  }

  async close(): Promise<void> {
    await this.handle.close();
  }

  /** The error for a file whose contents contradict themselves. */
  damaged(reason: string): EngineError {
    return new EngineError(
      'model-unreadable',
      `“${this.fileName}” is damaged or incomplete: ${reason}.`,
      'Download or save the file again.',
    );
  }
}

function notAFile(fileName: string): EngineError {
  return new EngineError(
    'model-unreadable',
    `“${fileName}” is not a file.`,
    'Choose the checkpoint file itself: .safetensors, .pth, .pt, .ckpt or .bin.',
  );
}
