/**
 * Features that were computed before, on disk: a second probe on the same pictures costs seconds.
 *
 * One folder for each backbone with its preprocessing. A file in it is a row of records, each the
 * SHA-256 of a picture's bytes (32 bytes), a bit for each of the remarks on how it was read (uint32,
 * in the order of `remarkKinds`), its features (float32, little-endian) and a checksum of them all. Every run appends to a file of its own, so two may run side by side, and what a killed one
 * leaves half written is only its last record, which is passed over.
 */
import { randomUUID } from 'node:crypto';
// eslint-disable-next-line @typescript-eslint/no-restricted-imports -- to write
import { open, readdir, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { markUsed } from '../../engine/cache/mark-used';
import { reportDamage } from '../../engine/cache/report-damage';
import { sealBytes, sealLength, unsealBytes } from '../../engine/cache/sealed-bytes';
import { makeFolder } from '../../engine/files/make-folder';
import { largest, readRegular } from '../../engine/files/regular-file';
import { remarkKinds, type RemarkKind } from '../../shared/picture-remark';

const hashBytes = 32;
const remarkBytes = 4;
const ending = '.features';

export class FeatureCache {
  private readonly rows = new Map<string, Float32Array>();
  /** As bits. */
  private readonly remarks = new Map<string, number>();
  private file: FileHandle | undefined;
  /** Why nothing is written any more, in the words of the system. */
  private failed: string | undefined;

  private constructor(
    private readonly folder: string,
    private readonly dim: number,
  ) {}

  /** @param folder may not exist yet */
  static async open(folder: string, dim: number): Promise<FeatureCache> {
    const cache = new FeatureCache(folder, dim);
    // An unreadable cache is an empty one: it saves time, and nothing else.
    const names = await readdir(folder).catch(() => []);
    for (const name of names.filter((one) => one.endsWith(ending)).sort()) {
      const file = path.join(folder, name);
      await markUsed(file);
      const damaged = cache.take(
        await readRegular(file, largest.onnx).catch(() => Buffer.alloc(0)),
      );
      if (damaged > 0) {
        reportDamage(
          file,
          `the features of ${damaged} pictures in it are not as they were written`,
        );
      }
    }
    return cache;
  }

  /** Features of the picture with this SHA-256 (hexadecimal). */
  get(sha256: string): Float32Array | undefined {
    return this.rows.get(sha256);
  }

  /** What a person should know of how that picture was read. */
  remarksOn(sha256: string): readonly RemarkKind[] {
    const bits = this.remarks.get(sha256) ?? 0;
    return remarkKinds.filter((_, place) => (bits & (1 << place)) !== 0);
  }

  /** Remembers features, here and on disk. */
  async add(
    sha256: string,
    features: Float32Array,
    remarks: readonly RemarkKind[] = [],
  ): Promise<void> {
    const bits = remarks.reduce((all, kind) => all | (1 << remarkKinds.indexOf(kind)), 0);
    this.rows.set(sha256, features);
    this.remarks.set(sha256, bits);
    if (this.failed !== undefined) return;
    const record = sealBytes(
      Buffer.concat([
        Buffer.from(sha256, 'hex'),
        Buffer.from(Uint32Array.of(bits).buffer),
        Buffer.from(features.buffer, features.byteOffset, features.byteLength),
      ]),
    );
    try {
      this.file ??= await this.begin();
      await this.file.write(record);
    } catch (error) {
      this.failed = error instanceof Error ? error.message : String(error);
    }
  }

  /** @returns a sentence for the person if features could not be kept */
  async close(): Promise<string | undefined> {
    await this.file?.close();
    return this.failed === undefined
      ? undefined
      : `The features could not be kept in ${this.folder} (${this.failed}); they will be computed anew next time.`;
  }

  private async begin(): Promise<FileHandle> {
    makeFolder(this.folder);
    return await open(path.join(this.folder, `${randomUUID()}${ending}`), 'wx');
  }

  /** @returns how many records are damaged */
  private take(bytes: Buffer): number {
    const size = hashBytes + remarkBytes + this.dim * Float32Array.BYTES_PER_ELEMENT + sealLength;
    let damaged = 0;
    for (let at = 0; at + size <= bytes.length; at += size) {
      const record = unsealBytes(bytes.subarray(at, at + size));
      if (record === undefined) {
        damaged++;
        continue;
      }
      const features = new Float32Array(this.dim);
      Buffer.from(features.buffer).set(record.subarray(hashBytes + remarkBytes));
      const sha256 = bytes.toString('hex', at, at + hashBytes);
      this.rows.set(sha256, features);
      this.remarks.set(sha256, bytes.readUInt32LE(at + hashBytes));
    }
    return damaged;
  }
}
