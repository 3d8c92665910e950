/** What a node is told beside its data: small integers, as an input or, in older opsets, an attribute. */
import type { GraphNode } from '../onnx/graph';

/** Integer inputs that were attributes of the same name before opset 13. */
const onceAttributes = ['axes', 'ends', 'pads', 'shape', 'split', 'starts'] as const;
type OnceAttribute = (typeof onceAttributes)[number];

export type Argument =
  OnceAttribute | 'axis' | 'depth' | 'indices' | 'k' | 'repeats' | 'sizes' | 'steps';

/** At which of its inputs an operator takes its integers. */
export type Arguments = Readonly<Partial<Record<Argument, number>>>;

type WithAttributes = Pick<GraphNode, 'attributes'>;

/** The attribute that an integer input was in older opsets. */
export function formerAttribute(
  { attributes }: WithAttributes,
  argument: Argument,
): readonly number[] | undefined {
  const name = onceAttributes.find((once) => once === argument);
  return name && attributes[name];
}

interface FormerAttribute {
  readonly name: OnceAttribute;
  /** The input that it is now. */
  readonly place: number;
  readonly values: readonly number[];
}

/** The attributes of a node that are inputs by now, in the order of these. */
export function formerAttributes(
  { attributes }: WithAttributes,
  places: Arguments,
): readonly FormerAttribute[] {
  return onceAttributes
    .flatMap((name) => {
      const [place, values] = [places[name], attributes[name]];
      return place === undefined || values === undefined ? [] : [{ name, place, values }];
    })
    .sort((one, other) => one.place - other.place);
}
