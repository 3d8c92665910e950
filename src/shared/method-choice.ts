/** How evidence is traced where nobody says otherwise, in the editor and on the command line alike. */
import * as v from 'valibot';
import type { Data } from './schema';

/**
 * Whose details the methods follow where published code differs: `base` is the research code that
 * this began from, to the letter (maps start at the class token whatever the model reads), `model`
 * its formulas from what the model itself reads, `chefer` Chefer et al.'s own repository.
 */
export const presets = ['model', 'base', 'chefer'] as const;

export const defaultPreset = 'model' satisfies (typeof presets)[number];

/** What stands for the best method of the model, where a method is to be named. */
export const bestForModel = 'best';

/**
 * Methods by how faithful their maps were measured to be (area between the curves of a ViT-Ti and of
 * the starter model).
 */
export const bestFirst = [
  'libra_fullgrad',
  'attnlrp_blocks',
  'gae',
  'transformer_attribution',
  'rollout',
  'attention_rollout',
] as const;

/** The method that a picture is explained by, where the model allows it. */
export const defaultMethod = bestFirst[0];

export const methodChoiceSchema = v.object({
  method: v.string(),
  /** Why it is not the usual one, in a sentence. */
  reason: v.exactOptional(v.string()),
});

export type MethodChoice = Data<typeof methodChoiceSchema>;

/**
 * The method that a model is explained by where nobody names one.
 * @param stated by the model's manifest
 * @param obstacle why a method cannot run on the model
 */
export function chooseMethod(
  stated: string | undefined,
  obstacle: (method: string) => string | undefined,
  nameOf: (method: string) => string,
): MethodChoice {
  if (stated !== undefined) return { method: stated };
  const against = obstacle(defaultMethod);
  if (against === undefined) return { method: defaultMethod };
  const method = bestFirst.find((id) => obstacle(id) === undefined);
  if (method === undefined) return { method: defaultMethod };
  const sentence = against.endsWith('.') ? against : `${against}.`;
  return {
    method,
    reason: `${nameOf(defaultMethod)} cannot run on this model: ${sentence} So ${nameOf(method)} is shown, the most faithful of the methods that can.`,
  };
}
