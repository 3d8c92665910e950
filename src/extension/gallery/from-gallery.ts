/** Checks what a gallery says and what it kept over a reload: both may stem from an older version. */
import * as v from 'valibot';
import type { SampleChoice } from '../../shared/gallery-protocol';
import { labelReadings } from '../../shared/label-reading';

const classIndex = v.pipe(v.number(), v.integer(), v.minValue(0));

const choiceSchema = v.pipe(
  v.object({
    show: v.picklist(['all', 'wrong', 'unsure', 'unreadable']),
    classIndex: v.optional(classIndex),
    cell: v.optional(v.object({ truth: classIndex, answer: classIndex })),
    text: v.string(),
    sort: v.picklist(['name', 'confidence', 'loss', 'outside']),
    descending: v.boolean(),
  }),
  // What is undefined does not travel.
  v.transform((choice): SampleChoice => ({ classIndex: undefined, cell: undefined, ...choice })),
);

const messageSchema = v.variant('kind', [
  v.object({
    kind: v.picklist([
      'pause',
      'resume',
      'cancel',
      'retry',
      'openLog',
      'openSettings',
      'manageModels',
      'summarise',
      'chooseAnnotations',
    ]),
  }),
  v.object({ kind: v.picklist(['ready', 'choose']), choice: choiceSchema }),
  v.object({ kind: v.literal('open'), name: v.string(), focus: v.boolean() }),
  v.object({ kind: v.literal('follow'), name: v.string() }),
  v.object({ kind: v.literal('chooseMethod'), method: v.string() }),
  v.object({ kind: v.literal('chooseModel'), modelId: v.string() }),
  v.object({ kind: v.literal('usePhrases'), phrases: v.array(v.string()) }),
  v.object({ kind: v.literal('export'), format: v.picklist(['html', 'csv', 'jsonl']) }),
  v.object({ kind: v.literal('readLabels'), reading: v.picklist(labelReadings) }),
  v.object({ kind: v.literal('mapLabel'), label: v.string(), index: v.optional(classIndex) }),
]);

const stateSchema = v.object({
  sources: v.pipe(v.array(v.string()), v.minLength(1)),
  modelId: v.string(),
  method: v.string(),
  phrases: v.exactOptional(v.array(v.string())),
  annotations: v.exactOptional(v.string()),
});

export type GalleryMessage = v.InferOutput<typeof messageSchema>;

export function parseGalleryMessage(message: unknown): GalleryMessage | undefined {
  const parsed = v.safeParse(messageSchema, message);
  return parsed.success ? parsed.output : undefined;
}

/** What survives a reload on the extension's side; how the person looks at it stays in the webview. */
export type RevivedGallery = v.InferOutput<typeof stateSchema>;

/** What a gallery may be opened with instead of the defaults. */
export type GalleryChoices = Partial<Omit<RevivedGallery, 'sources'>>;

export function parseGalleryState(state: unknown): RevivedGallery | undefined {
  const parsed = v.safeParse(stateSchema, state);
  return parsed.success ? parsed.output : undefined;
}
