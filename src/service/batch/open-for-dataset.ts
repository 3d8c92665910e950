/** A model as the pictures of a dataset go through it. */
import type { ModelDescription } from '../../shared/model';
import { comparesPhrases } from '../../shared/phrases';
import { bothSides, checkPhrases, labelsFor } from '../models/class-names';
import type { OpenModel } from '../models/open-models';
import type { Workroom } from '../workroom';

export interface DatasetModel extends OpenModel {
  /** Class names by index; empty when the model has none that fit. */
  readonly labels: readonly string[];
  /** Whether the model gives the probability of one class alone: the first name is made from the second. */
  readonly oneSideNamed: boolean;
  /** Sentences about the names of its classes. */
  readonly notices: readonly string[];
}

/** @throws Failure, EngineError when the model cannot be used at all */
export async function openForDataset(
  model: ModelDescription,
  room: Workroom,
  onStage: (phrase: string) => void,
): Promise<DatasetModel> {
  checkPhrases(model);
  const open = (described: ModelDescription) =>
    room.models.open(described, model.preprocessing.crop, onStage);
  const asItIs = await open(model);
  const { labels, notices } = labelsFor(model, asItIs.explainer);
  const sides = comparesPhrases(model) ? undefined : bothSides(asItIs.explainer, labels);
  if (sides === undefined) return { ...asItIs, labels, oneSideNamed: false, notices };
  // Told both names, the model gives both probabilities.
  const { key, explainer } = await open({ ...model, labels: sides });
  return { ...asItIs, key, explainer, labels: sides, oneSideNamed: true, notices };
}
