/** Layers that have no bias throughout: so a model may be made, or so a file may have been robbed. */
import type { ArchitectureFacts } from './facts';
import type { LinearWeights, VitWeights } from './vit-weights';

/**
 * Lists the layers whose family has a bias there. A product of query, key and value without any is
 * custom (`qkv_bias=False`), and so is what timm’s `proj_bias=False` in the config leaves out.
 */
export function assumeWithoutBias({ blocks, head }: VitWeights, facts: ArchitectureFacts): void {
  const layers: [name: string, layer: LinearWeights | undefined][] = [];
  const [first] = blocks;
  if (first && facts.config.flag('proj_bias') !== false) {
    layers.push(
      ['the projection behind the attention', first.projection],
      ['the first layer of the MLP', first.mlp.first],
      ['the second layer of the MLP', first.mlp.second],
    );
  }
  if (first && 'query' in first.attention) {
    const { query, key, value } = first.attention;
    if ([query, key, value].some(({ bias }) => bias))
      layers.push(['the query', query], ['the key', key], ['the value', value]);
  }
  layers.push(['the head', head?.linear], ['the distillation head', head?.distillation]);
  const without = layers.flatMap(([name, layer]) => (layer && !layer.bias ? [name] : []));
  if (without.length === 0) return;
  const where = without.length === 1 ? 'it' : 'them';
  facts.assume(
    'weights',
    'weights',
    undefined,
    `no bias in ${without.join(', ')}`,
    `the file holds none for ${where}, though models of its kind usually have one there`,
  );
}
