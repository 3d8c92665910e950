/** The gallery's entry. Wiring only. */
import { intended } from '../shared/gallery/gallery-intents';
import { freshGallery, type GalleryState } from '../shared/gallery/gallery-state';
import { freshView } from '../shared/gallery/gallery-view';
import {
  isToGallery,
  type FromGallery,
  type KeptGallery,
  type ToGallery,
} from '../shared/protocol/gallery';
import { connectPage, type Received } from './connect-page';
import { GalleryApp } from './gallery/gallery-app';
import { hear, say, untold, type ToldState } from './told-state';
import './gallery.css';

connectPage({
  isTold: isToGallery,
  initial: () => untold<GalleryState, FromGallery>(freshGallery({}, freshView)),
  update: (model, action: FromGallery | Received<ToGallery>) =>
    action.kind === 'received'
      ? { model: hear(model, action.change, intended), posts: [] }
      : { model: say(model, action, intended), posts: [action] },
  toKeep,
  draw: ({ now }, act) => <GalleryApp state={now} say={act} />,
});

function toKeep({
  now: { dataset, view },
}: ToldState<GalleryState, FromGallery>): KeptGallery | undefined {
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
