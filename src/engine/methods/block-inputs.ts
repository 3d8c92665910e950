/** Block inputs times their gradients, token by token. */
import type { Cotangents } from '../backward/walker';
import { classAxisPlaceholder } from '../backward/tape';
import type { Attribution } from './attribution';

/** Σ_d h_l ⊙ g_l of every block's input, `[K, 1, T]` a block. */
export function inputsTimesGradients(attribution: Attribution, found: Cotangents): string[] {
  return attribution.structure.blocks.map(({ input }) =>
    overFeatures(attribution, attribution.cotangent(found, input), attribution.tape.value(input)),
  );
}

/** Σ_d a ⊙ b for every token, `[K, 1, T]`; b is one row a token, or one for all. */
export function overFeatures(attribution: Attribution, cotangent: string, other: string): string {
  const { tape, structure } = attribution;
  const rank = tape.shape(cotangent).length;
  const dims = [classAxisPlaceholder, 1, structure.tokens];
  const isVector = tape.isConstant(other) && tape.shape(other).length === 1;
  if (isVector) {
    const column = tape.reshape(other, [tape.shape(other)[0] ?? 1, 1]);
    return tape.reshape(tape.linear(cotangent, column, false), dims);
  }
  return tape.reshape(tape.sum(tape.mul(cotangent, other), [rank - 1]), dims);
}
