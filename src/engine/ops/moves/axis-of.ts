import { positiveAxis } from '../axes';
import type { Passage } from '../movement';

/** The attribute `axis`, counted from the front of the first input. */
export function axisOf({ node, inputs: [data = []] }: Passage, otherwise: number): number {
  return positiveAxis(node.attributes.axis ?? otherwise, data.length);
}
