import { largest, readRegular } from '../engine/files/regular-file';
import { readMember } from './tar/read-member';
import { placeInTar } from '../shared/tar-path';

/**
 * The bytes of a sample's picture, in memory of their own: those of a file or of a member of a tar
 * archive, whose path goes through the archive.
 *
 * @throws NotRead; what the file system says
 */
export async function readPicture(file: string): Promise<Buffer<ArrayBuffer>> {
  try {
    return await readRegular(file, largest.picture);
  } catch (error) {
    const place = placeInTar(file);
    const { code } = error as NodeJS.ErrnoException;
    // A folder may be called like an archive; what is no folder has no files.
    if (place === undefined || (code !== 'ENOTDIR' && code !== 'ENOENT')) throw error;
    return readMember(place.archive, place.member, largest.picture);
  }
}
