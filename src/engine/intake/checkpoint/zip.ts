/**
 * The index of a zip archive, zip64 included, as far as PyTorch writes them: stored, never
 * compressed. Compressed members are never read, and with them no zip bomb.
 * Format: PKWARE APPNOTE 6.3.10, sections 4.3.6 to 4.3.16.
 */
import type { ByteSource } from './byte-source';
import { mostStorages } from './tensor';
import { EngineError } from '../../engine-error';

export interface ZipMember {
  readonly name: string;
  readonly size: number;
  readonly crc32: number;
  readonly isCompressed: boolean;
  /** Where its local header begins, in bytes. */
  readonly headerPosition: number;
}

const endSignature = 0x06054b50;
const end64Signature = 0x06064b50;
const end64LocatorSignature = 0x07064b50;
const memberSignature = 0x02014b50;
const localSignature = 0x04034b50;
/** PyTorch writes it where it is told to leave the checksums out. */
const noChecksum = 0;

const endLength = 22;
const locatorLength = 20;

/** Members by name. @throws EngineError `model-unreadable` for a truncated archive. */
export async function readZipIndex(source: ByteSource): Promise<ReadonlyMap<string, ZipMember>> {
  const { position, length, count } = await findDirectory(source);
  if (count > mostStorages) throw source.damaged(`its table of contents lists ${count} members`);
  const directory = await source.read(position, length);
  const view = new DataView(directory.buffer);
  const decoder = new TextDecoder();
  const members = new Map<string, ZipMember>();
  let at = 0;
  for (let i = 0; i < count; i++) {
    if (at + 46 > length || view.getUint32(at, true) !== memberSignature)
      throw source.damaged(`member ${i + 1} of ${count} is missing from its table of contents`);
    const method = view.getUint16(at + 10, true);
    const nameLength = view.getUint16(at + 28, true);
    const extraLength = view.getUint16(at + 30, true);
    const next = at + 46 + nameLength + extraLength + view.getUint16(at + 32, true);
    if (next > length) throw source.damaged('its table of contents is cut off');
    const name = decoder.decode(directory.subarray(at + 46, at + 46 + nameLength));
    const sizes = {
      size: view.getUint32(at + 24, true),
      stored: view.getUint32(at + 20, true),
      headerPosition: view.getUint32(at + 42, true),
    };
    const crc32 = view.getUint32(at + 16, true);
    readZip64Extra(source, view, at + 46 + nameLength, extraLength, sizes);
    if (members.has(name)) throw source.damaged(`it holds “${name}” twice`);
    const isCompressed = method !== 0 || sizes.size !== sizes.stored;
    const { size, headerPosition } = sizes;
    members.set(name, { name, size, crc32, isCompressed, headerPosition });
    at = next;
  }
  return members;
}

/**
 * Where the bytes of a member begin; when they are read, they are compared with its checksum.
 * @throws EngineError `model-unreadable` for a compressed one
 */
export async function memberPosition(source: ByteSource, member: ZipMember): Promise<number> {
  if (member.isCompressed) {
    throw new EngineError(
      'model-unreadable',
      `The member “${member.name}” of “${source.fileName}” is compressed, which PyTorch never does.`,
      'Save the checkpoint again with torch.save, without packing it afterwards.',
    );
  }
  const header = new DataView((await source.read(member.headerPosition, 30)).buffer);
  if (header.getUint32(0, true) !== localSignature)
    throw source.damaged(`“${member.name}” is not where its table of contents says`);
  const position =
    member.headerPosition + 30 + header.getUint16(26, true) + header.getUint16(28, true);
  if (position + member.size > source.size) throw source.damaged(`“${member.name}” is cut off`);
  const { name, size: length, crc32 } = member;
  if (crc32 !== noChecksum) source.expect({ name, position, length, crc32 });
  return position;
}

async function findDirectory(
  source: ByteSource,
): Promise<{ position: number; length: number; count: number }> {
  const tailLength = Math.min(source.size, endLength + 65535);
  const tailStart = source.size - tailLength;
  const tail = new DataView((await source.read(tailStart, tailLength)).buffer);
  let end = tailLength - endLength;
  while (end >= 0 && tail.getUint32(end, true) !== endSignature) end--;
  if (end < 0) throw source.damaged('the table of contents at its end is missing');
  let position = tail.getUint32(end + 16, true);
  let length = tail.getUint32(end + 12, true);
  let count = tail.getUint16(end + 10, true);
  const locator = end - locatorLength;
  if (locator >= 0 && tail.getUint32(locator, true) === end64LocatorSignature) {
    const record = new DataView((await source.read(toSize(source, tail, locator + 8), 56)).buffer);
    if (record.getUint32(0, true) !== end64Signature)
      throw source.damaged('its zip64 table of contents is missing');
    count = toSize(source, record, 32);
    length = toSize(source, record, 40);
    position = toSize(source, record, 48);
  }
  if (position + length > source.size) throw source.damaged('its table of contents is cut off');
  return { position, length, count };
}

/** Replaces the 32-bit fields that are all ones by their 64-bit values. */
function readZip64Extra(
  source: ByteSource,
  view: DataView,
  start: number,
  length: number,
  sizes: { size: number; stored: number; headerPosition: number },
): void {
  const full = 0xffffffff;
  for (let at = start; at + 4 <= start + length;) {
    const bytes = view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1) {
      let field = at + 4;
      const limit = Math.min(field + bytes, start + length);
      for (const key of ['size', 'stored', 'headerPosition'] as const) {
        if (sizes[key] !== full) continue;
        if (field + 8 > limit) throw source.damaged('a zip64 entry is cut off');
        sizes[key] = toSize(source, view, field);
        field += 8;
      }
      return;
    }
    at += 4 + bytes;
  }
}

function toSize(source: ByteSource, view: DataView, at: number): number {
  const value = view.getBigUint64(at, true);
  if (value > BigInt(source.size))
    throw source.damaged(`it speaks of byte ${value}, but ends at byte ${source.size}`);
  return Number(value);
}
