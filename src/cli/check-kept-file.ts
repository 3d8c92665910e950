import { fstat, type BigIntStats } from 'node:fs';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import { UsageError } from './command';

/**
 * Looks at a file that is written as the work goes and read back at its end: no pipe can be, and
 * where stdout goes, the summary goes too.
 *
 * @throws UsageError
 */
export async function checkKeptFile(flag: string, file: string | undefined): Promise<void> {
  if (file === undefined) return;
  const known = await stat(file, { bigint: true }).catch(() => undefined);
  if (known === undefined || known.isDirectory()) return;
  if (!known.isFile()) {
    throw new UsageError(
      `${flag} takes a file, since what is written is read back; ${file} is a pipe or a device. Write a file, and read that one.`,
    );
  }
  const output = await statsOf(process.stdout.fd).catch(() => undefined);
  if (output?.dev === known.dev && output.ino === known.ino) {
    throw new UsageError(
      `${flag} and stdout, where the summary goes, are the same file: name another.`,
    );
  }
}

const statsOf = (descriptor: number): Promise<BigIntStats> =>
  promisify(fstat)(descriptor, { bigint: true });
