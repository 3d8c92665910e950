/** Finds what is written like the path of a picture, or of an archive of pictures, in a line of any language; whether there is such a file is asked elsewhere. */
import { isImagePath, pictureEndings } from '../../shared/picture-endings';
import { isTar } from '../../shared/tar-path';
import { CodeLines } from './code-lines';
import { joinedPaths } from './joined-paths';
import { literalsIn, noConstants, type ConstantOf } from './string-literals';

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

/** Longer lines are data rather than code, e.g. bundles and notebooks' pictures. */
const longestLine = 10_000;
const longestPath = 1000;

/** The path under a column, 0-based; its end counts as part of it, as a cursor may stand there. */
export function imagePathAt(
  code: CodeLines,
  line: number,
  column: number,
  constantOf: ConstantOf = noConstants,
): PathLiteral | undefined {
  return imagePathsIn(code, line, constantOf).find(
    ({ start, end }) => start <= column && column <= end,
  );
}

/** All of a line, from left to right; what is put together over several lines ends in this one. */
export function imagePathsIn(
  code: CodeLines,
  line: number,
  constantOf: ConstantOf = noConstants,
): readonly PathLiteral[] {
  const text = code.textAt(line);
  if (text.length > longestLine || !anyEnding.test(text)) return [];
  return scan(code, line, 0, constantOf).sort((left, right) => left.start - right.start);
}

const oneEnding = [...pictureEndings, 'tar'].join('|');
const anyEnding = new RegExp(`\\.(?:${oneEnding}|[a-z]*[*?]|\\{)`, 'i');
/** A pattern that leaves the ending open: `cat.*`, `cat.jp*g`, `cat.{jpg,png}`. */
const openEnding = new RegExp(
  `[\\w*?\\])}]\\.(?:[a-z]*[*?][a-z*?]*|\\{[^{}/]*\\b(?:${oneEnding})\\b[^{}/]*\\})$`,
  'i',
);

/** `](path "title")`, `](<path with blanks>)`, with parentheses inside where they are balanced. */
const markdownTarget =
  /\]\(\s*(?:<([^<>]+)>|((?:[^\s()]|\([^()]*\))+))(?:\s+(?:"[^"]*"|'[^']*'))?\s*\)/g;
const markdownEscape = /\\([!-/:-@[-`{-~])/g;
const csvField = /(?<=^|[,;\t|])[^,;\t|"']+/g;
const yamlValue = /(?<=^\s*|:\s|-\s|[[,]\s?)[^\s"'#:,[\]{}-](?:[^"'#:,[\]{}]|:(?!\s))*/g;
/** Anchors and tags before a value: `&cat !!str data/cat.jpg`. */
const yamlProperties = /^(?:[&!]\S*\s+)+/;
/** An address that is no file: `https://…`, `data:…`. */
const elsewhere = /^(?!file:)(?:[a-z][a-z0-9+.-]+:\/\/|data:)/i;
const word = /[^\s"'`<>()[\]{},;|=]+/g;

/** Marks what is taken, so that later and looser rules leave it alone. */
function scan(
  code: CodeLines,
  line: number,
  offset: number,
  constantOf: ConstantOf,
): PathLiteral[] {
  const { syntax } = code;
  const isTable = syntax === 'csv' || syntax === 'yaml';
  const found: PathLiteral[] = [];
  let rest = code.textAt(line);
  const take = (start: number, end: number, literals: readonly PathLiteral[]): void => {
    found.push(...literals);
    if (literals.length > 0) rest = blank(rest, start, end);
  };
  for (const match of rest.matchAll(markdownTarget)) {
    const target = match[1] ?? match[2] ?? '';
    const start = match.index + match[0].indexOf(target);
    const text = target.replace(markdownEscape, '$1');
    const places = literal(text, offset + start).map((one) => ({
      ...one,
      end: one.end + target.length - text.length,
    }));
    take(start, start + target.length, places);
  }
  for (const { path, literals } of isTable ? [] : joinedPaths(code, line, constantOf)) {
    if (literals.some(({ start }) => rest.startsWith('\0', start))) continue;
    for (const { start, end } of literals) rest = blank(rest, start, end);
    const last = literals.at(-1);
    if (path === undefined || last === undefined) continue;
    const [whole] = literal(path, 0, true);
    const [start, end] = [offset + last.contentStart, offset + last.contentEnd];
    if (whole !== undefined) found.push({ path: whole.path, start, end });
  }
  for (const { text: content, start, end, contentStart, contentEnd } of literalsIn(
    rest,
    constantOf,
    syntax,
  )) {
    if (content === undefined || elsewhere.test(content)) {
      rest = blank(rest, start, end);
      continue;
    }
    const at = offset + contentStart;
    const own = literal(content, at, true);
    const within = own.length > 0 ? own : scan(oneLine(content), 0, at, constantOf);
    const isAsWritten = rest.slice(contentStart, contentEnd) === content;
    const whole = { start: at, end: offset + contentEnd };
    take(start, end, isAsWritten ? within : within.map(({ path }) => ({ path, ...whole })));
  }
  if (isTable) {
    for (const match of rest.matchAll(syntax === 'csv' ? csvField : yamlValue)) {
      const properties = syntax === 'yaml' ? (yamlProperties.exec(match[0])?.[0] ?? '') : '';
      const start = match.index + properties.length;
      const text = match[0].slice(properties.length);
      take(start, start + text.length, literal(text, offset + start));
    }
  }
  for (const match of rest.matchAll(word)) {
    const [bare, skipped] = bareWord(match[0]);
    const start = match.index + skipped;
    take(start, start + bare.length, literal(bare, offset + start));
  }
  return found;
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
  const isLookedFor = isImagePath(path) || isTar(path) || (inQuotes && openEnding.test(path));
  if (!isLookedFor) return [];
  if (/^\.\w+$/.test(path) || /[<>"\0]/.test(path)) return [];
  // eslint-disable-next-line no-control-regex -- escapes that were read: a tab, the end of a line
  if (inQuotes && /[\x01-\x1f]/.test(text)) return [];
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

/** What a string says; lines of its own do not divide it. */
function oneLine(text: string): CodeLines {
  return new CodeLines(1, () => text, 'other');
}
