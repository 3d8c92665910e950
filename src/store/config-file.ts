/** Files of other libraries beside a model: of use where they can be read, no reason to stop where not. */
import path from 'node:path';
import { readTextIfThere } from './json-file';
import { parseJson } from '../shared/parse-json';

export interface ConfigFile {
  /** Without its folder. */
  readonly name: string;
  /** What it holds; undefined where `fault` says why it cannot be read. */
  readonly data: unknown;
  /** As a clause: `it is not valid JSON (…)`. */
  readonly fault?: string;
}

/** The parsed file, or undefined where there is none. */
export async function readConfig(file: string): Promise<ConfigFile | undefined> {
  const name = path.basename(file);
  let text: string | undefined;
  try {
    text = await readTextIfThere(file);
  } catch {
    return { name, data: undefined, fault: 'it cannot be read' };
  }
  try {
    return text === undefined ? undefined : { name, data: parsePython(text) };
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
    return { name, data: undefined, fault: `it is not valid JSON (${reason})` };
  }
}

/** Python writes NaN and Infinity into JSON, which has no such words: they become texts. */
function parsePython(text: string): unknown {
  const words = /"(?:[^"\\]|\\.)*"|-?\b(?:NaN|Infinity)\b/g;
  const json = text.replaceAll(words, (word) => (word.startsWith('"') ? word : `"${word}"`));
  return parseJson(json);
}
