/** The classes as the panel lists them. */
import type { Heatmap, MethodInfo } from '../shared/explanation';
import type { PanelState } from '../shared/panel/panel-model';
import type { ViewState } from './view-state';

export interface ClassRow {
  readonly index: number;
  readonly label: string;
  /** Undefined until the model's answer for this class is known. */
  readonly probability?: number | undefined;
  readonly logit?: number | undefined;
  readonly value?: number | undefined;
  /** Of a phrase. */
  readonly similarity?: number;
  /** Asked for by the person, not among the most probable. */
  readonly extra: boolean;
}

/** The most probable classes first, then those the person asked for. */
export function classRows({ opened, classified, explained, extraClasses }: PanelState): ClassRow[] {
  const top: ClassRow[] = (classified?.topK ?? []).map((score) => ({ ...score, extra: false }));
  const extra = extraClasses
    .filter((index) => !top.some((row) => row.index === index))
    .map((index): ClassRow => {
      const score = explained?.scores.find((one) => one.index === index);
      const label = opened?.labels[index] ?? `Class ${index}`;
      return { index, label, ...score, extra: true };
    });
  return [...top, ...extra];
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
export function selectedRow(panel: PanelState, { classIndex }: ViewState): ClassRow | undefined {
  const rows = classRows(panel);
  return rows.find((row) => row.index === classIndex) ?? rows[0];
}

/** The map of the selected class, once it is there. */
export function selectedHeatmap(panel: PanelState, view: ViewState): Heatmap | undefined {
  const index = selectedRow(panel, view)?.index;
  if (selectedContrast(panel, view) !== undefined) return panel.contrasted;
  return panel.explained?.heatmaps.find((heatmap) => heatmap.index === index);
}

/** The class that the selected one is held against, where its method tells classes apart. */
export function selectedContrast(panel: PanelState, view: ViewState): number | undefined {
  const { contrast } = panel;
  const isSelected = contrast?.index === selectedRow(panel, view)?.index;
  return isSelected && selectedMethod(panel)?.classSpecific !== false
    ? contrast?.against
    : undefined;
}

/** The chosen method, once the list of methods is there. */
export function selectedMethod({ methods, method }: PanelState): MethodInfo | undefined {
  return methods.find(({ id }) => id === method);
}
