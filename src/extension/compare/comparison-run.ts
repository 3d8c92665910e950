/**
 * The maps of a comparison that are missing: model by model, picture by picture, so that each model is
 * opened once and runs forward once for all methods; cheap methods first. Each cell is told as it comes.
 */
import type { MethodInfo } from '../../shared/explanation';
import { failureData } from '../../shared/failure';
import type { FailureCode } from '../../shared/failure-data';
import { changeOf, type CellAddress, type Comparison } from '../../shared/compare/comparison';
import type { ComparisonFact } from '../../shared/compare/comparison-facts';
import type { Cell, CellOutcome, ComparedModel } from '../../shared/compare/comparison-state';
import type { ModelDescription } from '../../shared/model';
import { withPhrases } from '../../shared/phrases';
import { readingOf } from '../../shared/picture-reading';
import type { ModelManager } from '../models/model-manager';
import type { PageRequest } from '../page/requests';
import { explainSettings } from '../settings';
import type { WorkerHost } from '../worker-host';
import { cellsFrom, questionsOf } from './class-questions';
import type { ComparedPictures } from './compared-pictures';

export interface ComparisonServices {
  readonly worker: WorkerHost;
  readonly models: ModelManager;
}

export type ComparisonRequest = PageRequest<ComparisonFact>;

/** What all steps of a run share. */
interface Run extends ComparisonServices {
  readonly request: ComparisonRequest;
  readonly pictures: ComparedPictures;
  readonly methods: readonly MethodInfo[];
  readonly comparison: Comparison;
  /** Names of the classes that the comparison means by its numbers. */
  readonly classNames: readonly string[];
  /** For the worker: a newer call of this page replaces its older ones. */
  readonly owner: string;
}

/** @throws Failure `cancelled`, and what keeps every cell from being known */
export async function compare(
  run: Omit<Run, 'classNames'>,
  missing: readonly CellAddress[],
): Promise<void> {
  const { request, comparison } = run;
  const { labels } = await resolved(run, comparison.classesOf);
  request.check();
  for (const [modelId, ofModel] of grouped(missing, 'models')) {
    await orReason(run, ofModel, async () => {
      await withModel({ ...run, classNames: labels }, modelId, ofModel);
    });
  }
}

async function withModel(run: Run, modelId: string, missing: readonly CellAddress[]) {
  const { request, worker } = run;
  const model = await resolved(run, modelId);
  busy(run, `Opening ${model.name}`);
  const inspection = await worker.call(
    'inspect',
    { model },
    { signal: request.signal, owner: run.owner },
  );
  request.check();
  const { id, name, labels } = model;
  const compared = { id, name, labels, availability: inspection.methods };
  request.tell({ kind: 'opened', model: compared });
  for (const [picture, ofPicture] of grouped(missing, 'pictures')) {
    await orReason(run, ofPicture, async () => {
      const shown = run.pictures.get(picture);
      const change = changeOf(run.comparison, picture);
      const reading = readingOf(model.preprocessing);
      const drawn = await shown.drawn(request.signal, reading, change);
      request.check();
      request.tell({ kind: 'drawn', picture: { ...drawn, modelId } });
      await ofOnePicture(run, model, compared, ofPicture);
    });
  }
}

/** What cannot run on the model is told first; the others by their cost. */
async function ofOnePicture(
  run: Run,
  model: ModelDescription,
  { availability }: ComparedModel,
  missing: readonly CellAddress[],
): Promise<void> {
  const { request, methods } = run;
  const groups = grouped(missing, 'methods');
  const costOf = (id: string): number => methods.find((method) => method.id === id)?.cost ?? 0;
  const runnable: string[] = [];
  for (const [method, cells] of groups) {
    const known = availability.find(({ id }) => id === method);
    if (known !== undefined && known.reason === undefined) {
      runnable.push(method);
    } else {
      tell(run, cells, {
        kind: 'none',
        reason: known?.reason ?? `There is no method “${method}”.`,
      });
    }
  }
  runnable.sort((one, other) => costOf(one) - costOf(other));
  for (const [at, method] of runnable.entries()) {
    const toCome = at === 0 ? runnable.slice(1) : [];
    const cells = groups.get(method) ?? [];
    await orReason(run, cells, () => trace(run, model, method, cells, toCome));
    request.check();
  }
}

async function trace(
  run: Run,
  model: ModelDescription,
  method: string,
  cells: readonly CellAddress[],
  toCome: readonly string[],
): Promise<void> {
  const { request, worker, methods, classNames, comparison, owner } = run;
  const picture = cells[0]?.pictures ?? '';
  const shown = run.pictures.get(picture);
  const { preset, topK } = explainSettings(shown.uri);
  const name = methods.find(({ id }) => id === method)?.name ?? method;
  const image = await shown.source(changeOf(comparison, picture));
  const questions = questionsOf(cells, classNames, model);
  tellAll(run, questions.without);
  for (const [at, { targets, asked }] of questions.asked.entries()) {
    request.check();
    busy(run, `${name} on ${shown.name}`);
    const result = await worker.call(
      'explain',
      {
        image,
        model,
        method,
        options: { preset },
        targets,
        listed: topK,
        stability: false,
        ...(at === 0 && toCome.length > 0 && { toCome: [...toCome] }),
      },
      { signal: request.signal, owner },
    );
    tellAll(run, cellsFrom(result, asked));
  }
}

/** What a second try would not change. */
const lasting: ReadonlySet<FailureCode> = new Set(['method-not-applicable', 'class-unknown']);

/** What goes wrong is said in these cells; only what ends the whole request goes on. */
async function orReason(
  run: Run | Omit<Run, 'classNames'>,
  cells: readonly CellAddress[],
  work: () => Promise<void>,
): Promise<void> {
  try {
    await work();
  } catch (error) {
    run.request.check();
    const { code, message, nextStep } = failureData(error);
    if (code === 'cancelled' || code === 'setting-invalid') throw error;
    const kind = lasting.has(code) ? 'none' : 'failed';
    tell(run, cells, { kind, reason: `${message} ${nextStep}` });
  }
}

/**
 * With the method that the held model is explained by where nobody names one.
 * @throws Failure as resolving and opening the model
 */
export async function byBestMethod(
  run: Pick<Run, 'models' | 'worker' | 'request' | 'comparison' | 'owner'>,
): Promise<Comparison> {
  const { worker, request, comparison, owner } = run;
  const { held } = comparison;
  const model = await resolved(run, held.models);
  const { method } = await worker.call('bestMethod', { model }, { signal: request.signal, owner });
  request.check();
  return { ...comparison, held: { ...held, methods: method } };
}

async function resolved(
  { models, request, comparison: { phrases } }: Pick<Run, 'models' | 'request' | 'comparison'>,
  modelId: string,
): Promise<ModelDescription> {
  const found = await models.resolve(modelId, request.signal, (phrase) =>
    request.tell({ kind: 'activity', activity: { kind: 'busy', phrase } }),
  );
  return found.zeroShot === undefined ? found : withPhrases(found, phrases);
}

function grouped(cells: readonly CellAddress[], axis: keyof CellAddress) {
  const groups = new Map<string, CellAddress[]>();
  for (const cell of cells) groups.set(cell[axis], [...(groups.get(cell[axis]) ?? []), cell]);
  return groups;
}

function busy({ request }: Pick<Run, 'request'>, phrase: string): void {
  request.tell({ kind: 'activity', activity: { kind: 'busy', phrase } });
}

function tell(
  run: Pick<Run, 'request'>,
  cells: readonly CellAddress[],
  outcome: CellOutcome,
): void {
  tellAll(
    run,
    cells.map((address) => ({ address, outcome })),
  );
}

function tellAll({ request }: Pick<Run, 'request'>, cells: readonly Cell[]): void {
  if (cells.length > 0) request.tell({ kind: 'found', cells });
}
