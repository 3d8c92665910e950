/** What a person chose in a gallery: what the samples are explained with, and how to look at them. */
import * as v from 'valibot';
import { amongChoiceSchema } from '../among';
import { evidenceChoices, usualLook } from '../look';
import type { Data } from '../schema';
import { everySample, sampleChoiceSchema } from './choose-tiles';

/** What is left out takes the defaults. */
export const galleryChoicesSchema = v.object({
  modelId: v.exactOptional(v.string()),
  method: v.exactOptional(v.string()),
  phrases: v.exactOptional(v.array(v.string())),
  annotations: v.exactOptional(v.string()),
  /** Classes that answers are also taken among. */
  among: v.exactOptional(amongChoiceSchema),
});

export type GalleryChoices = Data<typeof galleryChoicesSchema>;

const { among, show, classIndex, cell, text, sort, descending } = sampleChoiceSchema.entries;

/** What an older version kept otherwise is as at first. */
export const galleryViewSchema = v.object({
  among: v.fallback(among, everySample.among),
  show: v.fallback(show, everySample.show),
  classIndex: v.fallback(classIndex, undefined),
  cell: v.fallback(cell, undefined),
  text: v.fallback(text, everySample.text),
  sort: v.fallback(sort, everySample.sort),
  descending: v.fallback(descending, everySample.descending),
  /** Of signed methods. */
  evidence: v.fallback(v.picklist(evidenceChoices), usualLook.evidence),
  tab: v.fallback(v.picklist(['samples', 'summary']), 'samples'),
  /** Name of the sample that the keys are at. */
  selected: v.fallback(v.optional(v.string()), undefined),
});

export type GalleryView = Data<typeof galleryViewSchema>;

/** All samples, by name. */
export const freshView: GalleryView = {
  ...everySample,
  evidence: usualLook.evidence,
  tab: 'samples',
};
