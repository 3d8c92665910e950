/** What a node is told beside its data, by attribute or by input. */
import { positiveAxis } from '../../onnx/infer-shape';
import type { Passage } from '../movement';

/** The attribute `axis`, counted from the front of the first input. */
export function axisOf({ node, inputs: [data = []] }: Passage, otherwise: number): number {
  const { axis } = node.attributes;
  return positiveAxis(typeof axis === 'number' ? axis : otherwise, data.length);
}

/** Integers from an input, or from an attribute of the same meaning in older opsets. */
export function integersAt(
  passage: Passage,
  input: number,
  attribute: string,
): readonly number[] | undefined {
  return passage.numbers(input) ?? integersOf(passage, attribute);
}

export function integersOf({ node }: Passage, attribute: string): readonly number[] | undefined {
  const value = node.attributes[attribute];
  return Array.isArray(value) ? value.map(Number) : undefined;
}
