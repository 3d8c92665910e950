/** How faithful a map of a picture is: the worker is asked, and the panel learns it. */
import { defaultMeasuring } from '../../shared/faithfulness';
import type { ModelDescription } from '../../shared/model';
import type { MapTarget } from '../../shared/panel/measured';
import type { PanelFact } from '../../shared/panel/panel-facts';
import type { PictureChange } from '../../shared/picture-change';
import { listener } from '../../shared/protocol/listener';
import type { PageRequest } from '../page/requests';
import { explainSettings } from '../settings';
import type { WorkerHost } from '../worker-host';
import type { ShownPicture } from './shown-picture';

/** The map that is asked about. */
export interface AskedMap extends MapTarget {
  readonly model: ModelDescription;
  readonly method: string;
  readonly modelSha256: string;
  /** Of the picture that it is a map of. */
  readonly change: PictureChange | undefined;
}

/**
 * @param owner for the worker: a newer call of the panel replaces this one
 * @throws Failure when the picture or the model does not allow it, or the request is not wanted any more
 */
export async function measureFaithfulness(
  request: PageRequest<PanelFact>,
  worker: WorkerHost,
  picture: ShownPicture,
  { model, method, modelSha256, change, ...target }: AskedMap,
  owner: string,
): Promise<void> {
  const { index, against } = target;
  const { preset } = explainSettings(picture.uri);
  const image = await picture.source(change);
  request.check();
  let phrase = 'Measuring how faithful the map is';
  const tell = (share?: number): void =>
    request.tell({
      kind: 'activity',
      activity: { kind: 'busy', phrase, ...(share !== undefined && { share }) },
    });
  const faithfulness = await worker.call(
    'faithfulness',
    {
      image,
      model,
      method,
      options: { preset },
      targets: against === undefined ? { classes: [index] } : { contrast: [index, against] },
      measuring: defaultMeasuring,
    },
    {
      signal: request.signal,
      owner,
      onEvent: listener({
        stage: (stage) => {
          phrase = stage.phrase;
          tell();
        },
        progress: ({ done, total }) => tell(done / total),
      }),
    },
  );
  request.check();
  request.tell({
    kind: 'measured',
    map: { modelId: model.id, modelSha256, method, ...target, faithfulness },
  });
}
