/** From the operators that ONNX Runtime's optimiser leaves to the few that the engine explains. */
import type { Graph } from './graph';
import { applyRewrites } from './rewrite';
import { attentionOperator } from './rewrites/attention-operator';
import { einsum } from './rewrites/einsum';
import { mergeHeads } from './rewrites/merge-heads';
import { batchFirst } from './rewrites/batch-first';
import { dropNoOps } from './rewrites/drop-no-ops';
import { fusedAttention } from './rewrites/fused-attention';
import { decomposedGelu, decomposedQuickGelu, fusedGelu } from './rewrites/gelu';
import { l2Norm } from './rewrites/l2-norm';
import { layerNorm, normScale } from './rewrites/layer-norm';
import { layoutAsReshape, mergeReshapes } from './rewrites/layout';
import { mergeTransposes } from './rewrites/merge-transposes';
import { centredFirst, dividedByRoot } from './rewrites/norm-forms';
import { plainArithmetic } from './rewrites/plain-arithmetic';
import { plainProducts } from './rewrites/plain-products';
import { plainBias, plainGemm, tokenConvolution } from './rewrites/plain-linear';
import { rmsNorm } from './rewrites/rms-norm';
import { scaledProducts } from './rewrites/scaled-products';
import { spelledSoftmax } from './rewrites/spelled-softmax';
import { tokensFirst } from './rewrites/tokens-first';
import {
  softmaxOverLast,
  transposedProducts,
  turnedProducts,
  untransposedSides,
} from './rewrites/turned-products';
import { canonicalOpset, upgradeOpset } from './rewrites/upgrade-opset';
import { where } from './rewrites/where';

/** The same function in the canonical opset and operators (listed in `src/engine/README.md`). */
export function simplify(graph: Graph): Graph {
  const rewritten = applyRewrites(graph, [
    upgradeOpset,
    plainArithmetic,
    dropNoOps,
    fusedGelu,
    decomposedGelu,
    decomposedQuickGelu,
    attentionOperator,
    fusedAttention,
    einsum,
    where,
    spelledSoftmax,
    softmaxOverLast,
    plainGemm,
    tokenConvolution,
    transposedProducts,
    turnedProducts,
    // Of the turned weights, so that their products are known for linear maps.
    mergeTransposes,
    untransposedSides,
    plainProducts,
    scaledProducts,
    // Layout first: a LayerNorm is only recognised where its tokens are in one layout.
    tokensFirst(),
    mergeTransposes,
    layoutAsReshape,
    batchFirst,
    mergeHeads,
    mergeReshapes,
    mergeTransposes,
    dropNoOps,
    plainBias,
    l2Norm,
    dividedByRoot,
    centredFirst,
    layerNorm,
    rmsNorm,
    // Once for the scale, once for the shift behind it.
    normScale,
    normScale,
  ]);
  return {
    ...rewritten,
    opsets: new Map([
      ['', canonicalOpset],
      ['com.microsoft', 1],
    ]),
  };
}
