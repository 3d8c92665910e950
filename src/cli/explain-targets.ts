/** Which classes `vit-explain explain` traces, in the model's numbers. */
import { readClassList } from '../shared/class-list';
import { counted } from '../shared/counted';
import type { Targets } from '../shared/explanation';
import { Failure } from '../shared/failure';
import { findClass, findTwoClasses } from '../shared/find-class';
import type { ModelDescription } from '../shared/model';
import { usableClasses } from '../shared/among';
import type { Workroom } from '../service/workroom';
import type { Terminal } from './command';
import type { ExplainJob } from './explain-job';

/** @throws Failure `class-unknown`, `labels-mismatch` where a name is not that of one class */
export async function targetsOf(
  { classes, contrast, topK, room }: ExplainJob,
  model: ModelDescription,
  terminal: Terminal,
): Promise<Targets> {
  if (classes.length === 0 && contrast === undefined) return { topK };
  const isByNumber =
    contrast === undefined ? classes.every(isNumber) : contrast.split(',').every(isNumber);
  if (!isByNumber) await checkNames(model, room, terminal);
  return contrast === undefined
    ? { classes: classes.map((name) => findClass(name, model.labels)) }
    : { contrast: [...findTwoClasses(contrast, model.labels)] };
}

/** @throws Failure `class-unknown`, `labels-mismatch` where a name is not that of one class, or there are too few */
export async function amongOf(
  { among, room }: ExplainJob,
  model: ModelDescription,
  terminal: Terminal,
): Promise<readonly number[] | undefined> {
  if (among === undefined) return undefined;
  if (!among.split(',').every(isNumber)) await checkNames(model, room, terminal);
  const { classes, problems } = usableClasses(readClassList(among, model.labels), model.labels);
  if (classes !== undefined) return classes;
  throw new Failure(
    'class-unknown',
    problems.join(' '),
    'Give two classes or more, by their numbers where names are not clear, or leave --among out.',
  );
}

function isNumber(text: string): boolean {
  return /^\s*\d+\s*$/.test(text);
}

/** @throws Failure `labels-mismatch` where the names are not those of the classes */
async function checkNames(
  model: ModelDescription,
  room: Workroom,
  terminal: Terminal,
): Promise<void> {
  const { explainer } = await room.models.open(model, model.preprocessing.crop, (phrase) => {
    terminal.progress(`${model.name}: ${phrase} …`);
  });
  const count = explainer.structure.classes;
  if (model.labels.length > 0 && model.labels.length !== count) {
    throw new Failure(
      'labels-mismatch',
      `${model.name} has ${counted(count, 'class', 'classes')}, but ${counted(model.labels.length, 'name was', 'names were')} found.`,
      'Correct the labels beside the model, or give the numbers of the classes.',
    );
  }
}
