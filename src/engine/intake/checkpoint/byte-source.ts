/** Random access to a checkpoint on disk: only what is asked for is read. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { EngineError } from '../../engine-error';

export class ByteSource {
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
      const handle = await open(filePath, 'r');
      const stat = await handle.stat();
      if (stat.isFile()) return new ByteSource(handle, stat.size, fileName);
      await handle.close();
    } catch (cause) {
      throw new EngineError(
        'model-unreadable',
        `“${fileName}” could not be opened: ${cause instanceof Error ? cause.message : String(cause)}.`,
        'Check that the file is there and that you may read it.',
        { cause },
      );
    }
    throw new EngineError(
      'model-unreadable',
      `“${fileName}” is not a file.`,
      'Choose the checkpoint file itself: .safetensors, .pth, .pt, .ckpt or .bin.',
    );
  }

  /**
   * `length` bytes from `position` on, in a fresh buffer (its start is aligned for any typed array).
   * @throws EngineError `model-unreadable` if the file is shorter than that.
   */
  async read(position: number, length: number): Promise<Uint8Array> {
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
