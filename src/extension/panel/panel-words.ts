/** Messages to the panel, composed from what the worker and the model manager answered. */
import type { Heatmap } from '../../shared/explanation';
import type { ModelDescription, ModelListing } from '../../shared/model';
import { remarkInPanel } from '../../shared/picture-remark';
import type { ToPanel } from '../../shared/panel-protocol';
import type { ExplainResult } from '../../shared/protocol/explain';

/** A model from anywhere on this machine is in no list, but the panel has to name it. */
export function withModel(
  listings: readonly ModelListing[],
  { id, name }: ModelDescription,
): readonly ModelListing[] {
  if (listings.some((listing) => listing.id === id)) return listings;
  const listing: ModelListing = {
    id,
    name,
    onDisk: true,
    bytes: undefined,
    licence: undefined,
    source: 'own',
  };
  return [...listings, listing];
}

export function explainedMessage(
  model: ModelDescription,
  result: ExplainResult,
): Extract<ToPanel, { kind: 'explained' }> {
  return {
    kind: 'explained',
    method: result.method,
    preset: result.preset,
    modelId: model.id,
    phrases: model.phrases,
    grid: result.grid,
    window: result.window,
    topK: result.topK,
    heatmaps: result.heatmaps.map((heatmap) => withScore(heatmap, result)),
    stability: result.stability,
    ...(result.levels && { levels: result.levels, keepsWindow: keepsWindow(model) }),
    assumed: result.assumed,
    notices: result.notices,
    remarks: result.remarks.map(remarkInPanel),
    milliseconds: result.milliseconds.total,
  };
}

function withScore(heatmap: Heatmap, { scores }: ExplainResult): Heatmap {
  const score = scores.find(({ index }) => index === heatmap.index);
  return { ...score, ...heatmap };
}

/** Only a file of one's own has a manifest that may be written. */
function keepsWindow({ id, backbone }: ModelDescription): boolean {
  return id.startsWith('file:') && backbone === undefined;
}
