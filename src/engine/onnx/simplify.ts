/** From the operators that ONNX Runtime's optimiser leaves to the few that the engine explains. */
import type { Graph } from './graph';
import { applyRewrites } from './rewrite';
import { batchFirst } from './rewrites/batch-first';
import { dropNoOps } from './rewrites/drop-no-ops';
import { decomposedGelu, decomposedQuickGelu, fusedGelu } from './rewrites/gelu';
import { layerNorm, normScale } from './rewrites/layer-norm';
import { layoutAsReshape, mergeReshapes } from './rewrites/layout';
import { canonicalOpset, upgradeOpset } from './rewrites/upgrade-opset';

/** The same function in the canonical opset and operators (listed in `src/engine/README.md`). */
export function simplify(graph: Graph): Graph {
  const rewritten = applyRewrites(graph, [
    upgradeOpset,
    dropNoOps,
    layerNorm,
    // Once for the scale, once for the shift behind it.
    normScale,
    normScale,
    fusedGelu,
    decomposedGelu,
    decomposedQuickGelu,
    layoutAsReshape,
    batchFirst,
    mergeReshapes,
  ]);
  return {
    ...rewritten,
    opsets: new Map([
      ['', canonicalOpset],
      ['com.microsoft', 1],
    ]),
  };
}
