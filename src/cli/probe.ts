/** `vit-explain probe`: linear probes, trained, measured, listed and deleted. */
import path from 'node:path';
import { percent } from '../shared/format-number';
import { deleteProbe, listProbeHeads, readProbeManifest } from '../store/probe-manifest';
import { readArguments } from './arguments';
import { UsageError, type Command, type Terminal } from './command';
import { exitCodes, type ExitCode } from './exit-code';
import { evalHelp, evaluate } from './probe-eval';
import { train, trainHelp } from './probe-train';

const listHelp = `vit-explain probe list [FOLDER…] [--json]

Lists the probes in the folders (default: the current one): file, accuracy, classes, backbone.
`;

const rmHelp = `vit-explain probe rm PROBE

Deletes a probe: its head, its manifest and its reports. The backbone and the features stay.
`;

export const probeCommand: Command = {
  summary: 'train a classifier on a backbone from labelled pictures, measure it, list, delete',
  help: [trainHelp, evalHelp, listHelp, rmHelp].join('\n'),
  fillsCache: true,
  run: async ([action, ...args], terminal) => {
    switch (action) {
      case 'train':
        return await train(args, terminal);
      case 'eval':
        return await evaluate(args, terminal);
      case 'list':
        return await list(args, terminal);
      case 'rm':
        return await remove(args, terminal);
      default:
        throw new UsageError('probe takes one of train, eval, list, rm.');
    }
  },
};

async function list(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    json: { type: 'boolean', default: false },
  });
  const folders = positionals.length === 0 ? ['.'] : positionals;
  const heads = (await Promise.all(folders.map(listProbeHeads))).flat();
  const probes = await Promise.all(
    heads.map(async (head) => ({ head, manifest: await readProbeManifest(head) })),
  );
  if (values.json) {
    terminal.result(
      JSON.stringify(
        probes.map(({ head, manifest }) => ({ head, ...manifest })),
        undefined,
        2,
      ),
    );
    return exitCodes.done;
  }
  for (const { head, manifest } of probes) {
    const { accuracy, classes, backbone } = manifest;
    const file = path.relative('', head);
    terminal.result(
      `${file}  top-1 ${percent(accuracy.top1)}  ${classes.length} classes  on ${backbone.name}`,
    );
  }
  if (probes.length === 0)
    terminal.progress('No probe here. Train one with: vit-explain probe train FOLDER');
  return exitCodes.done;
}

async function remove(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const [file, ...more] = readArguments(args, {}).positionals;
  if (file === undefined || more.length > 0)
    throw new UsageError('probe rm takes the file of one probe.');
  for (const deleted of await deleteProbe(file))
    terminal.result(`Deleted ${path.relative('', deleted)}`);
  return exitCodes.done;
}
