/** `vit-explain models`: what is known, what is on disk; `pull` and `rm` change that. */
import type { ModelListing } from '../shared/model';
import { listModels } from '../store/downloaded-models';
import { formatBytes } from '../store/format-bytes';
import { readArguments } from './arguments';
import { UsageError, type Command } from './command';
import { exitCodes } from './exit-code';
import { modelFolders } from './folders';
import { pullHelp, pullModel } from './models-pull';
import { removeModel, rmHelp } from './models-rm';

export const modelsCommand: Command = {
  summary: 'list the known models, download and delete them',
  help: `vit-explain models [--json]

Lists the known models: id, whether it is on disk, size, licence, name.

      --json    the same as JSON

${pullHelp}
${rmHelp}`,
  run: async (args, terminal) => {
    const [first, ...rest] = args;
    if (first === 'pull') return await pullModel(rest, terminal);
    if (first === 'rm') return await removeModel(rest, terminal);
    const { values, positionals } = readArguments(args, {
      json: { type: 'boolean', default: false },
    });
    if (positionals.length > 0) throw new UsageError(`models takes no “${positionals.join(' ')}”.`);
    const models = await listModels(modelFolders());
    if (values.json) terminal.json(models);
    else table(models).forEach(terminal.result);
    return exitCodes.done;
  },
};

function table(models: readonly ModelListing[]): string[] {
  const rows = models.map(({ id, name, onDisk, bytes, licence }) => [
    id,
    onDisk ? 'on disk' : '–',
    bytes === undefined ? '' : formatBytes(bytes),
    licence ?? '',
    name,
  ]);
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(0, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
