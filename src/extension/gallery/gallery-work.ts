/** From what a person chose to the last tile. Other choices are another work. */
import type * as vscode from 'vscode';
import { withDataset, type GalleryDataset } from '../../shared/gallery/gallery-state';
import { listener } from '../../shared/protocol/listener';
import type { BatchSample } from '../../shared/protocol/dataset';
import type { SampleResult } from '../../shared/sample-result';
import { DatasetWork } from './dataset-work';
import type { GalleryModel } from './gallery-model';
import { GalleryResults } from './gallery-results';
import {
  openDataset,
  type DatasetServices,
  type OpenedDataset,
  type OpeningFact,
} from './open-dataset';
import { PortionedRun } from './portioned-run';
import { tileOf } from './tile-of';

const portionSize = 16;

type GalleryRun = PortionedRun<BatchSample, SampleResult, GalleryResults>;
export type GalleryWork = DatasetWork<OpenedDataset, GalleryRun>;

export function galleryWork(
  sources: readonly vscode.Uri[],
  services: DatasetServices,
  gallery: Pick<GalleryModel, 'state' | 'update' | 'set' | 'addTile'>,
): GalleryWork {
  const learn = ({ dataset, asked, progress }: OpeningFact): void =>
    gallery.update((state) => ({
      ...(dataset === undefined ? state : withDataset(state, dataset)),
      ...(progress !== undefined && { progress }),
      ...(asked !== undefined && { asked: { ...state.asked, ...asked } }),
    }));
  const learnMore = async (
    more: Promise<Partial<GalleryDataset>>,
    signal: AbortSignal,
  ): Promise<void> => {
    try {
      const known = await more;
      if (!signal.aborted) {
        gallery.update((state) => ({
          ...state,
          dataset: state.dataset && { ...state.dataset, ...known },
        }));
      }
    } catch {
      // What concerns the samples is told by the run when it comes there; lists stay as they are.
    }
  };
  const work: GalleryWork = new DatasetWork({
    open: async (signal) => {
      const tell = (fact: OpeningFact): void => {
        if (!signal.aborted) learn(fact);
      };
      const opened = await openDataset(sources, gallery.state.asked, services, tell, signal);
      if (opened === 'awaiting phrases') return undefined;
      if (!opened.list.isWhole) void learnMore(opened.whole(), signal);
      void learnMore(offered(services, opened, signal), signal);
      return opened;
    },
    runOver: ({ list, batch, params }) =>
      new PortionedRun<BatchSample, SampleResult, GalleryResults>({
        samples: batch.samples,
        total: () => ({ total: list.size, isAll: list.isWhole }),
        results: new GalleryResults(),
        portionSize,
        ask: (samples, signal, add) =>
          services.worker.call(
            'batch',
            { ...params, samples },
            {
              signal,
              onEvent: listener({ stage: () => undefined, sample: ({ result }) => add(result) }),
            },
          ),
        died: ({ name, label }, message) => ({
          ok: false,
          name,
          label,
          code: 'worker-died',
          message,
        }),
        onResult: (result) => {
          if (work.stopped) return;
          gallery.addTile(tileOf(result), work.progress);
        },
      }),
    tellProgress: (progress) => gallery.set({ progress }),
  });
  return work;
}

/** What else may be chosen: models of the whole workspace, and which methods this one allows. */
async function offered(
  { models, worker }: DatasetServices,
  { model }: OpenedDataset,
  signal: AbortSignal,
): Promise<Pick<GalleryDataset, 'models' | 'availability'>> {
  const [listings, { methods: availability }] = await Promise.all([
    models.listAround([model]),
    worker.call('inspect', { model }, { signal }),
  ]);
  return { models: listings, availability };
}
