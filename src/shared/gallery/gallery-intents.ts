import type { FromGallery } from '../protocol/gallery';
import type { GalleryState } from './gallery-state';
import type { GalleryChoices } from './gallery-view';

/** What a person's wish changes at once, on both sides alike; the work that it asks for comes after. */
export function intended(state: GalleryState, intent: FromGallery): GalleryState {
  const ask = (choice: GalleryChoices) => ({ ...state, asked: { ...state.asked, ...choice } });
  switch (intent.kind) {
    case 'look': {
      // Whoever looks otherwise stays at the sample that the panel beside may have gone on to meanwhile.
      const { selected = state.view.selected, ...view } = intent.view;
      return { ...state, view: { ...view, selected } };
    }
    case 'chooseMethod':
      return ask({ method: intent.method });
    case 'chooseModel':
      return ask({ modelId: intent.modelId });
    case 'useAmong': {
      const { among } = intent;
      const view = { ...state.view, among: among.of !== 'all' };
      // What was counted among some classes stands beside the answers among all.
      return { ...(view.among ? ask({ among }) : state), view };
    }
    case 'usePhrases':
      return ask({ phrases: intent.phrases });
    default:
      return state;
  }
}
