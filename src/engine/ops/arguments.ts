/** What a node is told beside its data: small integers, as an input or, in older opsets, an attribute. */
import type { GraphNode } from '../onnx/graph';

/** Integer inputs that were attributes of the same name before opset 13. */
const formerAttributes = ['axes', 'ends', 'pads', 'shape', 'split', 'starts'] as const;

export type Argument =
  | (typeof formerAttributes)[number]
  | 'axis'
  | 'depth'
  | 'indices'
  | 'k'
  | 'repeats'
  | 'sizes'
  | 'steps';

/** At which of its inputs an operator takes its integers. */
export type Arguments = Readonly<Partial<Record<Argument, number>>>;

/** The attribute that an integer input was in older opsets. */
export function formerAttribute(
  { attributes }: Pick<GraphNode, 'attributes'>,
  argument: Argument,
): readonly number[] | undefined {
  const name = formerAttributes.find((former) => former === argument);
  return name && attributes[name];
}
