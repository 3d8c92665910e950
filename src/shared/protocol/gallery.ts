/** What the gallery's page and the extension say to each other, and what the page keeps over a reload. */
import * as v from 'valibot';
import { amongChoiceSchema } from '../among';
import { classIndexSchema } from '../class-name';
import type { GalleryState } from '../gallery/gallery-state';
import { freshView, galleryChoicesSchema, galleryViewSchema } from '../gallery/gallery-view';
import { labelReadings } from '../label-reading';
import type { Data } from '../schema';
import { editorMessages } from './editor-messages';
import { isOf, messageSchema, type MessageOf } from './messages';
import { stateChangeSchema, type StateChange } from './state-change';

const exportFormats = ['html', 'csv', 'jsonl'] as const;

/** More tiles than fit on any screen. */
export const mostInSight = 500;

export type GalleryExport = (typeof exportFormats)[number];

const fromGalleryTable = {
  /** The page has loaded. */
  ready: {},
  /** The person looks at it in this way now; `selected` only where a sample was chosen. */
  look: { view: galleryViewSchema },
  /** These samples are in sight: their pictures are to be told. */
  see: { names: v.pipe(v.array(v.string()), v.maxLength(mostInSight)) },
  pause: {},
  resume: {},
  cancel: {},
  retry: {},
  /** Show a sample in the explanation panel beside; `focus`: the keys go there. */
  open: { name: v.string(), focus: v.boolean() },
  chooseMethod: { method: v.string() },
  chooseModel: { modelId: v.string() },
  /** Ask the person for a model file. */
  browseModel: {},
  /** Compare the pictures with these phrases. */
  usePhrases: { phrases: v.array(v.string()) },
  /** Look at the answers among these classes. */
  useAmong: { among: amongChoiceSchema },
  /** Ask the person where boxes or masks are. */
  chooseAnnotations: {},
  /** Of all samples, or of those that the filters leave. */
  export: { format: v.picklist(exportFormats), of: v.picklist(['all', 'chosen']) },
  /** Show the model's page, where what was found and assumed can be stated otherwise. */
  showModel: {},
  /** A label means this class; without a class, it means none again. */
  mapLabel: { label: v.string(), index: v.optional(classIndexSchema) },
  /** All labels are to be read this way. */
  readLabels: { reading: v.picklist(labelReadings) },
  ...editorMessages,
};

export const fromGallerySchema = messageSchema(fromGalleryTable);
/** Gallery → extension. */
export type FromGallery = MessageOf<typeof fromGalleryTable>;

const toldParts: Readonly<Record<keyof GalleryState, true>> = {
  asked: true,
  view: true,
  dataset: true,
  tiles: true,
  pictures: true,
  progress: true,
  summary: true,
};

export const galleryParts = Object.keys(toldParts) as (keyof GalleryState)[];

/** Extension → gallery. */
export type ToGallery = StateChange<GalleryState>;
export const isToGallery = isOf(stateChangeSchema<GalleryState>(galleryParts));

/** What survives a reload. */
export const keptGallerySchema = v.object({
  sources: v.pipe(v.array(v.string()), v.minLength(1)),
  ...galleryChoicesSchema.entries,
  view: v.fallback(galleryViewSchema, freshView),
});

export type KeptGallery = Data<typeof keptGallerySchema>;
