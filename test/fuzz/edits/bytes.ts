/** Faults of any file: turned bits, numbers at the edge of their range, pieces lost, doubled, moved. */
import { below, pick, type Edit } from '../input';

/** What lengths, counts and places are set to. */
const edges = [
  0n,
  1n,
  2n,
  0x7fn,
  0x80n,
  0xffn,
  0xffffn,
  0x7fffffffn,
  0x80000000n,
  0xffffffffn,
].concat([0x7fffffffffffffffn, 0x8000000000000000n, 0xffffffffffffffffn, 0x100000000n, 1000000n]);

const turnBit: Edit = (bytes, random) => {
  const at = below(random, bytes.length);
  bytes[at] = (bytes[at] ?? 0) ^ (1 << below(random, 8));
  return bytes;
};

const setByte: Edit = (bytes, random) => {
  bytes[below(random, bytes.length)] = below(random, 256);
  return bytes;
};

/** Of one to eight bytes, in either order. */
const setNumber: Edit = (bytes, random) => {
  const size = pick(random, [1, 2, 4, 8]);
  const number = Buffer.alloc(8);
  number.writeBigUInt64LE(pick(random, edges));
  const written = number.subarray(0, size);
  if (random() < 0.5) written.reverse();
  written.copy(bytes, below(random, bytes.length));
  return bytes;
};

const cutOff: Edit = (bytes, random) => bytes.subarray(0, below(random, bytes.length));

const cutOut: Edit = (bytes, random) => {
  const [from, to] = pieceOf(bytes, random);
  return Buffer.concat([bytes.subarray(0, from), bytes.subarray(to)]);
};

const double: Edit = (bytes, random) => {
  const [from, to] = pieceOf(bytes, random);
  return Buffer.concat([bytes.subarray(0, to), bytes.subarray(from)]);
};

const move: Edit = (bytes, random) => {
  const [from, to] = pieceOf(bytes, random);
  const piece = Buffer.from(bytes.subarray(from, to));
  piece.copy(bytes, below(random, bytes.length));
  return bytes;
};

const insert: Edit = (bytes, random) => {
  const at = below(random, bytes.length + 1);
  const noise = Buffer.from(
    Array.from({ length: 1 + below(random, 16) }, () => below(random, 256)),
  );
  return Buffer.concat([bytes.subarray(0, at), noise, bytes.subarray(at)]);
};

const clear: Edit = (bytes, random) => {
  const [from, to] = pieceOf(bytes, random);
  return bytes.fill(pick(random, [0, 0xff]), from, to);
};

/** Mostly short ones. */
function pieceOf(bytes: Buffer, random: () => number): [from: number, to: number] {
  const from = below(random, bytes.length);
  const length = 1 + below(random, Math.max(1, (bytes.length - from) * random() ** 3));
  return [from, Math.min(from + length, bytes.length)];
}

export const byteEdits: readonly Edit[] = [
  turnBit,
  setByte,
  setNumber,
  cutOff,
  cutOut,
  double,
  move,
  insert,
  clear,
];
