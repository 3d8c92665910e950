/** Which part of a dataset was asked for, and where its lines go. */
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { version } from '../../package.json';
import { makeFolder } from '../engine/files/make-folder';
import { mostShards, type Shard } from '../shared/shard';
import { arrayTask } from './array-task';
import { UsageError } from './command';
import { unwritable } from './report-files';

export const shardOptions = {
  shard: { type: 'string' },
  shards: { type: 'string' },
} as const;

export const shardHelp = `      --shard I/N          the I-th of N parts, from 1, by a hash of the samples' names. With a folder as --jsonl
                           it gets a file of its own there; vit-explain shards says which are lacking,
                           vit-explain merge joins them
      --shard auto         which one it is says the array of Slurm, Kubernetes (an Indexed Job), PBS,
                           LSF or Grid Engine that runs this command
      --shards N|A-B[:S]   the array as it was first submitted: its number of tasks, or from which to
                           which one (and every how many); where some tasks are submitted again, and
                           for schedulers that do not tell it`;

/** @returns undefined where no part was asked for @throws UsageError */
export function shardAsked(
  { shard, shards }: { readonly shard?: string | undefined; readonly shards?: string | undefined },
  environment = process.env,
): Shard | undefined {
  if (shard === 'auto') return { ...arrayTask(environment, shards), program: version };
  if (shards !== undefined) throw new UsageError('--shards goes with --shard auto.');
  if (shard === undefined) return undefined;
  const [, part, count] = /^(\d{1,9})\/(\d{1,9})$/.exec(shard) ?? [];
  const [index, of] = [Number(part), Number(count)];
  if (part === undefined || index < 1 || index > of || of > mostShards) {
    throw new UsageError(
      `--shard takes I/N with I from 1 to N, or auto in a task of an array, not “${shard}”.`,
    );
  }
  return { index, of, program: version };
}

/** As `shards` and `merge` may be told by a pattern: `shard-*-of-8.jsonl`. */
const nameOf = ({ index, of }: Shard): string =>
  `shard-${String(index).padStart(String(of).length, '0')}-of-${of}.jsonl`;

/**
 * Where the lines go: what was named, or the shard's own file in it, where it is a folder or ends like
 * one; that is made, then.
 *
 * @throws UsageError where that folder has shards of another division; Failure `cache-unwritable`
 */
export async function shardPlace(
  named: string | undefined,
  shard: Shard | undefined,
): Promise<string | undefined> {
  if (named === undefined || shard === undefined) return named;
  const isFolder = (await stat(named).catch(() => undefined))?.isDirectory() === true;
  if (!isFolder && !/[/\\]$/.test(named)) return named;
  try {
    makeFolder(named);
    for (const name of await readdir(named)) {
      const [, other] = /^shard-\d+-of-(\d+)\.jsonl$/.exec(name) ?? [];
      if (other !== undefined && Number(other) !== shard.of)
        throw otherDivision(named, name, shard);
    }
  } catch (cause) {
    throw cause instanceof UsageError ? cause : unwritable(named, cause);
  }
  return path.join(named, nameOf(shard));
}

function otherDivision(folder: string, name: string, { index, of, array }: Shard): UsageError {
  const what =
    array === undefined
      ? 'choose another folder'
      : 'say with --shards how the array was first submitted, or choose another folder';
  return new UsageError(`${folder} holds ${name}, and this is shard ${index} of ${of}: ${what}.`);
}
