/** How maps are drawn for a person, whichever and however large. */
import * as v from 'valibot';
import { evidenceChoices } from '../look';
import type { Data } from '../schema';

export const drawings = ['smooth', 'patches', 'pixels'] as const;

export type Drawing = (typeof drawings)[number];

export const looksSchema = v.object({
  opacity: v.pipe(v.number(), v.minValue(0), v.maxValue(1)),
  /** For maps of one sign. */
  colourMap: v.string(),
  /** For evidence for and against; left out: the first diverging one. */
  divergingColourMap: v.exactOptional(v.string()),
  /** `pixels`: smooth where the method gives a value a patch. */
  drawing: v.picklist(drawings),
  /** Of signed methods. */
  evidence: v.picklist(evidenceChoices),
  showOriginal: v.boolean(),
  /** Whether maps are split in two by Otsu's threshold. */
  otsu: v.boolean(),
});

export type Looks = Data<typeof looksSchema>;
