/** Faults of pickles: instructions put in, numbers at their edges, what holds itself. */
import { pickle } from '../../fixtures/intake/write-files';
import { below, pick, type Edit } from '../input';

const bytesOf = (text: string) => Buffer.from(text, 'latin1');
const long = (number: bigint) => {
  const bytes = Buffer.from([0x8a, 8, 0, 0, 0, 0, 0, 0, 0, 0]);
  bytes.writeBigInt64LE(number, 2);
  return bytes;
};

const instructions: readonly Buffer[] = [
  ...[
    '(',
    ')',
    ']',
    '}',
    '0',
    '1',
    '2',
    'a',
    'e',
    'b',
    's',
    'u',
    't',
    'R',
    'Q',
    'N',
    '.',
    'd',
    'l',
  ],
  ...[
    '\x81',
    '\x85',
    '\x86',
    '\x87',
    '\x88',
    '\x8f',
    '\x90',
    '\x91',
    '\x92',
    '\x93',
    '\x94',
    '\x98',
  ],
  ...[
    'h\0',
    'q\0',
    'j\xff\xff\xff\xff',
    'r\xff\xff\xff\x7f',
    '\x80\x05',
    '\x80\xff',
    'J\0\0\0\x80',
  ],
  ...[
    'X\xff\xff\xff\xff',
    '\x8d\xff\xff\xff\xff\xff\xff\xff\x7f',
    'B\xff\xff\xff\x7f',
    '\x8e\0\0\0\0\x01',
  ],
  ...[
    '\x95\xff\xff\xff\xff\xff\xff\xff\xff',
    'I99999999999999999999\n',
    'Fnan\n',
    "S'x'\n",
    'Vx\n',
    'P1\n',
  ],
  ...['L9'.concat('9'.repeat(5000), 'L\n'), 'g99999999999\n', 'p0\n', 'c__builtin__\neval\n'],
  // A dictionary, a list and a tuple that hold themselves.
  ...['}q\0X\x01\0\0\0xh\0s', ']q\0h\0a', '(]q\0h\0ah\0t', 'c__builtin__\ndict\n]\x85R'],
  ...['ccollections\nOrderedDict\n)R', 'ctorch\nSize\n(tR', 'ctorch\nFloatStorage\n'],
].map(bytesOf);

const numbers: readonly bigint[] = [0n, -1n, 1n, 2n ** 31n, 2n ** 40n, 2n ** 53n, -(2n ** 62n)];

export const pickleEdits: readonly Edit[] = [
  (bytes, random) => {
    const at = below(random, bytes.length + 1);
    return Buffer.concat([bytes.subarray(0, at), pick(random, instructions), bytes.subarray(at)]);
  },
  // Numbers and names as torch.save writes them.
  (bytes, random) => {
    const places = [...bytes.keys()].filter((at) => [0x4a, 0x4b, 0x4d].includes(bytes[at] ?? 0));
    if (places.length === 0) return bytes;
    const at = pick(random, places);
    const length = { 0x4a: 5, 0x4b: 2, 0x4d: 3 }[bytes[at] ?? 0] ?? 1;
    return Buffer.concat([
      bytes.subarray(0, at),
      long(pick(random, numbers)),
      bytes.subarray(at + length),
    ]);
  },
  (bytes, random) => {
    const instead = pick(random, ['HalfStorage', 'LongStorage', 'BoolStorage', 'QInt8Storage']);
    const at = bytes.indexOf('FloatStorage');
    if (at < 0) return bytes;
    return Buffer.concat([bytes.subarray(0, at), Buffer.from(instead), bytes.subarray(at + 12)]);
  },
  (bytes, random) => {
    const times = 10 ** below(random, 6);
    const many = Buffer.concat(Array<Buffer>(times).fill(pick(random, instructions)));
    return Buffer.concat([pickle.start, many.subarray(0, 4e6), bytes.subarray(2)]);
  },
];
