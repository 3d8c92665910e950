/** The lines of the JSONL files that this program writes, read back. */
import { access, stat } from 'node:fs/promises';
import * as v from 'valibot';
import { streamRegular } from '../engine/files/regular-file';
import { describeIssues } from '../shared/describe-issues';
import { Failure } from '../shared/failure';
import { parseJson } from '../shared/parse-json';

/** Bytes: a header may name every file that was skipped, and its classes. */
const longestLine = 64 * 2 ** 20;

/**
 * Lines that end in a line feed, with their length in bytes; none where there is no file.
 *
 * @throws Failure `dataset-unusable`
 */
export async function* wholeLines(file: string): AsyncGenerator<{ text: string; bytes: number }> {
  let begun: Buffer[] = [];
  let begunBytes = 0;
  try {
    for await (const chunk of await streamRegular(file)) {
      const bytes = chunk as Buffer;
      let from = 0;
      for (let end = bytes.indexOf(10); end >= 0; end = bytes.indexOf(10, from)) {
        const line = Buffer.concat([...begun, bytes.subarray(from, end)]);
        yield { text: line.toString('utf8'), bytes: line.length + 1 };
        [begun, begunBytes] = [[], 0];
        from = end + 1;
      }
      begun.push(bytes.subarray(from));
      begunBytes += bytes.length - from;
      if (begunBytes > longestLine)
        throw unusableReport(file, `a line in it is longer than ${longestLine / 2 ** 20} MB`);
    }
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw unusableReport(file, 'it cannot be read', cause);
  }
}

/** Bytes: a line that closes a file is far shorter. */
const tail = 2 ** 16;

/**
 * The last line, without reading those before it; undefined where it has no end, or is long.
 *
 * @throws Failure `dataset-unusable`
 */
export async function lastLine(file: string): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    const start = Math.max(0, (await stat(file)).size - tail);
    for await (const chunk of await streamRegular(file, { start })) chunks.push(chunk as Buffer);
  } catch (cause) {
    throw unusableReport(file, 'it cannot be read', cause);
  }
  const bytes = Buffer.concat(chunks);
  const before = bytes.lastIndexOf(10, -2);
  return bytes.at(-1) === 10 && before >= 0
    ? bytes.toString('utf8', before + 1, bytes.length - 1)
    : undefined;
}

/**
 * The schema checks what is read back; the rest is as this program wrote it.
 *
 * @param line its number, where it is known: else it is the last one
 * @throws Failure `dataset-unusable` naming the file and the line
 */
export function parsedLine(
  schema: v.GenericSchema,
  text: string,
  file: string,
  line: number | undefined,
): unknown {
  const which = line === undefined ? 'the last line' : `line ${line}`;
  let value: unknown;
  try {
    value = parseJson(text);
  } catch (cause) {
    throw unusableReport(file, `${which} is not JSON`, cause);
  }
  const found = v.safeParse(schema, value, { abortEarly: true });
  if (!found.success) throw unusableReport(file, `${which}: ${describeIssues(found.issues)}`);
  return value;
}

/** Of a file without any whole line. */
export async function missingReport(file: string): Promise<Failure> {
  const isThere = await access(file).then(
    () => true,
    () => false,
  );
  return unusableReport(file, isThere ? 'there is no whole line in it' : 'there is no such file');
}

export function unusableReport(file: string, why: string, cause?: unknown): Failure {
  return new Failure(
    'dataset-unusable',
    `${file} is not a report of this program: ${why}.`,
    'Give a file that vit-explain batch or evaluate wrote with --jsonl.',
    cause === undefined ? undefined : { cause },
  );
}
