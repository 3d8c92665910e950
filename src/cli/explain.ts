/** `vit-explain explain`: pictures in, evidence out. */
import path from 'node:path';
import type { MethodInfo, Targets } from '../shared/explanation';
import type { MeasuredResult } from '../shared/explanation-files';
import type { Look } from '../shared/look';
import type { ModelDescription } from '../shared/model';
import { withPhrases } from '../shared/phrases';
import { noticesAndRemarks } from '../shared/picture-remark';
import type { ExplainResult, ImageSource } from '../shared/protocol/explain';
import { listener } from '../shared/protocol/listener';
import { bestMethod } from '../service/best-method';
import { explain } from '../service/explain';
import { failureDataOf } from '../service/failure-data-of';
import { faithfulness } from '../service/faithfulness';
import { methods } from '../service/methods';
import { resolveModel } from '../store/resolve-model';
import { assumedLines } from './assumed-lines';
import type { Command, Terminal } from './command';
import { exitCodeOf, exitCodes, type ExitCode } from './exit-code';
import { explainHelp, readExplainJob, type ExplainJob } from './explain-job';
import { amongOf, targetsOf } from './explain-targets';
import { modelFolders } from './folders';
import { printExplanation } from './print-explanation';
import { readInput } from './read-input';

export const explainCommand: Command = {
  summary: 'explain pictures: what the model says, and where the evidence lies',
  help: explainHelp,
  fillsCache: true,
  run: async (args, terminal) => explainAll(await readExplainJob(args), terminal),
};

async function explainAll(job: ExplainJob, terminal: Terminal): Promise<ExitCode> {
  const resolved = await resolveModel(job.model, modelFolders());
  const model = job.phrases === undefined ? resolved : withPhrases(resolved, job.phrases);
  const { room } = job;
  const chosen = await chosenMethods(job, model, terminal);
  const targets = await targetsOf(job, model, terminal);
  const among = await amongOf(job, model, terminal);
  const notices = new Set<string>();
  let code: ExitCode = exitCodes.done;
  for (const input of job.inputs) {
    try {
      const image = await readInput(input, job.tensor, job.change);
      for (const method of chosen) {
        const result = await explain(
          {
            image,
            model,
            method: method.id,
            options: job.options,
            targets,
            ...(among && { among }),
            listed: job.topK,
            stability: job.stability,
          },
          room,
          listener({
            stage: ({ phrase }) => {
              terminal.progress(`${image.name}: ${phrase} …`);
            },
            classified: () => undefined,
          }),
        );
        tellOnce(assumedLines(model.name, result.assumed), notices, terminal);
        tellOnce(noticesAndRemarks(result), notices, terminal);
        const measured = await measuredResult(job, image, model, targets, result, terminal);
        await deliver(input, image, measured, method, job, terminal);
      }
    } catch (thrown) {
      const failure = failureDataOf(thrown);
      terminal.progress(`${input}: ${failure.message}`);
      terminal.progress(`  ${failure.nextStep}`);
      code = code === exitCodes.done ? exitCodeOf(failure.code) : code;
      if (exitCodeOf(failure.code) !== exitCodes.input) return code;
    }
  }
  return code;
}

async function chosenMethods(
  job: ExplainJob,
  model: ModelDescription,
  terminal: Terminal,
): Promise<readonly MethodInfo[]> {
  const known = await methods();
  const chosen: MethodInfo[] = [];
  for (const asked of job.methods) {
    const best =
      asked === undefined &&
      (await bestMethod({ model }, job.room, ({ phrase }) => {
        terminal.progress(`${model.name}: ${phrase} …`);
      }));
    const method = best ? known.find(({ id }) => id === best.method) : asked;
    if (method) chosen.push(method);
  }
  return [...new Set(chosen)];
}

async function measuredResult(
  { measuring, options: methodOptions, room }: ExplainJob,
  image: ImageSource,
  model: ModelDescription,
  targets: Targets,
  result: ExplainResult,
  terminal: Terminal,
): Promise<MeasuredResult> {
  if (!measuring) return result;
  const { method } = result;
  const tell = (phrase: string) => {
    terminal.progress(`${image.name}: ${phrase} …`);
  };
  const measured = await faithfulness(
    { image, model, method, options: methodOptions, targets, measuring },
    room,
    listener({
      stage: ({ phrase }) => {
        tell(phrase);
      },
      progress: ({ done, total }) => {
        tell(`${done} of ${total} masked pictures`);
      },
    }),
  );
  return { ...result, faithfulness: measured };
}

function tellOnce(sentences: readonly string[], told: Set<string>, terminal: Terminal): void {
  for (const sentence of sentences.filter((one) => !told.has(one))) {
    told.add(sentence);
    terminal.progress(sentence);
  }
}

async function deliver(
  input: string,
  image: ImageSource,
  result: MeasuredResult,
  method: MethodInfo,
  { files, look }: ExplainJob,
  terminal: Terminal,
): Promise<void> {
  const written = await files.write(input, image, result, method);
  // A terminal has no room for pixels.
  const drawn: Look | undefined = written.length === 0 ? { ...look, grain: 'patches' } : undefined;
  printExplanation(input, result, method, drawn, terminal);
  for (const file of written) terminal.result(`  ${path.relative('', file)}`);
}
