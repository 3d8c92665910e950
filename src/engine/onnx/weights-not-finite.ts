/** Weights that hold something else than numbers. */
import type { NotFinite } from '../not-finite';
import { rawBytes } from './external-tensor';
import type { GraphProto, TensorProto } from './onnx_pb';
import { TensorProto_DataType as DataType } from './onnx_pb';
import { sizeOf } from './tensor-bytes';

export interface WeightNotFinite {
  readonly name: string;
  readonly kind: NotFinite;
  /** A whole tensor with NaN in it is damaged; a single number may be a marker that is never reached. */
  readonly isDamaged: boolean;
}

/**
 * Of the float32 weights, in the order of the file; constants inside nodes come last.
 * @param folder where weights beside the model lie
 */
export function weightsNotFinite(graph: GraphProto, folder: string): WeightNotFinite[] {
  const constants = graph.node.flatMap(({ output, attribute }) =>
    attribute.flatMap(({ t }) => (t ? [{ name: output[0] ?? t.name, tensor: t }] : [])),
  );
  const weights = graph.initializer.map((tensor) => ({ name: tensor.name, tensor }));
  return [...weights, ...constants].flatMap(({ name, tensor }) => {
    const kind = kindIn(tensor, folder);
    const isDamaged = kind === 'NaN' && sizeOf(tensor.dims.map(Number)) > 1;
    return kind === undefined ? [] : [{ name, kind, isDamaged }];
  });
}

const floatType: number = DataType.FLOAT;

/** NaN before infinity. */
function kindIn(tensor: TensorProto, folder: string): NotFinite | undefined {
  const { dataType, floatData } = tensor;
  if (dataType !== floatType) return undefined;
  const rawData = rawBytes(tensor, folder);
  let found: NotFinite | undefined;
  if (rawData.byteLength === 0) {
    if (floatData.some(Number.isNaN)) return 'NaN';
    return floatData.every(Number.isFinite) ? undefined : 'infinity';
  }
  // By its bytes (little-endian), for a weight lies anywhere in a file: all bits of the exponent are
  // set, and in an infinity no other but the sign.
  for (let at = 3; at < rawData.length; at += 4) {
    if (((rawData[at] ?? 0) & 0x7f) !== 0x7f || (rawData[at - 1] ?? 0) < 0x80) continue;
    const fraction =
      ((rawData[at - 1] ?? 0) & 0x7f) | (rawData[at - 2] ?? 0) | (rawData[at - 3] ?? 0);
    if (fraction !== 0) return 'NaN';
    found = 'infinity';
  }
  return found;
}
