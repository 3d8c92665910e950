/** Whether there is the memory for a run, before it begins. */
import { EngineError } from '../engine-error';

export interface Wanted {
  /** What is to be run: a method by its name, or the model. */
  readonly what: string;
  /** In bytes, of the whole process. */
  readonly needed: number;
  /** Ids of methods, and what each would need. */
  readonly others: () => readonly { readonly id: string; readonly needed: number }[];
}

/**
 * @param most that this process can have, in bytes: what it has and what is free
 * @throws EngineError `out-of-memory`, with what would fit
 */
export function checkFits({ what, needed, others }: Wanted, most: number): void {
  if (needed <= most) return;
  const fitting = others()
    .filter((other) => other.needed <= most)
    .sort((a, b) => b.needed - a.needed)
    .map(({ id }) => id);
  throw new EngineError(
    'out-of-memory',
    `${what} needs about ${gigabytes(needed)} of memory, and there are ${gigabytes(most)} for it.`,
    fitting.length > 0
      ? `What would fit: ${fitting.join(', ')}. Or close other programs, or choose a smaller model or picture size.`
      : 'Close other programs, or choose a smaller model or picture size.',
  );
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
