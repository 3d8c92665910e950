/** The attributes of nodes: each name has one type, whichever operator has it. */
import type { Constant } from '../onnx/constant';

/** What an attribute may hold, by the name of its type. */
interface Values {
  readonly int: number;
  readonly float: number;
  readonly string: string;
  readonly ints: readonly number[];
  readonly floats: readonly number[];
  readonly strings: readonly string[];
  readonly tensor: Constant;
}

export type AttributeType = keyof Values;
export type AttributeValue = Values[AttributeType];

/**
 * Of the operators in the catalogue, in every opset. `value` is not among them: it is a tensor in
 * ConstantOfShape, and was a number in Pad.
 */
const types = {
  allowzero: 'int',
  alpha: 'float',
  antialias: 'int',
  approximate: 'string',
  auto_pad: 'string',
  axes: 'ints',
  axis: 'int',
  batch_dims: 'int',
  beta: 'float',
  ceil_mode: 'int',
  coordinate_transformation_mode: 'string',
  count_include_pad: 'int',
  cubic_coeff_a: 'float',
  detect_negative: 'int',
  detect_positive: 'int',
  dilations: 'ints',
  do_rotary: 'int',
  ends: 'ints',
  epsilon: 'float',
  equation: 'string',
  exclude_outside: 'int',
  exclusive: 'int',
  extrapolation_value: 'float',
  fmod: 'int',
  gamma: 'float',
  group: 'int',
  is_causal: 'int',
  keep_aspect_ratio_policy: 'string',
  keepdims: 'int',
  kernel_shape: 'ints',
  kv_num_heads: 'int',
  largest: 'int',
  mask_filter_value: 'float',
  max: 'float',
  min: 'float',
  mode: 'string',
  momentum: 'float',
  nearest_mode: 'string',
  noop_with_empty_axes: 'int',
  num_heads: 'int',
  num_outputs: 'int',
  output_padding: 'ints',
  output_shape: 'ints',
  p: 'int',
  pads: 'ints',
  perm: 'ints',
  q_num_heads: 'int',
  qkv_hidden_sizes: 'ints',
  ratio: 'float',
  reduction: 'string',
  reverse: 'int',
  saturate: 'int',
  scale: 'float',
  select_last_index: 'int',
  shape: 'ints',
  softcap: 'float',
  sorted: 'int',
  split: 'ints',
  start: 'int',
  starts: 'ints',
  stash_type: 'int',
  storage_order: 'int',
  strides: 'ints',
  to: 'int',
  training_mode: 'int',
  transA: 'int',
  transB: 'int',
  transBatchA: 'int',
  transBatchB: 'int',
  unidirectional: 'int',
  upper: 'int',
  value_float: 'float',
  value_floats: 'floats',
  value_int: 'int',
  value_ints: 'ints',
} as const satisfies Readonly<Record<string, AttributeType>>;

type Types = typeof types;

/** Attributes by name. Names that are not known are kept as they came, for writing the graph back. */
export type Attributes = {
  readonly [Name in keyof Types]?: Values[Types[Name]] | undefined;
} & Readonly<Record<string, AttributeValue | undefined>>;

const byName: ReadonlyMap<string, AttributeType> = new Map(Object.entries(types));

/** The type of every attribute of this name; undefined for a name that is not known. */
export function attributeType(name: string): AttributeType | undefined {
  return byName.get(name);
}
