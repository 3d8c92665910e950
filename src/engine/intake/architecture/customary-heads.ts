/** Numbers of attention heads that are custom: no tensor shows them. */

/** Published sizes whose heads are not 64 channels wide (SigLIP so400m, ViT-H, ViT-g, ViT-bigG, giantopt). */
const otherWidths: ReadonlyMap<number, number> = new Map([
  [1152, 16],
  [1280, 16],
  [1408, 16],
  [1664, 16],
]);

/** timm's architectures that keep to no custom: `timm/models/vision_transformer.py`. */
const otherArchitectures: ReadonlyMap<string, number> = new Map([
  ['vit_base_patch16_gap_224', 16],
  ['vit_giantopt_patch16_siglip_256', 16],
  ['vit_giantopt_patch16_siglip_384', 16],
  ['vit_giantopt_patch16_siglip_gap_256', 16],
  ['vit_giantopt_patch16_siglip_gap_384', 16],
  ['test_vit', 2],
  ['test_vit2', 2],
  ['test_vit3', 3],
  ['test_vit4', 3],
]);

/** By the width of the tokens, with the custom that it rests on; undefined where there is no custom. */
export function customaryHeads(dim: number): { heads: number; reason: string } | undefined {
  const published = otherWidths.get(dim);
  if (published !== undefined)
    return { heads: published, reason: `published models of width ${dim} have ${published}` };
  if (dim % 64 !== 0) return undefined;
  return {
    heads: dim / 64,
    reason: `heads of 64 channels are the custom (the width is ${dim})`,
  };
}

/** Of one of timm's own architectures, by its name. */
export function headsOfTimm(architecture: string, dim: number): number | undefined {
  return otherArchitectures.get(architecture) ?? customaryHeads(dim)?.heads;
}
