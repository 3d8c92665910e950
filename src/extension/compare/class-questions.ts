/** The classes of cells as a model is asked for them, and the cells of what it answers. */
import { classOfKey, sameClass } from '../../shared/compare/compared-class';
import type { CellAddress } from '../../shared/compare/comparison';
import type { Cell } from '../../shared/compare/comparison-state';
import type { Targets } from '../../shared/explanation';
import type { ModelDescription } from '../../shared/model';
import type { ExplainResult } from '../../shared/protocol/explain';

/** A cell and which of the maps of an answer it takes. */
interface Asked {
  readonly address: CellAddress;
  readonly takes: { readonly rank: number } | { readonly index: number };
}

export interface Question {
  readonly targets: Targets;
  readonly asked: readonly Asked[];
}

/**
 * As few calls as there are ways to ask.
 * @param cells of one model, method and picture
 * @param names of the classes whose numbers the cells have
 */
export function questionsOf(
  cells: readonly CellAddress[],
  names: readonly string[],
  { name, labels }: Pick<ModelDescription, 'name' | 'labels'>,
): { readonly asked: readonly Question[]; readonly without: readonly Cell[] } {
  const ranked: Asked[] = [];
  const named: Asked[] = [];
  const contrasts: Question[] = [];
  const without: Cell[] = [];
  let most = 0;
  for (const address of cells) {
    const compared = classOfKey(address.classes);
    if (compared.kind === 'ranked') {
      most = Math.max(most, compared.rank);
      ranked.push({ address, takes: { rank: compared.rank } });
      continue;
    }
    const index = sameClass(compared.index, names, labels);
    const against = compared.kind === 'contrast' ? compared.against : undefined;
    const other = against === undefined ? undefined : sameClass(against, names, labels);
    if (index === undefined || (against !== undefined && other === undefined)) {
      const lacked = index === undefined ? compared.index : (against ?? 0);
      const wanted = names[lacked] ?? `class ${lacked}`;
      const reason = `${name} has no class “${wanted}”.`;
      without.push({ address, outcome: { kind: 'none', reason } });
    } else if (other === undefined) {
      named.push({ address, takes: { index } });
    } else {
      const targets = { contrast: [index, other] } as const;
      contrasts.push({ targets, asked: [{ address, takes: { rank: 1 } }] });
    }
  }
  const asked: Question[] = [];
  if (ranked.length > 0) asked.push({ targets: { topK: most }, asked: ranked });
  if (named.length > 0) {
    const classes = named.flatMap(({ takes }) => ('index' in takes ? [takes.index] : []));
    asked.push({ targets: { classes: [...new Set(classes)] }, asked: named });
  }
  return { asked: [...asked, ...contrasts], without };
}

export function cellsFrom(
  { heatmaps, scores, window, grid }: ExplainResult,
  asked: readonly Asked[],
): readonly Cell[] {
  return asked.map(({ address, takes }) => {
    const at =
      'rank' in takes ? takes.rank - 1 : heatmaps.findIndex(({ index }) => index === takes.index);
    const heatmap = heatmaps[at];
    const score = scores[at];
    if (heatmap === undefined) {
      const reason = `The model gives ${heatmaps.length}, not more.`;
      return { address, outcome: { kind: 'none', reason } };
    }
    return { address, outcome: { kind: 'map', heatmap, score, window, grid } };
  });
}
