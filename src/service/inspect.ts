/** What the engine finds in a model, without running an image through it. */
import type { Readout } from '../engine/vit/structure';
import type { Params, Result, Tell } from '../shared/protocol/calls';
import { stagesTo } from './stages';
import type { Workroom } from './workroom';

/** @throws Failure, EngineError */
export async function inspect(
  { model }: Params<'inspect'>,
  room: Workroom,
  tell: Tell<'inspect'>,
): Promise<Result<'inspect'>> {
  const { explainer, sha256, assumed } = await room.models.open(
    model,
    model.preprocessing.crop,
    stagesTo(tell),
  );
  const { structure } = explainer;
  const [height, width] = structure.inputSize;
  return {
    model: { id: model.id, sha256 },
    input: { height, width, channels: 3 },
    blocks: structure.blocks.length,
    heads: structure.heads,
    dim: structure.dim,
    tokens: structure.tokens,
    prefixTokens: structure.prefixTokens,
    patch: structure.patchSize,
    grid: structure.grid,
    classes: structure.classes,
    readout: readoutInWords(structure.readout, structure.prefixTokens),
    head: structure.head,
    output: explainer.output.kind,
    assumed,
    methods: explainer.availability(),
  };
}

function readoutInWords(readout: Readout, prefixTokens: number): string {
  switch (readout.kind) {
    case 'token':
      return tokenInWords(readout.row, prefixTokens);
    case 'mean':
      return `mean of ${readout.weights.filter((weight) => weight !== 0).length} tokens`;
    case 'token+mean':
      return `${tokenInWords(readout.row, prefixTokens)} and mean of the patches, side by side`;
    case 'attention-pool':
      return 'attention pooling by a learned query';
  }
}

function tokenInWords(row: number, prefixTokens: number): string {
  return row === 0 && prefixTokens > 0 ? 'CLS token' : `token ${row}`;
}
