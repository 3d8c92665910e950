/** Faults of texts: other numbers and words, lines lost, doubled and endless, what no editor shows. */
import { below, pick, type Edit, type Random } from '../input';

export const oddNumbers = [
  ...['0', '-0', '-1', '1', '1.5', '1e-320', '1e9', '1e20', '1e308', '1e400', '2147483648'],
  ...['4294967296', '9007199254740993', '-1e30', 'NaN', 'Infinity', '0x10', '٣', '1,5', ''],
];
const oddWords = [
  ...['', ' ', '\0', '\ufeff', '"', "'", '\\', '\r', '\n\n', '\t', ',', ';', '\u2028', '\ud800'],
  ...[
    '__proto__',
    'constructor',
    'toString',
    'length',
    '../../../../etc/passwd',
    '/dev/zero',
    '%s',
  ],
  ...['~', '.', '..', 'null', 'true', '{', '[', '<', '&', ']]>', '\u001b[2J', 'é', 'e\u0301', '😀'],
];

/** An edit of the text; bytes that are no text stay as they are. */
export function textEdit(change: (text: string, random: Random) => string): Edit {
  return (bytes, random) => Buffer.from(change(bytes.toString('latin1'), random), 'latin1');
}

/** Puts something in the place of one of the matches. */
export function replaceOne(
  pattern: RegExp,
  instead: (random: Random, found: string) => string,
): Edit {
  return textEdit((text, random) => {
    const found = [...text.matchAll(pattern)];
    if (found.length === 0) return text;
    const { index, 0: word } = pick(random, found);
    return text.slice(0, index) + instead(random, word) + text.slice(index + word.length);
  });
}

/** Puts one of these between two characters. */
export function insertOne(pieces: readonly string[]): Edit {
  return textEdit((text, random) => {
    const at = below(random, text.length + 1);
    return (
      text.slice(0, at) + Buffer.from(pick(random, pieces)).toString('latin1') + text.slice(at)
    );
  });
}

const lines = (change: (lines: string[], at: number, random: Random) => string[]): Edit =>
  textEdit((text, random) => {
    const all = text.split('\n');
    return change(all, below(random, all.length), random).join('\n');
  });

/** Up to 10,000 times, and a megabyte. */
function repeated(line: string, random: Random): string[] {
  const times = Math.min(10 ** below(random, 5), Math.ceil(1e6 / (line.length + 1)));
  return Array<string>(times).fill(line);
}

const latin1 = (text: string) => Buffer.from(text).toString('latin1');

export const textEdits: readonly Edit[] = [
  replaceOne(/-?\d+(\.\d+)?(e[-+]?\d+)?/gi, (random) => latin1(pick(random, oddNumbers))),
  replaceOne(/-?\d+(\.\d+)?(e[-+]?\d+)?/gi, (random) => latin1(pick(random, oddNumbers))),
  replaceOne(/[\p{L}_]+/gu, (random) => latin1(pick(random, oddWords))),
  insertOne(oddWords),
  lines((all, at) => all.toSpliced(at, 1)),
  lines((all, at) => all.toSpliced(at, 0, all[at] ?? '')),
  lines((all, at, random) => all.toSpliced(at, 0, repeated(all[at] ?? '', random).join(''))),
  lines((all, at, random) => all.toSpliced(at, 0, ...repeated(all[at] ?? '', random))),
  (bytes, random) => {
    const pairs = Buffer.from(`\ufeff${bytes.toString('utf8')}`, 'utf16le');
    return random() < 0.5 ? pairs : pairs.swap16();
  },
];
