import type { EvaluatedPicture } from '../../shared/evaluation';
import { formatThousandths } from '../../shared/format-number';
import type { MapKind } from '../../shared/look';
import { unpackMap } from '../pack-map';
import { markup, type Markup } from '../report/html';
import type { Thumbnails } from '../report/thumbnails';
import { mapPicture } from '../report/map-picture';

/** Pictures beside a method's maps of them. */
export function pictureTiles(
  pictures: readonly EvaluatedPicture[],
  { id, ...kind }: MapKind & { readonly id: string },
  classes: readonly string[],
  thumbnails: Thumbnails,
): Markup {
  const items = pictures.flatMap(({ name, index, maps }) => {
    const measured = maps[id];
    if (measured === undefined) return [];
    const { map, figures } = measured;
    const jpeg = thumbnails.get(name);
    const says = (classes[index] ?? `class ${index}`).split(',', 1)[0] ?? '';
    const cells = { values: unpackMap(map), shape: [map.rows, map.columns] } as const;
    return [
      markup`<li><div class="pictures">${
        jpeg &&
        image(
          `data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}`,
          `${name}, as the model sees it`,
        )
      }${image(mapPicture(cells, kind), `Evidence for ${says} in ${name} by ${id}`)}</div>
<p>${says}, ABC ${formatThousandths(figures.abc)}<br><small>${name}</small></p></li>
`,
    ];
  });
  return markup`<ul class="tiles pairs">${items}</ul>
`;
}

function image(address: string, alternative: string): Markup {
  return markup`<img src="${address}" alt="${alternative}" width="112" height="112">`;
}
