/** What of a map is looked at, where its method leaves a choice. */
import * as v from 'valibot';
import type { MethodInfo } from './explanation';
import type { Data } from './schema';

/** Of a signed method: what speaks for the class alone, or what speaks against it too. */
export const evidenceChoices = ['for', 'for-and-against'] as const;

export type Evidence = (typeof evidenceChoices)[number];

/** Of a method that reaches the pixels: its values, or their sums over each patch. */
export const grains = ['patches', 'pixels'] as const;

export type Grain = (typeof grains)[number];

export const lookSchema = v.object({
  evidence: v.picklist(evidenceChoices),
  grain: v.picklist(grains),
});

export type Look = Data<typeof lookSchema>;

/** As everything is drawn that a person did not choose otherwise for. */
export const usualLook: Look = { evidence: 'for', grain: 'patches' };

/** What decides how the maps of a method are drawn. */
export type MapKind = Pick<MethodInfo, 'signed' | 'pixels'>;
