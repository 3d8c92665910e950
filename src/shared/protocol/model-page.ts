/** What the page of a model file and the extension say to each other. */
import * as v from 'valibot';
import { manifestChangesSchema } from '../manifest';
import type { ModelPageState } from '../model-page/model-page-state';
import { editorMessages } from './editor-messages';
import { isOf, messageSchema, type MessageOf } from './messages';
import { stateChangeSchema, type StateChange } from './state-change';

const fromModelPageTable = {
  /** The page has loaded. */
  ready: {},
  /** Read the file again. */
  retry: {},
  cancel: {},
  /** State this in the model's manifest. */
  state: { changes: manifestChangesSchema },
  /** Let the person choose a file with the names of the classes, and state those. */
  chooseLabels: {},
  /** Open the manifest with all that was assumed written out. */
  openManifest: {},
  /** Open the file as the editor would without this page. */
  openAsText: {},
  /** Explain a picture with this model. */
  explain: {},
  manageTrust: {},
  /** Hold the presets' answers side by side, on the pictures that the page was opened from or on others. */
  tryPresets: { on: v.picklist(['offered', 'picture', 'dataset']) },
  cancelTrial: {},
  ...editorMessages,
};

export const fromModelPageSchema = messageSchema(fromModelPageTable);
/** Page → extension. */
export type FromModelPage = MessageOf<typeof fromModelPageTable>;

const toldParts: Readonly<Record<keyof ModelPageState, true>> = {
  file: true,
  isTrusted: true,
  model: true,
  offered: true,
  trial: true,
  activity: true,
  notKept: true,
};

export const modelPageParts = Object.keys(toldParts) as (keyof ModelPageState)[];

/** Extension → page. */
export type ToModelPage = StateChange<ModelPageState>;
export const isToModelPage = isOf(stateChangeSchema<ModelPageState>(modelPageParts));
