/** What the answers show that are taken among some classes, beside those among all. */
import { amongInWords, amongNotice } from '../../shared/among';
import type { BatchHeader } from '../../shared/batch-header';
import type { DatasetSummary } from '../../shared/dataset-summary';
import { shortName } from '../../shared/class-name';
import { answerFacts } from './answer-facts';
import { confusion } from './class-sections';
import { markup, type Markup } from './html';
import { factList, section, type Fact } from './page';

export function amongSections(header: BatchHeader, { among }: DatasetSummary): Markup[] {
  const { among: list, classes, output } = header;
  if (list === undefined || among === undefined) return [];
  const words = amongInWords(list);
  const facts: readonly Fact[] = [
    ['With one of these classes', String(among.labelled)],
    ...(among.outside === 0 ? [] : [['Labelled otherwise', String(among.outside)] as const]),
    ...answerFacts(among, list.classes.length),
  ];
  const shares =
    amongNotice(output) ??
    'Shares are those of the softmax over these classes alone, as if the model knew no others.';
  return [
    section(
      `Among ${words}`,
      factList(facts),
      markup`<p>${shares} The answers among all stand in the other sections, and all maps are of these.</p>
<details><summary>${words.charAt(0).toUpperCase()}${words.slice(1)}</summary><p>${list.classes
        .map((index) => shortName(classes, index))
        .join(', ')}</p></details>`,
    ),
    ...confusion(header, among, `Confusion matrix among ${words}`),
  ];
}
