/** Which classes of the open model a panel's answers are taken among. */
import { amongInWords, usableClasses, type UsableClasses } from '../among';
import { readClassList } from '../class-list';
import { counted } from '../counted';
import { labelClass } from './asked-classes';
import type { PanelState } from './panel-model';

type Choosing = Pick<PanelState, 'opened' | 'among' | 'datasetClasses'>;

/** More names than these are only counted. */
const mostNamed = 5;

/** Of phrases, which are a list that the person typed, the answers are among all. */
export function amongClasses({ opened, among, datasetClasses }: Choosing): UsableClasses {
  if (opened === undefined || opened.comparesPhrases || among.of === 'all') return { problems: [] };
  const { labels } = opened;
  if (among.of === 'list') return usableClasses(readClassList(among.text, labels), labels);
  const found = datasetClasses.map((label) => ({ label, index: labelClass({ opened, label }) }));
  const unknown = found.flatMap(({ label, index }) =>
    index === undefined ? [label.name ?? `class ${label.index}`] : [],
  );
  const classes = found.flatMap(({ index }) => index ?? []);
  const { problems, ...rest } = usableClasses({ classes, problems: [] }, labels);
  return { ...rest, problems: [...unknownWords(unknown), ...problems] };
}

function unknownWords(names: readonly string[]): readonly string[] {
  if (names.length === 0) return [];
  const shown = names.slice(0, mostNamed).join(', ');
  const more = names.length > mostNamed ? `, and ${names.length - mostNamed} more` : '';
  return [
    `This model does not know ${counted(names.length, 'class', 'classes')} of the dataset: ${shown}${more}.`,
  ];
}

/** What the listed answers are taken among; undefined: all. */
export function amongWords({
  classified,
  among,
}: Pick<PanelState, 'classified' | 'among'>): string | undefined {
  const { among: classes } = classified ?? {};
  return classes && amongInWords({ of: among.of === 'dataset' ? 'dataset' : 'list', classes });
}
