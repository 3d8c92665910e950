/** `vit-explain cache`: how large the caches are; `--clear` empties them. */
import { cacheSizes, totalBytes } from '../store/cache/cache-sizes';
import { shrinkCache } from '../store/cache/shrink-cache';
import { formatBytes } from '../store/format-bytes';
import { readArguments } from './arguments';
import { cacheLimit, limitVariable } from './cache-limit';
import { UsageError, type Command, type Terminal } from './command';
import { exitCodes } from './exit-code';
import { cacheFolder } from './folders';

export const cacheCommand: Command = {
  summary: 'show how large the caches are, and empty them',
  help: `vit-explain cache [--clear] [--json]

Lists what is kept so that it need not be computed again: prepared models, converted checkpoints,
features, results of datasets, checksums of models. Downloaded models are not among it (see vit-explain models rm).

      --clear    remove everything that no running process uses
      --json     the same as JSON

After each command that runs a model, what was not used for longest is removed until the caches take
at most 5 GB. ${limitVariable} sets another number of gigabytes; 0: no limit.
What a running process has open stays, also where that alone is more.
`,
  run: async (args, terminal) => {
    const { values, positionals } = readArguments(args, {
      clear: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
    });
    if (positionals.length > 0) throw new UsageError(`cache takes no “${positionals.join(' ')}”.`);
    await (values.clear ? clear(values.json, terminal) : list(values.json, terminal));
    return exitCodes.done;
  },
};

async function list(json: boolean, terminal: Terminal): Promise<void> {
  const limit = cacheLimit();
  const folder = cacheFolder();
  const sizes = await cacheSizes({ work: folder });
  const bytes = totalBytes(sizes);
  if (json) {
    const limitBytes = limit === Infinity ? null : limit;
    const kinds = sizes.map(({ kind, bytes, entries }) => ({ kind, bytes, entries }));
    terminal.json({ folder, bytes, limitBytes, kinds });
    return;
  }
  for (const { words, bytes, entries } of sizes) {
    terminal.result(
      `${words.padEnd(24)} ${formatBytes(bytes).padStart(8)}  ${String(entries).padStart(5)}`,
    );
  }
  const of = limit === Infinity ? 'no limit' : `of at most ${formatBytes(limit)}`;
  terminal.result(`${'together'.padEnd(24)} ${formatBytes(bytes).padStart(8)}  ${of}`);
  terminal.result(folder);
}

async function clear(json: boolean, terminal: Terminal): Promise<void> {
  const shrunk = await shrinkCache({ work: cacheFolder() }, 0);
  const { freedBytes, inUseBytes } = shrunk;
  if (json) {
    terminal.json(shrunk);
    return;
  }
  terminal.result(`${formatBytes(freedBytes)} are free again.`);
  if (inUseBytes > 0)
    terminal.result(`${formatBytes(inUseBytes)} are in use by running processes and stay.`);
}
