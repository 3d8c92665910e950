/** What settings offer that rooms know which the extension does not load: methods, models. */
import { methods } from '../src/engine/methods/catalogue';
import type { SettingLists } from '../src/extension/manifest';
import { formatBytes } from '../src/shared/format-number';
import { bestForModel } from '../src/shared/method-choice';
import { approximateBytes, catalog, type CatalogEntry } from '../src/store/catalog';

export const settingLists: SettingLists = {
  method: {
    others: false,
    items: [
      {
        value: bestForModel,
        title: 'Best for the model',
        description:
          'The one that the model’s manifest names, or the most faithful one that the model allows.',
      },
      ...methods.map(({ info: { id, name, sentence, misleads } }) => ({
        value: id,
        title: name,
        description: `${sentence} Where it misleads: ${misleads}`,
      })),
    ],
  },
  model: {
    others: true,
    items: [
      {
        value: 'starter',
        title: 'Starter',
        description: 'Ships with the extension: 26 everyday classes, often wrong.',
      },
      ...catalog.map((entry) => ({
        value: entry.id,
        title: entry.name,
        description: `${entry.name}. ${entry.summary} ${inBrief(entry)}`,
      })),
    ],
  },
};

function inBrief(entry: CatalogEntry): string {
  const bytes = approximateBytes(entry);
  const { imagenetTop1, licence } = entry;
  return `${[
    bytes === undefined ? 'Downloaded when it is first asked for' : formatBytes(bytes),
    ...(imagenetTop1 === null ? [] : [`${imagenetTop1.toFixed(1)} % on ImageNet-1k`]),
    licence,
  ].join('; ')}.`;
}
