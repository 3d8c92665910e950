/** What the manifest (package.json) says of our settings and commands, made of their tables. */
import { commandIds, commandsTable, type CommandRow } from './commands/command-ids';
import type { Setting } from './settings/setting-kinds';
import { settingsTable } from './settings/settings-table';

/** The parts of package.json that are written, and what lies around them. */
interface Manifest {
  readonly capabilities: { readonly untrustedWorkspaces: object };
  readonly contributes: object;
}

const settings = Object.entries<Setting<unknown>>(settingsTable);
const commands = Object.entries<CommandRow>(commandsTable);

/** package.json with the settings and commands that there are; all else stays, in its order. */
export function withTables<Given extends Manifest>(manifest: Given): Given {
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
            settingEntry(name, row, index + 1),
          ]),
        ),
      },
    },
  };
}

function settingId(name: string): string {
  return `vitExplainer.${name}`;
}

function settingEntry(name: string, row: Setting<unknown>, order: number): object {
  const { schema, described, scope } = row;
  return {
    ...schema,
    ...(described ? { enumDescriptions: described.map((one) => `%setting.${name}.${one}%`) } : {}),
    default: row.default,
    scope,
    order,
    markdownDescription: `%setting.${name}%`,
  };
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
