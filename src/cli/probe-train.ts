/** `vit-explain probe train`: a classifier from labelled pictures. */
import path from 'node:path';
import { Failure } from '../shared/failure';
import { isThere, probeFiles } from '../store/probe-manifest';
import { resolveModel } from '../store/resolve-model';
import { trainProbe } from '../service/probe/train-probe';
import { readArguments, runHelp, runOptions, wholeNumber } from './arguments';
import { UsageError, type Terminal } from './command';
import { exitCodes, type ExitCode } from './exit-code';
import { modelFolders } from './folders';
import { readDataset } from './probe-dataset';
import { runProbe } from './probe-run';

export const trainHelp = `vit-explain probe train DATASET [options]

Trains a linear probe: a classifier on the features of a backbone, for the classes of DATASET, which
is a folder of class folders, a folder with train/ and val/, or a CSV or JSONL file with the columns
path and label. Writes NAME.probe.safetensors (the head), NAME.probe.json (its manifest) and
NAME.probe-report.json; the first one is a model like any other: explain --model NAME.probe.safetensors

      --name NAME          of the probe (default: the dataset's own name)
      --out DIR            where to write it (default: the current folder)
      --seed N             draws the split; the same data and seed give the same head (default: 0)
      --validation SHARE   of each class held out, where the dataset has no val/ (default: 0.2)
      --explain N          how many of the surest mistakes get a heatmap (default: 12)
      --force              replace a probe of the same name
      --html               write NAME.probe-report.html too
      --json               print the report as JSON
${runHelp}

Ctrl+C stops between two pictures; features are kept, and the next run goes on from there.
`;

/** @throws UsageError; Failure; EngineError */
export async function train(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    ...runOptions,
    name: { type: 'string' },
    out: { type: 'string', default: '.' },
    seed: { type: 'string', default: '0' },
    validation: { type: 'string', default: '0.2' },
    explain: { type: 'string', default: '12' },
    force: { type: 'boolean', default: false },
    html: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
  });
  const [source, ...more] = positionals;
  if (source === undefined || more.length > 0)
    throw new UsageError('probe train takes one folder, or one CSV or JSONL file.');
  const validationShare = shareOf(values.validation);
  const seed = wholeNumber('--seed', values.seed, 0);
  const explained = wholeNumber('--explain', values.explain, 0);
  const name = values.name ?? path.parse(path.resolve(source)).name;
  if (name === '' || /[\\/]/.test(name))
    throw new UsageError(`--name takes a name without slashes, not “${name}”.`);
  const { head, html } = probeFiles(path.join(values.out, name));
  if (!values.force && (await isThere(head))) {
    throw new Failure(
      'setting-invalid',
      `There is a probe at ${path.relative('', head)} already.`,
      'Choose another --name, or replace it with --force.',
    );
  }
  const dataset = await readDataset(source, terminal.progress);
  const backbone = await resolveModel(values.model, modelFolders());
  const page = values.html ? html : undefined;
  await runProbe(values, { backbone: backbone.name, html: page }, terminal, (...run) =>
    trainProbe({ ...dataset, backbone, name, head, seed, validationShare, explained }, ...run),
  );
  if (!values.json) {
    [head, ...(values.html ? [html] : [])].forEach((file) => {
      terminal.result(path.relative('', file));
    });
  }
  return exitCodes.done;
}

function shareOf(text: string): number {
  const share = Number(text);
  if (!(share > 0 && share < 1))
    throw new UsageError(`--validation takes a share between 0 and 1, not “${text}”.`);
  return share;
}
