/** The subscripts of an Einsum, with an ellipsis written out as capital letters. */

export interface EinsumEquation {
  /** One string of letters an operand. */
  readonly operands: readonly string[];
  readonly result: string;
}

/** @returns undefined if the equation has no arrow or does not fit the ranks of the operands. */
export function parseEinsum(
  equation: string,
  ranks: readonly number[],
): EinsumEquation | undefined {
  const [left, right, ...rest] = equation.replaceAll(/\s/g, '').split('->');
  if (left === undefined || right === undefined || rest.length > 0) return undefined;
  const terms = left.split(',');
  const hidden = terms.map((term, i) =>
    term.includes('...') ? (ranks[i] ?? 0) - (term.length - 3) : 0,
  );
  const widest = Math.max(0, ...hidden);
  const capitals = 'ABCDEFGH'.slice(0, widest);
  const operands = terms.map((term, i) =>
    term.replace('...', capitals.slice(widest - (hidden[i] ?? 0))),
  );
  const fits = operands.every((term, i) => term.length === ranks[i] && /^[A-Za-z]*$/.test(term));
  return fits && terms.length === ranks.length
    ? { operands, result: right.replace('...', capitals) }
    : undefined;
}
