/** What the panel's page and the extension say to each other, and what the page keeps over a reload. */
import * as v from 'valibot';
import { amongChoiceSchema } from '../among';
import { looksSchema } from '../panel/looks';
import { panelParts, type PanelModel } from '../panel/panel-model';
import { pictureChangeSchema } from '../picture-change';
import { windowSchema } from '../picture-reading';
import type { Data } from '../schema';
import { editorMessages } from './editor-messages';
import { isOf, messageSchema, type MessageOf } from './messages';
import { stateChangeSchema, type StateChange } from './state-change';

const place = v.pipe(v.number(), v.integer(), v.minValue(0));
const classIndex = place;

const fromPanelTable = {
  /** The page has loaded. */
  ready: {},
  chooseMethod: { method: v.string() },
  chooseModel: { modelId: v.string() },
  /** Ask the person for a model file. */
  browseModel: {},
  /** The chosen model is to explain all pictures: it becomes the setting. */
  useForAll: {},
  /** Look at the map of this class, also on the next pictures; without one, at that of the most probable class. */
  chooseClass: { index: v.optional(classIndex) },
  /** Explain this class too. */
  explainClass: { index: classIndex },
  /** Explain why this class and not another; without another, the class alone. */
  contrast: { index: classIndex, against: v.optional(classIndex) },
  /** Compare the picture with these phrases, all of them. */
  usePhrases: { phrases: v.array(v.string()) },
  /** Take answers among these classes, on this picture and the next ones. */
  useAmong: { among: amongChoiceSchema },
  /** Read this picture of more than 8 bits through this window; without one, as the model or its file says. */
  useWindow: { uri: v.string(), window: v.optional(windowSchema) },
  /** Read all pictures of the model through this window: its manifest keeps it. */
  keepWindow: { window: windowSchema },
  /** Explain this picture covered or fitted otherwise; without a change, as it is. */
  changePicture: { uri: v.string(), change: v.optional(pictureChangeSchema) },
  measureStability: {},
  /** How faithful the map of this class is, or of it rather than another. */
  measureFaithfulness: { index: classIndex, against: v.exactOptional(classIndex) },
  /** Show the maps of this class by all methods beside each other, drawn as the panel draws. */
  compare: { classIndex: v.optional(classIndex), looks: v.optional(looksSchema) },
  cancel: {},
  retry: {},
  /** Show the sample before or after this one. */
  step: { by: v.picklist([1, -1]) },
  /** Show the sample at this place, which has this name where it is known. */
  walk: { place, name: v.exactOptional(v.string()) },
  /** These samples of the filmstrip are in sight. */
  lookAtFrames: { range: v.object({ first: place, end: place }) },
  /** Show or hide the filmstrip's pictures, here and from now on. */
  showFilmstrip: { shown: v.boolean() },
  /** Keep this panel when the next picture is opened, or let that one take its place. */
  keep: { kept: v.boolean() },
  /** Show the model's page, where what was found and assumed can be stated otherwise. */
  showModel: {},
  /** Save what the panel drew (for `png`, the composed picture), or the raw figures. */
  save: {
    format: v.picklist(['png', 'json', 'npy']),
    classIndex,
    png: v.optional(v.instance(Uint8Array)),
  },
  /** Show the picture's file in the explorer. */
  reveal: {},
  /** A short message for the person (e.g. the clipboard was refused). */
  notify: { message: v.string() },
  ...editorMessages,
};

export const fromPanelSchema = messageSchema(fromPanelTable);
/** Panel → extension. */
export type FromPanel = MessageOf<typeof fromPanelTable>;

/** Extension → panel. */
export type ToPanel = StateChange<PanelModel>;
export const isToPanel = isOf(stateChangeSchema<PanelModel>(panelParts));

const labelSchema = v.object({ index: classIndex, name: v.exactOptional(v.string()) });

/** What survives a reload on the extension's side; how the person looks at it stays with the page. */
export const keptPanelSchema = v.object({
  uri: v.string(),
  /** Left out where nobody named it, as the method is. */
  modelId: v.exactOptional(v.string()),
  method: v.exactOptional(v.string()),
  label: v.exactOptional(labelSchema),
  datasetClasses: v.exactOptional(v.array(labelSchema)),
  among: v.exactOptional(amongChoiceSchema),
  chosenClass: v.exactOptional(classIndex),
  extraClasses: v.array(classIndex),
  contrast: v.exactOptional(v.object({ index: classIndex, against: classIndex })),
  /** Of a model that compares the picture with phrases. */
  phrases: v.exactOptional(v.array(v.string())),
  /** Which numbers of this picture are black and white, as the person chose here. */
  chosenWindow: v.exactOptional(windowSchema),
  change: v.exactOptional(pictureChangeSchema),
  /** The gallery whose samples it walks through. */
  gallery: v.exactOptional(v.string()),
  /** Whether the next picture that is opened takes its place. */
  isPreview: v.exactOptional(v.boolean()),
});

export type KeptPanel = Data<typeof keptPanelSchema>;
