/** The gallery's entry. Wiring only. */
import { intended } from '../shared/gallery/gallery-intents';
import { freshGallery, type GalleryState } from '../shared/gallery/gallery-state';
import { freshView } from '../shared/gallery/gallery-view';
import { toGallerySchema, type KeptGallery } from '../shared/protocol/gallery';
import { connectPage } from './connect-page';
import { GalleryApp } from './gallery/gallery-app';
import './gallery.css';

connectPage({
  start: freshGallery({}, freshView),
  schema: toGallerySchema,
  transition: intended,
  toKeep,
  draw: (state, say) => <GalleryApp state={state} say={say} />,
});

function toKeep({ dataset, view }: GalleryState): KeptGallery | undefined {
  if (dataset === undefined) return undefined;
  const { sources, modelId, method, phrases, annotations } = dataset;
  return {
    sources,
    modelId,
    method,
    ...(phrases !== undefined && { phrases }),
    ...(annotations !== undefined && { annotations }),
    view,
  };
}
