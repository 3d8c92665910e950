/** Checks what a webview says and what it kept over a reload: both may stem from an older version. */
import * as v from 'valibot';
import { windowSchema } from '../../shared/picture-reading';
import type { PanelState } from '../../shared/panel-protocol';

const classIndex = v.pipe(v.number(), v.integer(), v.minValue(0));

const place = v.pipe(v.number(), v.integer(), v.minValue(0));

const stateSchema = v.object({
  uri: v.string(),
  modelId: v.string(),
  method: v.string(),
  extraClasses: v.array(classIndex),
  phrases: v.exactOptional(v.array(v.string())),
  chosenWindow: v.exactOptional(windowSchema),
  gallery: v.exactOptional(v.string()),
  view: v.looseObject({}),
});

const messageSchema = v.variant('kind', [
  v.object({ kind: v.literal('ready') }),
  v.object({ kind: v.literal('chooseMethod'), method: v.string() }),
  v.object({ kind: v.literal('chooseModel'), modelId: v.string() }),
  v.object({ kind: v.literal('explainClass'), index: classIndex }),
  v.object({ kind: v.literal('usePhrases'), phrases: v.array(v.string()) }),
  v.object({ kind: v.literal('useWindow'), window: v.optional(windowSchema) }),
  v.object({ kind: v.literal('keepWindow'), window: windowSchema }),
  v.object({ kind: v.literal('step'), by: v.picklist([1, -1]) }),
  v.object({ kind: v.literal('walk'), place, name: v.exactOptional(v.string()) }),
  v.object({ kind: v.literal('lookAtFrames'), range: v.object({ first: place, end: place }) }),
  v.object({ kind: v.literal('showFilmstrip'), shown: v.boolean() }),
  v.object({
    kind: v.picklist([
      'cancel',
      'retry',
      'openLog',
      'openSettings',
      'manageModels',
      'changeAssumptions',
      'measureStability',
    ]),
  }),
  v.object({
    kind: v.literal('save'),
    format: v.picklist(['png', 'json', 'npy']),
    classIndex,
    png: v.optional(v.instance(Uint8Array)),
  }),
  v.object({ kind: v.literal('notify'), message: v.string() }),
]);

/** A message as the controller handles it; the state that comes with `ready` is the serializer's business. */
export type PanelMessage = v.InferOutput<typeof messageSchema>;

export function parsePanelMessage(message: unknown): PanelMessage | undefined {
  const parsed = v.safeParse(messageSchema, message);
  return parsed.success ? parsed.output : undefined;
}

/** What survives a reload on the extension's side; how the person looks at it stays in the webview. */
export type RevivedState = Omit<PanelState, 'view'>;

export function parsePanelState(state: unknown): RevivedState | undefined {
  const parsed = v.safeParse(stateSchema, state);
  return parsed.success ? parsed.output : undefined;
}
