/** How the tokens behind the last block become logits: which rows are read, with which weight. */
import { follow } from '../onnx/follow';
import type { GraphView } from '../onnx/graph-view';
import { notAVit } from './not-a-vit';
import { ancestors, readBeside } from './reach';
import { allTokens, readoutDomain } from './readout-domain';
import type { Readout } from './structure';

/**
 * Follows the tokens from the last block to the logits.
 * @param stream output of the last block, `[1, T, D]`.
 * @throws EngineError `model-not-a-vit` if the tokens are read in a way that no known readout
 * describes, naming the node.
 */
export function findReadout(view: GraphView, stream: string, logits: string): Readout {
  const inputs = view.graph.inputs.map(({ name }) => name);
  const beside = readBeside(view, stream, inputs, logits);
  if (beside) {
    throw notAVit(
      `the logits are read from the tokens of the last block and also, at ${beside.op} (“${beside.name}”), ` +
        'from something before it.',
    );
  }
  const count = view.shape(stream)[1] ?? 0;
  const states = follow(view, readoutDomain(view, count), [[stream, allTokens(count, 1)]], {
    within: ancestors(view, [logits]),
    lost: ({ op, name }) => {
      throw notAVit(
        `behind its last block, ${op} (“${name}”) reads the tokens in a way that is not known ` +
          '(known: one token, a mean of tokens, both, attention pooling).',
      );
    },
  });
  const state = states.get(logits);
  if (state?.kind !== 'mix')
    throw notAVit('the logits are not read from the tokens of the last block.');
  return describe(state.parts);
}

function describe(parts: readonly (readonly number[])[]): Readout {
  const [first, second, ...rest] = parts;
  if (first && !second) {
    const row = onlyRow(first);
    return row === undefined ? { kind: 'mean', weights: first } : { kind: 'token', row };
  }
  if (first && second && rest.length === 0) {
    const row = onlyRow(first) ?? onlyRow(second);
    const weights = onlyRow(first) === undefined ? first : second;
    if (row !== undefined) return { kind: 'token+mean', row, weights };
  }
  throw notAVit(`the head reads ${parts.length} different mixtures of tokens side by side.`);
}

/** The token that alone has a weight. */
function onlyRow(weights: readonly number[]): number | undefined {
  const rows = weights.flatMap((weight, row) => (weight === 0 ? [] : [row]));
  return rows.length === 1 ? rows[0] : undefined;
}
