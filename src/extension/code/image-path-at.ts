/** Finds what is written like the path of a picture in a line of any language; whether there is such a file is asked elsewhere. */
import { isImagePath } from '../image-formats';
import { joinedPaths, pathValue, type ConstantOf, type StringLiteral } from './joined-paths';

export interface PathLiteral {
  /** The path as the program reads it: escapes undone, `/` for every backslash, no `?query`. */
  readonly path: string;
  /**
   * Columns of the path in the line, without its quotes; `end` is exclusive. Of a path that is put
   * together, of its last part.
   */
  readonly start: number;
  readonly end: number;
}

/** How words are told apart where a path has no quotes: a CSV field or a YAML value may hold blanks. */
export type LineSyntax = 'csv' | 'yaml' | 'other';

/** Longer lines are data rather than code, e.g. bundles and notebooks' pictures. */
const longestLine = 10_000;
const longestPath = 1000;

/** The path under a column, 0-based; its end counts as part of it, as a cursor may stand there. */
export function imagePathAt(
  line: string,
  column: number,
  syntax: LineSyntax,
  constantOf: ConstantOf = noConstants,
): PathLiteral | undefined {
  return imagePathsIn(line, syntax, constantOf).find(
    ({ start, end }) => start <= column && column <= end,
  );
}

/** All of a line, from left to right. */
export function imagePathsIn(
  line: string,
  syntax: LineSyntax,
  constantOf: ConstantOf = noConstants,
): readonly PathLiteral[] {
  if (line.length > longestLine || !anyEnding.test(line)) return [];
  return scan(line, 0, syntax, constantOf).sort((left, right) => left.start - right.start);
}

/** The path that the right side of an assignment comes to; undefined where it is none, or not known. */
export function pathOfExpression(text: string, constantOf: ConstantOf): string | undefined {
  const bare = text.slice(0, longestPath).replace(/;?\s*(?:(?:#|\/\/)[^"'`]*)?$/, '');
  return pathValue(bare, literalsIn(bare, constantOf), constantOf);
}

const noConstants: ConstantOf = () => undefined;

const anyEnding = /\.(png|jpe?g|webp|avif|gif|tiff?|svg|[a-z]*[*?]|\{)/i;
/** A pattern that leaves the ending open: `cat.*`, `cat.jp*g`, `cat.{jpg,png}`. */
const openEnding =
  /[\w*?\])}]\.(?:[a-z]*[*?][a-z*?]*|\{[^{}/]*\b(?:png|jpe?g|webp|avif|gif|tiff?|svg)\b[^{}/]*\})$/i;

/** What stands between a quote and the next of its kind; a quote after a letter is an apostrophe. */
const quoted = /(?<![\w\\])([rbfu]{0,2})(["'`])((?:\\.|(?!\2).)*)\2/gi;
/** `](path "title")`, `](<path with blanks>)`, with parentheses inside where they are balanced. */
const markdownTarget =
  /\]\(\s*(?:<([^<>]+)>|((?:[^\s()]|\([^()]*\))+))(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/g;
const csvField = /(?<=^|[,;\t|])[^,;\t|"']+/g;
const yamlValue = /(?<=^\s*|:\s|-\s|[[,]\s?)[^\s"'#:,[\]{}-](?:[^"'#:,[\]{}]|:(?!\s))*/g;
/** An address that is no file: `https://…`, `data:…`. */
const elsewhere = /^(?!file:)(?:[a-z][a-z0-9+.-]+:\/\/|data:)/i;
const word = /[^\s"'`<>()[\]{},;|=]+/g;

/** Marks what is taken, so that later and looser rules leave it alone. */
function scan(
  text: string,
  offset: number,
  syntax: LineSyntax,
  constantOf: ConstantOf,
): PathLiteral[] {
  const found: PathLiteral[] = [];
  let rest = text;
  const take = (start: number, end: number, literals: readonly PathLiteral[]): void => {
    found.push(...literals);
    if (literals.length > 0) rest = blank(rest, start, end);
  };
  for (const match of rest.matchAll(markdownTarget)) {
    const target = match[1] ?? match[2] ?? '';
    const start = match.index + match[0].indexOf(target);
    take(start, start + target.length, literal(target, offset + start));
  }
  const joined =
    syntax === 'other' ? joinedPaths(rest, literalsIn(rest, constantOf), constantOf) : [];
  for (const { path, literals } of joined) {
    for (const { start, end } of literals) rest = blank(rest, start, end);
    const last = literals.at(-1);
    if (path === undefined || last === undefined) continue;
    const [whole] = literal(path, 0, true);
    const [start, end] = [offset + last.contentStart, offset + last.contentEnd];
    if (whole !== undefined) found.push({ path: whole.path, start, end });
  }
  for (const { text: content, start, end, contentStart } of literalsIn(rest, constantOf)) {
    if (content === undefined || elsewhere.test(content)) {
      rest = blank(rest, start, end);
      continue;
    }
    const own = literal(content, offset + contentStart, true);
    const within = (): PathLiteral[] => scan(content, offset + contentStart, 'other', constantOf);
    take(start, end, own.length > 0 ? own : within());
  }
  if (syntax !== 'other') {
    for (const match of rest.matchAll(syntax === 'csv' ? csvField : yamlValue)) {
      const end = match.index + match[0].length;
      take(match.index, end, literal(match[0], offset + match.index));
    }
  }
  for (const match of rest.matchAll(word)) {
    const [bare, skipped] = bareWord(match[0]);
    const start = match.index + skipped;
    take(start, start + bare.length, literal(bare, offset + start));
  }
  return found;
}

function literalsIn(text: string, constantOf: ConstantOf): readonly StringLiteral[] {
  return [...text.matchAll(quoted)].map((match) => {
    const [whole, prefix = '', , content = ''] = match;
    const end = match.index + whole.length;
    return {
      text: interpolated(prefix, whole, content, constantOf),
      start: match.index,
      end,
      contentStart: end - 1 - content.length,
      contentEnd: end - 1,
    };
  });
}

/** `f"{ROOT}/cat.jpg"`, `` `${root}/cat.jpg` ``; undefined where a part is known only to the running program. */
function interpolated(
  prefix: string,
  whole: string,
  content: string,
  constantOf: ConstantOf,
): string | undefined {
  const part = '\\{\\s*(?:([\\p{L}_$][\\p{L}\\p{N}_$]*)|\'([^\']*)\'|"([^"]*)")\\s*\\}';
  const isPython = /f/i.test(prefix);
  if (!isPython && !(whole.startsWith('`', prefix.length) && content.includes('${')))
    return content;
  const parts = new RegExp(isPython ? `\\{\\{|\\}\\}|${part}` : `\\$${part}`, 'gu');
  const text = content.replace(parts, (match: string, name?: string, ...rest: string[]) => {
    if (match === '{{' || match === '}}') return match.charAt(0);
    return (name === undefined ? (rest[0] ?? rest[1]) : constantOf(name)) ?? '\0';
  });
  const open = isPython ? content.replace(parts, '').includes('{') : text.includes('${');
  return open || text.includes('\0') ? undefined : text;
}

/**
 * One literal where the text is a picture's path, else none.
 * @param inQuotes without them `a.*` is rather an import or an expression
 */
function literal(text: string, start: number, inQuotes = false): readonly PathLiteral[] {
  const trimmed = text.trim();
  const from = start + text.indexOf(trimmed);
  const path = plainPath(trimmed);
  if (path.length === 0 || path.length > longestPath) return [];
  if (!isImagePath(path) && !(inQuotes && openEnding.test(path))) return [];
  if (/^\.\w+$/.test(path) || /[<>"\0]/.test(path)) return [];
  const scheme = /^([a-z][a-z0-9+.-]+):/i.exec(path)?.[1];
  if (scheme !== undefined && scheme.toLowerCase() !== 'file') return [];
  return [{ path, start: from, end: from + trimmed.length }];
}

/** Backslashes single, doubled in a string, or both in one path all part folders. */
function plainPath(text: string): string {
  return text
    .replace(/\\u([\da-f]{4})/gi, (_, code: string) => String.fromCharCode(parseInt(code, 16)))
    .replace(/\\(["'` ])/g, '$1')
    .replace(/\\+\/?/g, '/')
    .replace(/(?<=\.\w{3,4})[?#].*$/, '');
}

/** A word without what stands before or behind a path: `key:`, `:12`, a full stop. */
function bareWord(text: string): readonly [bare: string, skipped: number] {
  const trimmed = text.replace(/(?::\d+)+$|[.:!?*_]+$/, '');
  if (/^[a-z]:[\\/]|^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) return [trimmed, 0];
  const skipped = trimmed.lastIndexOf(':') + 1;
  return [trimmed.slice(skipped), skipped];
}

function blank(text: string, start: number, end: number): string {
  return text.slice(0, start) + '\0'.repeat(end - start) + text.slice(end);
}
