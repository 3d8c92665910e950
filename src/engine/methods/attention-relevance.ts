/** Gradient and relevance of attention, block by block. */
import type { Block } from '../vit/structure';
import type { Attribution } from './attribution';

/** G_l = ∂y/∂A_l of every class, `[K, …A]` a block. */
export function attentionGradients(attribution: Attribution, blocks: readonly Block[]): string[] {
  const names = blocks.map((block) => block.attention);
  const found = attribution.walk('gradient', names);
  return names.map((name) => attribution.cotangent(found, name));
}

/** R^A_l of every class, `[K, …A]` a block. */
export function attentionRelevances(attribution: Attribution, blocks: readonly Block[]): string[] {
  const names = blocks.map((block) => block.attention);
  const found = attribution.walk('relevance', names);
  return names.map((name) => attribution.cotangent(found, name));
}
