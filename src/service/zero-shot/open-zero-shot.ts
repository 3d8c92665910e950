/** A CLIP with a set of phrases as its classes. */
import { createHash } from 'node:crypto';
import type { Explainer } from '../../engine/explainer';
import { explainerOf } from '../../engine/open-explainer';
import { attachZeroShotHead } from '../../engine/heads/zero-shot-head';
import { canonicalise } from '../../engine/onnx/canonicalise';
import type { OutputRequest } from '../../engine/outputs/read-output';
import type { Assumption } from '../../shared/assumption';
import type { PhraseModel } from '../../shared/phrases';
import type { RoomSettings } from '../../shared/protocol/settings';
import { onnxFileOf } from '../models/onnx-file';
import type { EmbeddedPhrases } from './embedded-phrases';

/**
 * The phrases go into the graph as the weights of its head: nothing is prepared anew for others.
 *
 * @throws Failure, EngineError
 */
export async function openZeroShot(
  model: PhraseModel,
  embedded: EmbeddedPhrases,
  { threads, provider, cacheFolder }: RoomSettings,
  inputSize: readonly [height: number, width: number],
  onStage: (phrase: string) => void,
): Promise<{
  readonly explainer: Explainer;
  readonly assumed: readonly Assumption[];
  readonly notices: readonly string[];
}> {
  const { phrases, zeroShot } = model;
  const { embeddings, notices } = await embedded.of(
    model,
    phrases,
    { threads, cacheFolder },
    onStage,
  );
  const file = await onnxFileOf(model, cacheFolder, inputSize, onStage, 'features');
  try {
    onStage('Preparing the model');
    const canonical = await canonicalise(file.path, { cacheFolder, inputSize, onStage });
    const explainer = await explainerOf(
      {
        ...canonical,
        graph: attachZeroShotHead(canonical.graph, embeddings, zeroShot.logitScale),
        sha256: createHash('sha256')
          .update(JSON.stringify([canonical.sha256, zeroShot.logitScale]))
          .update(embeddings.values)
          .digest('hex'),
      },
      { threads, provider, output: outputOf(phrases) },
      onStage,
    );
    return {
      explainer,
      assumed: file.assumed,
      notices: [...file.notices, ...explainer.notices, ...notices, ...aboutProbabilities(model)],
    };
  } finally {
    await file.dispose();
  }
}

/** One phrase alone has a similarity, but no probability: a softmax over it is always 1. */
function outputOf(phrases: readonly string[]): OutputRequest {
  const kind = phrases.length > 1 ? 'softmax' : 'value';
  return { stated: { kind, by: 'manifest' }, names: phrases.length };
}

function aboutProbabilities({ phrases, name, zeroShot }: PhraseModel): readonly string[] {
  if (phrases.length === 1) {
    return [
      'One phrase alone has a similarity, but no probability: that needs an alternative to compare it with.',
    ];
  }
  return zeroShot.logitScaleAssumed
    ? [
        `Probabilities multiply similarities by ${zeroShot.logitScale}, as OpenAI’s trained CLIP models do; if ${name} was trained to another logit scale, state it in its .vit.json.`,
      ]
    : [];
}
