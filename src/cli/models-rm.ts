/** `vit-explain models rm`: deletes a download. */
import { deleteModel } from '../store/downloaded-models';
import { formatBytes } from '../store/format-bytes';
import { readArguments } from './arguments';
import { UsageError, type Terminal } from './command';
import { exitCodes, type ExitCode } from './exit-code';
import { modelFolders } from './folders';

export const rmHelp = `vit-explain models rm ID|OWNER/NAME

Deletes what was downloaded of a model, finished or not.
`;

/** @throws UsageError; Failure `model-missing` where nothing was downloaded, `cache-unwritable` */
export async function removeModel(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [id, ...more] = readArguments(args, {}).positionals;
  if (id === undefined || more.length > 0)
    throw new UsageError('models rm takes the id of one model.');
  const bytes = await deleteModel(id, modelFolders().downloads);
  terminal.result(`Deleted ${id}: ${formatBytes(bytes)} are free again.`);
  return exitCodes.done;
}
