/** `vit-explain probe eval`: how good a probe is on labelled pictures. */
import path from 'node:path';
import { Failure } from '../shared/failure';
import { resolveModel } from '../store/resolve-model';
import { evaluateProbe } from '../service/calls/evaluate-probe';
import { assumedLines } from './assumed-lines';
import { oneOf, readArguments, runOptions, runSettings, wholeNumber } from './arguments';
import { checkTargets } from './check-targets';
import { commandRoom } from './command-room';
import { UsageError, type Terminal } from './command';
import { exitCodes, type ExitCode } from './exit-code';
import { modelFolders } from './folders';
import { readDataset, stoppable } from './probe-dataset';
import { printReport, progressOf } from './probe-figures';
import { writeHtml } from './probe-html';

export const evalHelp = `vit-explain probe eval PROBE DATASET [options]

Measures PROBE (a .probe.safetensors file) on the labelled pictures of DATASET; labels that it does
not know are left out, and listed.

      --part train|val|all of a dataset that has parts (default: all)
      --explain N          how many of the surest mistakes get a heatmap (default: 0)
      --html FILE          write the report as a page
      --json               print the report as JSON
      --threads N          processor threads; 0 lets ONNX Runtime choose (default: 0)
`;

/** @throws UsageError; Failure; EngineError */
export async function evaluate(args: readonly string[], terminal: Terminal): Promise<ExitCode> {
  const { values, positionals } = readArguments(args, {
    threads: runOptions.threads,
    provider: runOptions.provider,
    part: { type: 'string', default: 'all' },
    explain: { type: 'string', default: '0' },
    html: { type: 'string' },
    json: { type: 'boolean', default: false },
  });
  const [probe, source, ...more] = positionals;
  if (probe === undefined || source === undefined || more.length > 0)
    throw new UsageError('probe eval takes the file of a probe and one dataset.');
  const part = oneOf('--part', values.part, ['train', 'val', 'all']);
  const explained = wholeNumber('--explain', values.explain, 0);
  const { root, samples, skipped } = await readDataset(source, terminal.progress);
  const chosen = samples.filter(({ split }) => part === 'all' || split === part);
  if (chosen.length === 0) {
    throw new Failure(
      'dataset-unusable',
      `The dataset has no labelled picture in a part “${part}”.`,
      'Leave --part out to measure on all pictures.',
    );
  }
  const model = await resolveModel(probe, modelFolders());
  await checkTargets({ '--html': values.html }, [
    probe,
    source,
    ...samples.map((sample) => sample.path),
  ]);
  const room = commandRoom(runSettings(values));
  const outcome = await stoppable((signal) =>
    evaluateProbe(
      { samples: chosen, skipped, root, model, explained },
      room,
      progressOf(terminal),
      signal,
    ),
  );
  assumedLines(model.backbone?.name ?? model.name, outcome.assumed).forEach(terminal.progress);
  outcome.notices.forEach(terminal.progress);
  if (values.html !== undefined) await writeHtml(path.resolve(values.html), outcome.report);
  if (values.json) terminal.result(JSON.stringify(outcome.report, undefined, 2));
  else printReport(outcome, terminal);
  return exitCodes.done;
}
