/** Faults inside the members of an archive, whose checksums and lengths are right all the same. */
import { crc32 } from 'node:zlib';
import { below, type Edit } from '../input';

interface Member {
  readonly name: string;
  readonly data: Buffer;
}

/** Of an archive without compression; none of bytes that are none. */
function membersOf(bytes: Buffer): Member[] {
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  if (end < 0 || end + 22 > bytes.length) return [];
  const members: Member[] = [];
  let at = bytes.readUInt32LE(end + 16);
  for (let left = bytes.readUInt16LE(end + 10); left > 0; left--) {
    if (at + 46 > bytes.length) return members;
    const [size, nameLength, extraLength, noteLength] = [
      bytes.readUInt32LE(at + 24),
      bytes.readUInt16LE(at + 28),
      bytes.readUInt16LE(at + 30),
      bytes.readUInt16LE(at + 32),
    ];
    const local = bytes.readUInt32LE(at + 42);
    if (local + 30 > bytes.length) return members;
    const begin = local + 30 + bytes.readUInt16LE(local + 26) + bytes.readUInt16LE(local + 28);
    members.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      data: bytes.subarray(begin, begin + size),
    });
    at += 46 + nameLength + extraLength + noteLength;
  }
  return members;
}

function archiveOf(members: readonly Member[]): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const { name, data } of members) {
    const title = Buffer.from(name);
    const facts = Buffer.alloc(16);
    facts.writeUInt32LE(crc32(data), 4);
    facts.writeUInt32LE(data.length, 8);
    facts.writeUInt32LE(data.length, 12);
    const lengths = Buffer.alloc(4);
    lengths.writeUInt16LE(title.length);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(at, 10);
    const version = Buffer.from([20, 0, 0, 0, 0, 0]);
    pieces.push(Buffer.from('PK\x03\x04'), version, facts, lengths, title, data);
    directory.push(
      Buffer.from('PK\x01\x02'),
      Buffer.from([20, 0]),
      version,
      facts,
      lengths,
      place,
      title,
    );
    at += 30 + title.length + data.length;
  }
  const contents = Buffer.concat(directory);
  const end = Buffer.from('PK\x05\x06'.padEnd(22, '\0'), 'latin1');
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(contents.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...pieces, contents, end]);
}

/** An edit of one member, most often of the first whose name fits. */
export function insideArchive(edit: Edit, name: RegExp): Edit {
  return (bytes, random) => {
    const members = membersOf(bytes);
    if (members.length === 0) return bytes;
    const fitting = members.findIndex((member) => name.test(member.name));
    const chosen = fitting >= 0 && random() < 0.8 ? fitting : below(random, members.length);
    return archiveOf(
      members.map((member, at) =>
        at === chosen
          ? { ...member, data: Buffer.from(edit(Buffer.from(member.data), random)) }
          : member,
      ),
    );
  };
}

/** Members left out, doubled, called otherwise. */
export const archiveEdits: readonly Edit[] = [
  (bytes, random) => {
    const members = membersOf(bytes);
    return members.length === 0
      ? bytes
      : archiveOf(members.toSpliced(below(random, members.length), 1));
  },
  (bytes, random) => {
    const members = membersOf(bytes);
    const [one, other] = [
      members[below(random, members.length)],
      members[below(random, members.length)],
    ];
    return one && other ? archiveOf([...members, { name: one.name, data: other.data }]) : bytes;
  },
  (bytes, random) => {
    const members = membersOf(bytes);
    const names = ['m/data.pkl', '../data.pkl', '', 'm/data/0', 'm/byteorder', '/m/data.pkl', 'm/'];
    const chosen = below(random, members.length);
    const name = names[below(random, names.length)] ?? '';
    return archiveOf(members.map((one, at) => (at === chosen ? { ...one, name } : one)));
  },
];
