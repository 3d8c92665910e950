/** `vit-explain probe eval`: how good a probe is on labelled pictures. */
import path from 'node:path';
import { Failure } from '../shared/failure';
import { resolveModel } from '../store/resolve-model';
import { evaluateProbe } from '../service/probe/evaluate-probe';
import { oneOf, readArguments, runOptions, wholeNumber } from './arguments';
import { checkTargets } from './check-targets';
import { UsageError, type Terminal } from './command';
import { exitCodes, type ExitCode } from './exit-code';
import { modelFolders } from './folders';
import { readDataset } from './probe-dataset';
import { runProbe } from './probe-run';

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
  const wanted = {
    backbone: model.backbone?.name ?? model.name,
    html: values.html === undefined ? undefined : path.resolve(values.html),
  };
  await runProbe(values, wanted, terminal, (...run) =>
    evaluateProbe({ samples: chosen, skipped, root, model, explained }, ...run),
  );
  return exitCodes.done;
}
