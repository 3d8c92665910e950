/** The gallery's entry: connects what is known, what is drawn and the extension. Wiring only. */
import { render } from 'preact';
import type { FromGallery, GalleryState } from '../shared/gallery-protocol';
import './gallery.css';
import { GalleryApp } from './gallery/gallery-app';
import { isToGallery } from './gallery/is-to-gallery';
import {
  choiceOf,
  galleryToKeep,
  initialGallery,
  updateGallery,
  type GalleryAction,
} from './gallery/gallery-state';

interface VsCodeApi {
  postMessage(message: FromGallery): void;
  getState(): GalleryState | undefined;
  setState(state: GalleryState): void;
}

declare function acquireVsCodeApi(): VsCodeApi;

const root = document.getElementById('root');
if (root === null) throw new Error('The page of the gallery has no element “root”.');

const host = acquireVsCodeApi();
let model = initialGallery(host.getState());

window.addEventListener('message', ({ data }: MessageEvent<unknown>) => {
  if (isToGallery(data)) act({ kind: 'received', message: data });
});

function act(action: GalleryAction): void {
  const { model: next, posts } = updateGallery(model, action);
  model = next;
  const state = galleryToKeep(model);
  if (state !== undefined) host.setState(state);
  draw();
  for (const message of posts) host.postMessage(message);
}

function draw(): void {
  if (root !== null) render(<GalleryApp model={model} act={act} />, root);
}

draw();
host.postMessage({ kind: 'ready', choice: choiceOf(model.view) });
