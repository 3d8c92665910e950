/** Which classes a panel asks about besides the most probable ones. */
import type { PanelState } from './panel-model';

type Asked = Pick<PanelState, 'opened' | 'label' | 'extraClasses' | 'chosenClass'>;

/** That of the label first, then those that the person named; none twice. */
export function askedClasses(panel: Asked): readonly number[] {
  const asked = [labelClass(panel), ...panel.extraClasses, panel.chosenClass];
  return [...new Set(asked)].filter((index) => index !== undefined);
}

/** The class that the dataset says the picture is of, where the open model has it. */
export function labelClass({ opened, label }: Pick<Asked, 'opened' | 'label'>): number | undefined {
  if (opened === undefined || label === undefined) return undefined;
  const { labels } = opened;
  const { index, name } = label;
  if (name === undefined) return labels.length === 0 ? index : undefined;
  if (labels[index] === name) return index;
  // Another model may have the class elsewhere, twice, or not at all.
  const first = labels.findIndex((other) => other === name);
  return first >= 0 && labels.lastIndexOf(labels[first] ?? '') === first ? first : undefined;
}
