/** What the engine found in a model, as a person reads it. */
import { counted } from './counted';
import { outputInWords } from './output-kind';
import type { Inspection } from './protocol/explain';

export type Fact = readonly [name: string, value: string];

/** @param model its class names, and whether its classes are phrases */
export function foundInWords(
  found: Inspection,
  model: { readonly labels: readonly string[]; readonly zeroShot?: unknown },
): readonly Fact[] {
  const { input, patch, grid, prefixTokens, tokens } = found;
  const comparesPhrases = model.zeroShot !== undefined;
  return [
    ['input', `${input.channels} × ${input.height} × ${input.width}`],
    ['patch', `${patch[0]} × ${patch[1]}, a grid of ${grid[0]} × ${grid[1]}`],
    ['tokens', `${tokens}, of which ${prefixTokens} before the first patch`],
    [
      'blocks',
      `${found.blocks} of dimension ${found.dim} with ${counted(found.heads, 'head', 'heads')}`,
    ],
    ['readout', found.readout],
    ['head', found.head],
    [
      'classes',
      comparesPhrases
        ? `the phrases that it is asked about (${found.classes} features to compare them by)`
        : `${found.classes}, ${model.labels.length} of them named`,
    ],
    ...(comparesPhrases ? [] : [['output', outputInWords(found.output)] as const]),
  ];
}
