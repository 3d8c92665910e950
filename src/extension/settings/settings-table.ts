/**
 * Every setting, in the order in which the editor lists them. `npm run generate:manifest` writes
 * them into package.json; their texts, `setting.NAME`, are in package.nls.json.
 */
import { sequentialColourMaps } from '../../shared/colour-map-names';
import { bestForModel, defaultPreset, presets } from '../../shared/method-choice';
import { providerChoices } from '../../shared/provider';
import { usualCacheGigabytes } from '../../store/cache/cache-limit';
import {
  choice,
  flag,
  numberFrom,
  text,
  textOrNone,
  texts,
  wholeNumber,
  type Setting,
} from './setting-kinds';

const rows = {
  model: text({ default: 'starter', scope: 'resource', restricted: true }),
  method: text({ default: bestForModel, scope: 'resource' }),
  topK: wholeNumber(1, 20, { default: 5, scope: 'resource', concerns: ['maps'] }),
  preset: choice(presets, {
    default: defaultPreset,
    scope: 'resource',
    concerns: ['maps'],
    described: true,
  }),
  colourMap: choice(
    sequentialColourMaps.map(({ name }) => name),
    { default: 'viridis', scope: 'resource', concerns: ['looks'], described: true },
  ),
  previewPanel: flag({ default: true, scope: 'resource' }),
  modelFolder: textOrNone({ scope: 'machine-overridable', restricted: true }),
  threads: wholeNumber(0, 256, { default: 0, scope: 'machine', concerns: ['process'] }),
  provider: choice(providerChoices, {
    default: 'cpu',
    scope: 'machine',
    restricted: true,
    concerns: ['maps', 'process'],
    described: true,
  }),
  idleSeconds: wholeNumber(0, 86_400, { default: 300, scope: 'machine', concerns: ['process'] }),
  sessionMegabytes: wholeNumber(128, 65_536, {
    default: 2048,
    scope: 'machine',
    concerns: ['process'],
  }),
  cacheGigabytes: numberFrom(0, { default: usualCacheGigabytes, scope: 'machine' }),
  modelMirror: textOrNone({ scope: 'machine', restricted: true }),
  imagePaths: flag({ default: true, scope: 'language-overridable' }),
  dataRoots: texts({ default: [], scope: 'resource', restricted: true }),
};

export type SettingName = keyof typeof rows;

/** What a setting is once it was checked. */
export type SettingValue<Name extends SettingName> = (typeof rows)[Name]['default'];

export const settingsTable: { readonly [Name in SettingName]: Setting<SettingValue<Name>> } = rows;
