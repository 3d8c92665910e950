/** The members of a tar archive in place: their headers are read, what is between them is passed over. */
import type { FileHandle } from 'node:fs/promises';
import { Header } from 'tar/header';
import { Pax } from 'tar/pax';
import { openRegular } from '../../engine/files/regular-file';
import { memberName } from './member-name';

/** A member that is a file. */
export interface TarMember {
  /** Within the archive. */
  readonly name: string;
  /** Of its bytes in the archive. */
  readonly start: number;
  readonly size: number;
  /** Its bytes, where there are no more than so many. */
  readonly text: (most: number) => Promise<string | undefined>;
}

/** What is in an archive and is not read, or why reading ends; the reason is a sentence. */
export interface TarFault {
  /** Undefined where it is the archive's. */
  readonly name?: string;
  readonly reason: string;
}

const block = 512;
/** Bytes read at once: a header with the small files around it. */
const windowBytes = 2 ** 15;
/** Of a header that is longer than a block. */
const longestHeader = 2 ** 20;
const files: ReadonlySet<string> = new Set(['File', 'OldFile', 'ContiguousFile']);

/**
 * Links and devices are not followed, nor names that lead out of the archive. Where the archive is cut
 * off or damaged, what is before that place has been told.
 *
 * @param fault takes what is passed over, and what ends the reading
 * @throws what the file system says; NotRead
 */
export async function* tarMembers(
  file: string,
  fault: (fault: TarFault) => void,
): AsyncGenerator<TarMember, void> {
  const handle = await openRegular(file);
  try {
    const { size: end } = await handle.stat();
    const bytes = new FileWindow(handle);
    let last: string | undefined;
    let own: Pax | undefined;
    let shared: Pax | undefined;
    let longName: string | undefined;
    for (let at = 0; at < end;) {
      const head = await bytes.at(at, block);
      if (head.length < block) {
        fault({ reason: cutOff(last) });
        return;
      }
      const header = new Header(head, 0, own, shared);
      if (header.nullBlock) return;
      if (!header.cksumValid || header.size === undefined) {
        fault({ reason: damaged(head, at, last) });
        return;
      }
      const { size, type } = header;
      const start = at + block;
      const written = longName ?? header.path ?? '';
      if (start + size > end) {
        fault({ reason: cutOffWithin(written) });
        return;
      }
      at = start + Math.ceil(size / block) * block;

      if (type === 'ExtendedHeader' || type === 'GlobalExtendedHeader') {
        if (size > longestHeader) {
          fault({ reason: damaged(head, at, last) });
          return;
        }
        const records = (await bytes.at(start, size)).toString();
        if (type === 'ExtendedHeader') own = Pax.parse(records, own);
        else shared = Pax.parse(records, shared, true);
        continue;
      }
      if (type === 'NextFileHasLongPath' || type === 'OldGnuLongPath') {
        if (size > longestHeader) {
          fault({ reason: damaged(head, at, last) });
          return;
        }
        longName = (await bytes.at(start, size)).toString().replace(/\0.*$/s, '');
        continue;
      }
      if (type === 'NextFileHasLongLinkpath') continue;
      [own, longName] = [undefined, undefined];
      last = written;
      const name = memberName(written);
      if (type === 'Directory') continue;
      if (name === undefined) {
        fault({ name: written, reason: 'Its name leads out of the archive.' });
      } else if (!files.has(type)) {
        fault({ name, reason: 'A link or a device: only files are read.' });
      } else {
        yield {
          name,
          start,
          size,
          text: async (most) =>
            size > most ? undefined : (await bytes.at(start, size)).toString('utf8'),
        };
      }
    }
  } finally {
    await handle.close();
  }
}

/** A part of a file in memory, moved to where something is asked for. */
class FileWindow {
  private bytes = Buffer.alloc(0);
  private start = 0;

  constructor(private readonly handle: FileHandle) {}

  /** Fewer than so many where the file ends. */
  async at(position: number, length: number): Promise<Buffer> {
    const from = position - this.start;
    if (from < 0 || from + length > this.bytes.length) {
      const { buffer, bytesRead } = await this.handle.read(
        Buffer.alloc(Math.max(length, windowBytes)),
        0,
        Math.max(length, windowBytes),
        position,
      );
      this.bytes = buffer.subarray(0, bytesRead);
      this.start = position;
    }
    return this.bytes.subarray(position - this.start, position - this.start + length);
  }
}

function cutOff(last: string | undefined): string {
  return last === undefined
    ? 'It is no tar archive.'
    : `It ends in the middle of a header behind ${last}, as after a broken-off download: what is before that is read.`;
}

function cutOffWithin(name: string): string {
  return `It ends in the middle of ${name}, as after a broken-off download: what is before that is read.`;
}

function damaged(head: Buffer, at: number, last: string | undefined): string {
  if (last !== undefined)
    return `It is damaged behind ${last}, at byte ${at}: what is before that is read.`;
  const isGzip = head[0] === 0x1f && head[1] === 0x8b;
  return isGzip
    ? 'It is compressed, so that nothing in it can be read in place: unpack it with gunzip first.'
    : 'It is no tar archive.';
}
