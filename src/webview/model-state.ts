/** What the page of a model file knows: what the extension told, and what is being typed. */
import type { ModelPageState } from '../shared/model-page/model-page-state';
import { freshModelPage } from '../shared/model-page/model-page-state';
import type { FromModelPage, ToModelPage } from '../shared/protocol/model-page';
import { samePreprocessing } from '../shared/same-preprocessing';
import type { Received } from './connect-page';
import { preprocessingOf, type PreparationDraft } from './model/preparation-draft';
import { hear, say, untold, type ToldState } from './told-state';

export interface ModelPageModel {
  readonly copy: ToldState<ModelPageState, FromModelPage>;
  /** Of how pictures are prepared; undefined while nothing is typed. */
  readonly draft: PreparationDraft | undefined;
}

export type ModelPageAction =
  | { readonly kind: 'drafted'; readonly draft: PreparationDraft | undefined }
  | { readonly kind: 'said'; readonly message: FromModelPage };

/** What survives a reload. */
export interface KeptModelPage {
  readonly draft?: PreparationDraft;
}

const untoldFile = {
  name: '',
  folder: '',
  bytes: undefined,
  manifest: { name: '', exists: false },
};

/** Nothing is expected of a message before the extension has told what came of it. */
const same = (state: ModelPageState): ModelPageState => state;

export function initialModelPage(kept: KeptModelPage | undefined): ModelPageModel {
  return { copy: untold(freshModelPage(untoldFile, true)), draft: kept?.draft };
}

export function updateModelPage(
  page: ModelPageModel,
  action: ModelPageAction | Received<ToModelPage>,
): { readonly model: ModelPageModel; readonly posts: readonly FromModelPage[] } {
  switch (action.kind) {
    case 'drafted':
      return { model: { ...page, draft: action.draft }, posts: [] };
    case 'said':
      return {
        model: { ...page, copy: say(page.copy, action.message, same) },
        posts: [action.message],
      };
    case 'received': {
      const copy = hear(page.copy, action.change, same);
      return { model: { copy, draft: stillTyped(page.draft, copy.now) }, posts: [] };
    }
  }
}

/** What was kept is not being typed any more. */
function stillTyped(
  draft: PreparationDraft | undefined,
  { model }: ModelPageState,
): PreparationDraft | undefined {
  if (draft === undefined || model === undefined) return draft;
  const drafted = preprocessingOf(draft, {});
  const isKept =
    'preprocessing' in drafted && samePreprocessing(drafted.preprocessing, model.preprocessing);
  return isKept ? undefined : draft;
}

export function toKeepOfModelPage({ draft }: ModelPageModel): KeptModelPage {
  return draft === undefined ? {} : { draft };
}
