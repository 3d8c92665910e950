/** A picture of an archive, read again wherever it lies. */
import { stat } from 'node:fs/promises';
import { NotRead, openRegular } from '../../engine/files/regular-file';
import { isImagePath } from '../../shared/picture-endings';
import { tarMembers } from './tar-members';

interface Place {
  readonly start: number;
  readonly size: number;
}

interface TarIndex {
  /** Differs where the archive is another one. */
  readonly version: string;
  readonly places: Promise<ReadonlyMap<string, Place>>;
}

/** Archives whose pictures are known; what was asked for last stays. */
const mostIndexed = 8;
const indices = new Map<string, TarIndex>();

/**
 * @param most bytes that it may have
 * @throws NotRead; what the file system says
 */
export async function readMember(
  archive: string,
  member: string,
  most: number,
): Promise<Buffer<ArrayBuffer>> {
  const place = (await placesIn(archive)).get(member);
  if (place === undefined) throw notThere(archive, member);
  if (place.size > most) {
    throw new NotRead(
      'EFBIG',
      archive,
      `it has ${place.size} bytes, more than the ${most} that are read`,
    );
  }

  const handle = await openRegular(archive);
  try {
    const bytes = Buffer.from(new ArrayBuffer(place.size));
    const { bytesRead } = await handle.read(bytes, 0, bytes.length, place.start);
    return bytes.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function placesIn(archive: string): Promise<ReadonlyMap<string, Place>> {
  const { mtimeMs, size, ino } = await stat(archive);
  const version = `${mtimeMs} ${size} ${ino}`;
  const known = indices.get(archive);
  const index = known?.version === version ? known : { version, places: placesOf(archive) };
  indices.delete(archive);
  indices.set(archive, index);
  for (const other of [...indices.keys()].slice(0, -mostIndexed)) indices.delete(other);
  return index.places;
}

async function placesOf(archive: string): Promise<ReadonlyMap<string, Place>> {
  const places = new Map<string, Place>();
  for await (const { name, start, size } of tarMembers(archive, () => undefined))
    if (isImagePath(name) && !places.has(name)) places.set(name, { start, size });
  return places;
}

function notThere(archive: string, member: string): Error {
  return Object.assign(new Error(`there is no ${member} in ${archive}`), { code: 'ENOENT' });
}
