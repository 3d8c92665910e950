/**
 * Files that a person or another file names, opened for reading: regular files only, since a pipe, a
 * device or a socket may give no byte for ever, or bytes without end. Nothing else here opens a file
 * to read it (`eslint.config.mjs` sees to that).
 */
import { closeSync, constants, fstatSync, openSync, type ReadStream, type Stats } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

const mega = 2 ** 20;

/** Bytes up to which a file of each kind is read into memory. */
export const largest = {
  /** What stands beside a model: manifest, labels, configuration, tokenizer. */
  besideModel: 64 * mega,
  /** A picture as it is stored, or a tensor of one. */
  picture: 512 * mega,
  /** A table of samples, or annotations of a whole dataset; no longer text fits into memory. */
  table: 500 * mega,
  /** Protobuf cannot hold more, and ONNX Runtime reads no larger message. */
  onnx: 2 ** 31 - 1,
  /** Weights beside a model. */
  weights: 32 * 2 ** 30,
} as const;

/** Why a file that is there is not read; the message is a clause: `it is a pipe and not a file`. */
export class NotRead extends Error {
  override readonly name = 'NotRead';
  constructor(
    readonly code: 'EISDIR' | 'EFBIG' | 'ENOTFILE',
    readonly path: string,
    message: string,
  ) {
    super(message);
  }
}

/** Does not wait for who writes into a pipe; a device becomes no terminal of this process. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY;

/** @throws NotRead; what the file system says */
export async function openRegular(file: string): Promise<FileHandle> {
  const handle = await open(file, flags).catch((error: unknown) => explained(file, error));
  try {
    checkKind(file, await handle.stat());
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** For what is opened by others, by its path. @throws NotRead; what the file system says */
export async function statRegular(file: string): Promise<Stats> {
  const handle = await openRegular(file);
  try {
    return await handle.stat();
  } finally {
    await handle.close();
  }
}

/** @returns the descriptor, and the file's size in bytes. @throws NotRead; what the file system says */
export function openRegularSync(file: string): { descriptor: number; size: number } {
  const descriptor = opened(file);
  try {
    const stats = fstatSync(descriptor);
    checkKind(file, stats);
    return { descriptor, size: stats.size };
  } catch (error) {
    closeSync(descriptor);
    throw error;
  }
}

/**
 * A whole file, in memory of its own.
 * @param most bytes that it may have (`largest`)
 * @throws NotRead; what the file system says
 */
export async function readRegular(file: string, most: number): Promise<Buffer<ArrayBuffer>> {
  const handle = await openRegular(file);
  try {
    const { size } = await handle.stat();
    if (size > most) throw tooLarge(file, size, most);
    const bytes = Buffer.from(new ArrayBuffer(size));
    return bytes.subarray(0, await fill(handle, bytes));
  } finally {
    await handle.close();
  }
}

/** The same as UTF-8. */
export async function readRegularText(file: string, most: number): Promise<string> {
  return (await readRegular(file, most)).toString('utf8');
}

/** The file's bytes one portion after the other, from `start` to `end`, both among them. @throws NotRead; what the file system says */
export async function streamRegular(
  file: string,
  options: { readonly start?: number; readonly end?: number; readonly highWaterMark?: number } = {},
): Promise<ReadStream> {
  return (await openRegular(file)).createReadStream(options);
}

/** Why a file could not be read, as a clause. */
export function describeFileError(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'EACCES' || code === 'EPERM') return 'reading it is not permitted';
  if (code === 'EISDIR') return 'it is a folder';
  return error instanceof Error ? error.message : String(error);
}

function tooLarge(file: string, size: number, most: number): NotRead {
  const limit = most < 2 ** 30 ? `${most / mega} MB` : `${Math.ceil(most / 2 ** 30)} GB`;
  return new NotRead('EFBIG', file, `it has ${size} bytes, more than the ${limit} that are read`);
}

/** @returns how many bytes there were: the file may have become shorter */
async function fill(handle: FileHandle, bytes: Buffer): Promise<number> {
  let filled = 0;
  while (filled < bytes.length) {
    // Node reads at most 2 GiB at once.
    const step = Math.min(bytes.length - filled, 1 << 30);
    const { bytesRead } = await handle.read(bytes, filled, step, filled);
    if (bytesRead === 0) break;
    filled += bytesRead;
  }
  return filled;
}

function opened(file: string): number {
  try {
    return openSync(file, flags);
  } catch (error) {
    return explained(file, error);
  }
}

/** A socket, or a device that nothing is behind, cannot even be opened. */
function explained(file: string, error: unknown): never {
  if (error instanceof Error && 'code' in error && error.code === 'ENXIO')
    throw new NotRead('ENOTFILE', file, 'it is a socket or a device and not a file');
  throw error;
}

function checkKind(file: string, stats: Stats): void {
  if (stats.isFile()) return;
  if (stats.isDirectory()) throw new NotRead('EISDIR', file, 'it is a folder');
  const kind = stats.isFIFO() ? 'a pipe' : 'a device';
  throw new NotRead('ENOTFILE', file, `it is ${kind} and not a file`);
}
