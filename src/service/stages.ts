import type * as v from 'valibot';
import type { stageSchema } from '../shared/protocol/events';

/** Tells each step of the work as it begins. */
export function stagesTo(
  tell: (event: v.InferOutput<typeof stageSchema>) => void,
): (phrase: string) => void {
  return (phrase) => {
    tell({ kind: 'stage', phrase });
  };
}
