/** Phrases as the classes of a zero-shot model. */
import { Failure } from './failure';
import type { ModelDescription, ZeroShot } from './model';

/** Without spaces around them, each once, in their order; empty ones are left out. */
export function tidyPhrases(phrases: readonly string[]): readonly string[] {
  const tidy = phrases.map((phrase) => phrase.trim().replace(/\s+/g, ' '));
  return [...new Set(tidy)].filter((phrase) => phrase !== '');
}

/**
 * The model with one class a phrase.
 * @throws Failure `model-missing` for a model that is no CLIP with its text encoder, `class-unknown`
 * without any phrase
 */
export function withPhrases(model: ModelDescription, phrases: readonly string[]): ModelDescription {
  const { name, zeroShot } = model;
  if (zeroShot === undefined) {
    throw new Failure(
      'model-missing',
      `${name} cannot compare a picture with phrases: no text encoder belongs to it.`,
      'Choose a CLIP model (vision_model.onnx with text_model.onnx beside it and tokenizer.json), or leave the phrases out.',
    );
  }
  const tidy = tidyPhrases(phrases);
  if (tidy.length === 0) throw noPhrases(model);
  return { ...model, phrases: tidy, labels: tidy };
}

/** A model that compares a picture with at least one phrase. */
export type PhraseModel = ModelDescription & {
  readonly zeroShot: ZeroShot;
  readonly phrases: readonly string[];
};

export function comparesPhrases(model: ModelDescription): model is PhraseModel {
  return model.zeroShot !== undefined && (model.phrases?.length ?? 0) > 0;
}

/** Whether two models are asked about the same phrases in the same order. */
export function samePhrases(
  one: readonly string[] | undefined,
  other: readonly string[] | undefined,
): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** What to say when a picture is to be compared with nothing. */
export function noPhrases({ name }: ModelDescription): Failure {
  return new Failure(
    'class-unknown',
    `${name} has no classes of its own: it compares the picture with phrases.`,
    'Give at least two phrases, e.g. “a photo of a cat” and “a photo of a dog” (--text on the command line).',
  );
}
