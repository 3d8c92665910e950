/** The strength of a class's answer: as a bar, and in figures. */
import { formatLogit, formatShare, formatThousandths } from '../../shared/format-number';
import type { ClassRow } from '../class-rows';

interface Props {
  readonly row: ClassRow;
  /** Whether answers are taken among some classes. */
  readonly isAmong: boolean;
}

export function ClassFigures({ row, isAmong }: Props) {
  const was = row.before && strong(row.before, isAmong);
  return (
    <span class="class-figures">
      <span class="class-bar" aria-hidden="true">
        <span style={{ width: `${(strong(row, isAmong) ?? 0) * 100}%` }} />
        {was !== undefined && <i style={{ left: `${was * 100}%` }} />}
      </span>
      <span class="class-logit">{figuresOf(row, isAmong)}</span>
    </span>
  );
}

type Strength = Pick<ClassRow, 'probability' | 'share'>;

/** The share among the chosen classes, where answers are taken among some. */
export function strong({ probability, share }: Strength, isAmong: boolean): number | undefined {
  return isAmong ? share : probability;
}

/** Where the picture was changed, what the class had without that; then its strength, or its probability among all. */
function figuresOf(row: ClassRow, isAmong: boolean): string {
  const { probability, before } = row;
  const own =
    isAmong && probability !== undefined
      ? `${formatShare(probability)} among all`
      : strengthOf(row);
  const was = before && strong(before, isAmong);
  if (was !== undefined) return `was ${formatShare(was)} · ${own}`;
  if (before?.similarity === undefined) return own;
  return `${own}, was ${formatThousandths(before.similarity)}`;
}

function strengthOf({ index, logit, similarity }: ClassRow): string {
  if (similarity !== undefined) return `similarity ${formatThousandths(similarity)}`;
  return logit === undefined ? `class ${index}` : `logit ${formatLogit(logit)}`;
}
