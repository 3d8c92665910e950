/** `vit-explain inspect`: what the engine finds in a model. */
import { foundInWords, type Fact } from '../shared/found-in-words';
import type { ModelDescription } from '../shared/model';
import type { Inspection } from '../shared/protocol/explain';
import { resolveModel } from '../store/resolve-model';
import { inspect } from '../service/inspect';
import { readArguments, runHelp, runOptions } from './arguments';
import { UsageError, type Command } from './command';
import { exitCodes } from './exit-code';
import { modelFolders } from './folders';
import { preprocessingSteps } from '../shared/preprocessing-steps';
import { workroomFor } from './workroom';

export const inspectCommand: Command = {
  summary: 'show what is found in a model, and which methods it can be explained with',
  help: `vit-explain inspect MODEL [options]

MODEL is a model of \`vit-explain models\`, or a file: .onnx, .safetensors, .pth, .pt, .ckpt, .bin

      --json               the same as JSON
${runHelp.split('\n').slice(2).join('\n')}
`,
  fillsCache: true,
  run: async (args, terminal) => {
    const { values, positionals } = readArguments(args, {
      threads: runOptions.threads,
      provider: runOptions.provider,
      json: { type: 'boolean', default: false },
    });
    const [name, ...others] = positionals;
    if (name === undefined || others.length > 0)
      throw new UsageError('Name the one model to inspect.');
    const model = await resolveModel(name, modelFolders());
    const found = await inspect({ model }, workroomFor(values), ({ phrase }) => {
      terminal.progress(`${model.name}: ${phrase} …`);
    });
    if (values.json) {
      const { preprocessing, preprocessingSource } = model;
      terminal.json({ ...found, preprocessing, preprocessingSource });
    } else {
      described(model, found).forEach(terminal.result);
    }
    return exitCodes.done;
  },
};

function described(model: ModelDescription, found: Inspection): string[] {
  const facts: readonly Fact[] = [
    ['file', model.path],
    ['identity', found.model.sha256],
    ...foundInWords(found, model),
    ['preprocessing', model.preprocessingSource],
    ['pictures', preprocessingSteps(model.preprocessing)],
  ];
  const methods = found.methods.map(({ id, reason }) =>
    reason === undefined ? `  ${id}` : `  ${id}: not here. ${reason}`,
  );
  const assumed = found.assumed.map(
    ({ subject, value, reason, field }) =>
      `  ${subject.padEnd(17)} ${value}, since ${reason} (“${field}” in the manifest says otherwise)`,
  );
  return [
    model.name,
    ...facts.map(([name, value]) => `  ${name.padEnd(14)} ${value}`),
    ...(assumed.length > 0 ? ['Assumed', ...assumed] : []),
    'Methods',
    ...methods,
  ];
}
