/** Where reports are to go, looked at before the work and not after it. */
import { access, constants, realpath, stat } from 'node:fs/promises';
import path from 'node:path';
import { UsageError } from './command';
import { unwritable } from './report-files';

/** Inputs that are known under any name; of more, only those of the same name are. */
const mostCompared = 10_000;

/**
 * @param targets files by their flags; what is left out is not written
 * @param inputs what is read, and must not be written over, under whatever name
 * @throws UsageError where a file is named twice or not at all; Failure `cache-unwritable` where none can be written
 */
export async function checkTargets(
  targets: Readonly<Record<string, string | undefined>>,
  inputs: Iterable<string>,
): Promise<void> {
  const taken = new Map<string, string>();
  const known = await placesOf(Object.values(targets));
  let count = 0;
  for (const input of known.size === 0 ? [] : inputs) {
    if (count++ < mostCompared) taken.set(await identityOf(input), 'what is to be read');
    else if (known.has(input)) taken.set(await identityOf(input), 'what is to be read');
  }
  for (const [flag, file] of Object.entries(targets)) {
    if (file === undefined) continue;
    if (file === '' || file === '-')
      throw new UsageError(`${flag} takes the name of a file, not “${file}”.`);
    const place = await identityOf(file);
    const other = taken.get(place);
    if (other !== undefined) {
      throw new UsageError(
        `${flag} and ${other} are the same file, ${file}: give it another name.`,
      );
    }
    taken.set(place, flag);
    await checkWritable(file);
  }
}

/** What is there of these files, by the names that it may have among the inputs. */
async function placesOf(files: readonly (string | undefined)[]): Promise<ReadonlySet<string>> {
  const places = new Set<string>();
  for (const file of files) {
    const real = file === undefined ? undefined : await realpath(file).catch(() => undefined);
    if (file === undefined || real === undefined) continue;
    places.add(path.resolve(file)).add(real);
  }
  return places;
}

/** The same for all names of a file, links included; of what is not there, its place. */
async function identityOf(file: string): Promise<string> {
  const known = await stat(file, { bigint: true }).catch(() => undefined);
  if (known !== undefined) return `${known.dev} ${known.ino}`;
  const whole = path.resolve(file);
  const folder = await realpath(path.dirname(whole)).catch(() => path.dirname(whole));
  return path.join(folder, path.basename(whole));
}

async function checkWritable(file: string): Promise<void> {
  const known = await stat(file).catch(() => undefined);
  try {
    if (known?.isDirectory() === true) throw new Error('it is a folder');
    await access(known === undefined ? path.dirname(path.resolve(file)) : file, constants.W_OK);
  } catch (cause) {
    throw unwritable(file, cause);
  }
}
