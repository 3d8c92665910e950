/** The classes as the panel lists them. */
import type { ClassScore, Heatmap, MethodInfo } from '../shared/explanation';
import { askedClasses, labelClass } from '../shared/panel/asked-classes';
import type { PanelState } from '../shared/panel/panel-model';

export interface ClassRow {
  readonly index: number;
  readonly label: string;
  /** Undefined until the model's answer for this class is known. */
  readonly probability?: number | undefined;
  /** Among the classes that answers are taken among, where it is one of them. */
  readonly share?: number | undefined;
  readonly logit?: number | undefined;
  readonly value?: number | undefined;
  /** Of a phrase. */
  readonly similarity?: number;
  /** What it was before the picture was changed. */
  readonly before?: ClassScore['before'];
  /** Whether the dataset says that the picture is of this class. */
  readonly isLabel: boolean;
}

/** The most probable classes first, then that of the label, then those the person asked for. */
export function classRows(panel: PanelState): ClassRow[] {
  const { opened, classified, explained } = panel;
  const ofLabel = labelClass(panel);
  const top = classified?.topK ?? [];
  // Shares among the classes of before are none of the new answer's.
  const scores = sameClasses(explained?.among, classified?.among) ? explained?.scores : [];
  const others = askedClasses(panel)
    .filter((index) => !top.some((score) => score.index === index))
    .map((index) => {
      const score = scores?.find((one) => one.index === index);
      const label = opened?.labels[index] ?? `Class ${index}`;
      return { index, label, ...score };
    });
  return [...top, ...others].map((row) => ({ ...row, isLabel: row.index === ofLabel }));
}

type Among = readonly number[] | undefined;

function sameClasses(one: Among, other: Among): boolean {
  return one?.join() === other?.join();
}

/** What the dataset says the picture is, where the model has no such class. */
export function unknownLabel(panel: PanelState): string | undefined {
  const { opened, label } = panel;
  if (opened === undefined || label === undefined) return undefined;
  return labelClass(panel) === undefined ? (label.name ?? `class ${label.index}`) : undefined;
}

/** Whether the list holds everything that the model gives, as far as its names tell. */
export function listsAll({ opened, classified }: PanelState): boolean {
  const { topK = [] } = classified ?? {};
  const labels = opened?.labels ?? [];
  if (labels.length > 0) {
    // Names that do not go with the model are not those of its answers.
    return topK.length === labels.length && topK.every((one) => one.label === labels[one.index]);
  }
  // So the worker calls the only number of a model without names; several are counted.
  return topK.some(({ label }) => label === 'value' || label === 'positive');
}

/** The class whose map is shown: the chosen one, or the most probable. */
export function selectedRow(panel: PanelState): ClassRow | undefined {
  const rows = classRows(panel);
  return rows.find((row) => row.index === panel.chosenClass) ?? rows[0];
}

/** The map of the selected class, once it is there. */
export function selectedHeatmap(panel: PanelState): Heatmap | undefined {
  const index = selectedRow(panel)?.index;
  if (selectedContrast(panel) !== undefined) return panel.contrasted;
  return panel.explained?.heatmaps.find((heatmap) => heatmap.index === index);
}

/** The class that the selected one is held against, where its method tells classes apart. */
export function selectedContrast(panel: PanelState): number | undefined {
  const { contrast } = panel;
  const isSelected = contrast?.index === selectedRow(panel)?.index;
  return isSelected && selectedMethod(panel)?.classSpecific !== false
    ? contrast?.against
    : undefined;
}

/** The chosen method, once the list of methods is there. */
export function selectedMethod({ methods, method }: PanelState): MethodInfo | undefined {
  return methods.find(({ id }) => id === method);
}
