/** Where the evidence lies: in the surest mistakes, in the mean of answers and confusions, at the border. */
import { areaShares } from '../../shared/area-shares';
import type { BatchHeader } from '../../shared/batch-header';
import { shortName } from '../../shared/class-name';
import type { DatasetSummary, MeanMap } from '../../shared/dataset-summary';
import type { MethodInfo } from '../../shared/explanation';
import { formatShare } from '../../shared/format-number';
import type { MapKind } from '../../shared/look';
import type { ExplainedSample } from '../../shared/sample-result';
import { unpackCells } from '../pack-map';
import { markup, type Markup } from './html';
import { mapPicture } from './map-picture';
import { percent, section } from './page';
import type { Thumbnails } from './thumbnails';

/** What has to be known of a method to draw its maps and to speak of them. */
export type ReportedMethod = Pick<MethodInfo, 'classSpecific' | 'signed' | 'pixels'>;

const cellsShown = 24;
/** What speaks for an answer, as shares. */
const meanKind: MapKind = { signed: false, pixels: false };

export function mistakes(
  { classes }: BatchHeader,
  surest: readonly ExplainedSample[],
  thumbnails: Thumbnails,
  method: ReportedMethod,
): Markup[] {
  if (surest.length === 0) return [];
  const items = surest.map(({ name, truth = -1, top: [best], map }) => {
    const jpeg = thumbnails.get(name);
    const says = nameOf(classes, best?.index ?? -1);
    return markup`<li>
<div class="pictures">${jpeg && picture(`data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`, `${name}, as the model sees it`)}${picture(
      mapPicture(unpackCells(map), method),
      method.classSpecific ? `Evidence for ${says} in ${name}` : `Map of ${name}`,
    )}</div>
<p><strong>${says}</strong> ${formatShare(best?.probability ?? 0)}<br>is ${nameOf(classes, truth)}<br><small>${name}</small></p>
</li>
`;
  });
  return [
    section(
      'Most confident mistakes',
      markup`<p>Wrong answers, the surest first: the picture as the model sees it, and ${
        method.classSpecific
          ? 'where the evidence for the wrong class lies'
          : 'where the model looks, whatever the class'
      }.</p>
<ol class="tiles">${items}</ol>`,
    ),
  ];
}

export function meanMaps({ classes, output }: BatchHeader, { meanMaps }: DatasetSummary): Markup[] {
  const shown = [...meanMaps]
    .sort((a, b) => b.meanMap.samples - a.meanMap.samples || a.index - b.index)
    .slice(0, cellsShown);
  if (shown.length === 0) return [];
  if (output === 'value') {
    const tiles = shown.map(({ index, meanMap }) => mapTile(shortName(classes, index), meanMap));
    return [
      section(
        'Where the model looks',
        markup`<p>Mean of the maps of all samples, each map counted the same.</p>
<ul class="tiles">${tiles}</ul>`,
      ),
    ];
  }
  return [
    section(
      'Where the model looks, by its answer',
      markup`<p>Mean of the maps of all samples with that answer, each map counted the same.${
        meanMaps.length > shown.length ? ` The ${shown.length} most frequent answers.` : ''
      }</p>
<ul class="tiles">${shown.map(({ index, meanMap }) => mapTile(`when it says ${shortName(classes, index)}`, meanMap))}</ul>`,
    ),
  ];
}

export function cells({ classes }: BatchHeader, { confusion }: DatasetSummary): Markup[] {
  const shown = confusion
    .filter(({ truth, answer }) => truth !== answer)
    .sort((a, b) => b.count - a.count || a.truth - b.truth || a.answer - b.answer)
    .slice(0, cellsShown);
  if (shown.length === 0) return [];
  return [
    section(
      'Where it looks when it is wrong',
      markup`<p>Mean maps of the most frequent confusions.</p>
<ul class="tiles">${shown.map(({ truth, answer, meanMap }) =>
        mapTile(`${shortName(classes, truth)} taken for ${shortName(classes, answer)}`, meanMap),
      )}</ul>`,
    ),
  ];
}

export function edges(summary: DatasetSummary): Markup[] {
  const area = areaShares(summary);
  if (area === undefined) return [];
  const { border, corners, outside } = summary;
  const lines: [place: string, share: number, even: number | undefined][] = [
    ['Outermost ring of patches', border, area.border],
    ['Top left corner', corners[0], area.corner],
    ['Top right corner', corners[1], area.corner],
    ['Bottom left corner', corners[2], area.corner],
    ['Bottom right corner', corners[3], area.corner],
    ...(outside === undefined
      ? []
      : [['Outside the annotated object', outside, undefined] as [string, number, undefined]]),
  ];
  return [
    section(
      'Border and corners',
      markup`<p>Share of the positive relevance, mean over all samples, beside the share of the area. Much more than that hints at a watermark, a frame or another shortcut.</p>
<table><thead><tr><th scope="col">Place</th><th scope="col">Share</th><th scope="col">Of the area</th></tr></thead>
<tbody>${lines.map(
        ([place, share, spread]) =>
          markup`<tr><th scope="row">${place}</th><td>${percent(share)}</td><td>${spread === undefined ? '' : percent(spread)}</td></tr>
`,
      )}</tbody></table>`,
    ),
  ];
}

function mapTile(caption: string, { rows, columns, values, samples }: MeanMap): Markup {
  return markup`<li><div class="pictures">${picture(
    mapPicture({ values: Float32Array.from(values), shape: [rows, columns] }, meanKind),
    `Mean map ${caption}`,
  )}</div><p>${caption}<br><small>${samples === 1 ? '1 sample' : `${samples} samples`}</small></p></li>
`;
}

function picture(address: string, alternative: string): Markup {
  return markup`<img src="${address}" alt="${alternative}" width="112" height="112">`;
}

/** With all its names. */
function nameOf(classes: readonly string[], index: number): string {
  return classes[index] ?? `class ${index}`;
}
