/** What the page of a comparison and the extension say to each other, and what the page keeps over a reload. */
import * as v from 'valibot';
import { comparisonSchema, mostCells } from '../compare/comparison';
import { comparisonParts, type ComparisonState } from '../compare/comparison-state';
import type { Data } from '../schema';
import { editorMessages } from './editor-messages';
import { isOf, messageSchema, type MessageOf } from './messages';
import { stateChangeSchema, type StateChange } from './state-change';

const pngSchema = v.instance(Uint8Array);

const fromComparisonTable = {
  /** The page has loaded. */
  ready: {},
  choose: { asked: comparisonSchema },
  /** Ask the person for pictures to compare too. */
  addPictures: {},
  /** Ask the person for a model file to compare too. */
  addModel: {},
  cancel: {},
  retry: {},
  /** Show this picture with this model and method in a panel. */
  openPanel: { picture: v.string(), model: v.string(), method: v.string() },
  savePng: { png: pngSchema },
  /** What the page drew, row by row; the words are those that stand beside it. */
  saveHtml: {
    title: v.string(),
    sentences: v.array(v.string()),
    columns: v.pipe(v.array(v.string()), v.maxLength(mostCells)),
    rows: v.pipe(
      v.array(
        v.object({
          name: v.string(),
          cells: v.array(v.object({ words: v.array(v.string()), png: v.optional(pngSchema) })),
        }),
      ),
      v.maxLength(mostCells),
    ),
  },
  ...editorMessages,
};

export const fromComparisonSchema = messageSchema(fromComparisonTable);
/** Page → extension. */
export type FromComparison = MessageOf<typeof fromComparisonTable>;

/** Extension → page. */
export type ToComparison = StateChange<ComparisonState>;
export const isToComparison = isOf(stateChangeSchema<ComparisonState>(comparisonParts));

/** What survives a reload on the extension's side; how the person looks at it stays with the page. */
export const keptComparisonSchema = v.object({ asked: comparisonSchema });

export type KeptComparison = Data<typeof keptComparisonSchema>;
