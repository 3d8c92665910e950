/** What the manifest (package.json) says of our settings and commands, made of their tables. */
import { commandIds, commandsTable, type CommandRow } from './commands/command-ids';
import type { Setting } from './settings/setting-kinds';
import { settingsTable, type SettingName } from './settings/settings-table';

/** The parts of package.json that are written, and what lies around them. */
interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: object };
  readonly contributes: object;
}

/** What the editor offers for a setting: written into the manifest alone, read by no code of ours. */
interface SettingList {
  readonly items: readonly {
    readonly value: string;
    readonly title: string;
    readonly description: string;
  }[];
  /** Whether there are other values too, as paths: then no value is called wrong. */
  readonly others: boolean;
}

export type SettingLists = Partial<Readonly<Record<SettingName, SettingList>>>;

const settings = Object.entries<Setting<unknown>>(settingsTable);
const commands = Object.entries<CommandRow>(commandsTable);

/** package.json with the settings and commands that there are; all else stays, in its order. */
export function withTables<Given extends Manifest>(manifest: Given, lists: SettingLists): Given {
  const { capabilities, contributes } = manifest;
  return {
    ...manifest,
    capabilities: {
      ...capabilities,
      untrustedWorkspaces: {
        ...capabilities.untrustedWorkspaces,
        restrictedConfigurations: settings
          .filter(([, { restricted }]) => restricted)
          .map(([name]) => settingId(name)),
      },
    },
    contributes: {
      ...contributes,
      commands: commands.map(([name, row]) => commandEntry(name, row)),
      configuration: {
        title: 'ViT Explainer',
        properties: Object.fromEntries(
          settings.map(([name, row], index) => [
            settingId(name),
            settingEntry(name, row, index + 1, lists[name as SettingName]),
          ]),
        ),
      },
    },
  };
}

function settingId(name: string): string {
  return `vitExplainer.${name}`;
}

function settingEntry(
  name: string,
  row: Setting<unknown>,
  order: number,
  list: SettingList | undefined,
): object {
  const { schema, described, scope } = row;
  return {
    ...schema,
    ...(list && offered(list)),
    ...(described ? { enumDescriptions: described.map((one) => `%setting.${name}.${one}%`) } : {}),
    default: row.default,
    scope,
    order,
    markdownDescription: `%setting.${name}%`,
  };
}

/** In the settings editor a list to choose from; a field, and a list in settings.json, where others are possible. */
function offered({ items, others }: SettingList): object {
  const choices = {
    enum: items.map(({ value }) => value),
    enumDescriptions: items.map(({ description }) => description),
  };
  return others
    ? { anyOf: [choices, { type: 'string' }] }
    : { ...choices, enumItemLabels: items.map(({ title }) => title) };
}

function commandEntry(name: string, { icon, hasShortTitle }: CommandRow): object {
  return {
    command: commandIds[name as keyof typeof commandIds],
    title: `%command.${name}%`,
    ...(hasShortTitle ? { shortTitle: `%command.${name}.short%` } : {}),
    category: 'ViT Explainer',
    ...(icon === undefined ? {} : { icon: `$(${icon})` }),
  };
}

/** Placeholders of a manifest that have no text, and texts without a placeholder. */
export function unmatchedTexts(
  manifest: object,
  texts: Readonly<Record<string, string>>,
): { readonly missing: readonly string[]; readonly needless: readonly string[] } {
  const used = new Set(
    [...JSON.stringify(manifest).matchAll(/"%([^"%]+)%"/g)].map(([, key = '']) => key),
  );
  return {
    missing: [...used].filter((key) => !Object.hasOwn(texts, key)),
    needless: Object.keys(texts).filter((key) => !used.has(key)),
  };
}
