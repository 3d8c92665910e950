/** One setting as it stands: read, checked, written, shown. */
import * as vscode from 'vscode';
import { Failure } from '../../shared/failure';
import type { Setting, SettingConcern } from './setting-kinds';
import { settingsTable, type SettingName, type SettingValue } from './settings-table';

const section = 'vitExplainer';

/**
 * @param of the picture or document that it is asked for; folders and languages may have their own
 * @throws Failure `setting-invalid`, naming the setting, its value and what it may be
 */
export function setting<Name extends SettingName>(
  name: Name,
  of?: vscode.ConfigurationScope,
): SettingValue<Name> {
  const value = read(name, of);
  const { parse, mayBe } = settingsTable[name];
  const checked = parse(value);
  if (checked === undefined) throw settingInvalid(name, `is ${JSON.stringify(value)}`, mayBe);
  return checked;
}

/** Where nothing can be said about a wrong value, e.g. in a hover: the default stands in for it. */
export function settingOrDefault<Name extends SettingName>(
  name: Name,
  of?: vscode.ConfigurationScope,
): SettingValue<Name> {
  const row = settingsTable[name];
  return row.parse(read(name, of)) ?? row.default;
}

/** Whether a change of configuration touches a setting of this concern. */
export function touches(
  change: vscode.ConfigurationChangeEvent,
  concern: SettingConcern,
  of?: vscode.ConfigurationScope,
): boolean {
  return Object.entries<Setting<unknown>>(settingsTable).some(
    ([name, { concerns = [] }]) =>
      concerns.includes(concern) && change.affectsConfiguration(`${section}.${name}`, of),
  );
}

/** Whose settings a value comes from; the first of these that has one is in force. */
export type SettingPlace = 'folder' | 'workspace' | 'user';

/** Where a setting is set that is in force; where nothing sets it, for the user. */
export function settingPlace(name: SettingName, of?: vscode.ConfigurationScope): SettingPlace {
  const set = vscode.workspace.getConfiguration(section, of ?? null).inspect(name);
  // In Restricted Mode, what a workspace says of such a setting is passed over.
  const isPassedOver = settingsTable[name].restricted === true && !vscode.workspace.isTrusted;
  if (isPassedOver || set === undefined) return 'user';
  if (set.workspaceFolderValue !== undefined) return 'folder';
  return set.workspaceValue === undefined ? 'user' : 'workspace';
}

/** Writes a setting where it is in force. */
export async function writeSetting<Name extends SettingName>(
  name: Name,
  value: SettingValue<Name>,
  of?: vscode.ConfigurationScope,
): Promise<void> {
  const { WorkspaceFolder, Workspace, Global } = vscode.ConfigurationTarget;
  const targets = { folder: WorkspaceFolder, workspace: Workspace, user: Global };
  const configuration = vscode.workspace.getConfiguration(section, of ?? null);
  await configuration.update(name, value, targets[settingPlace(name, of)]);
}

/** Shows the setting that a text names, or all of ours. */
export async function openSettings(text: string): Promise<void> {
  const [named = '@ext:vit-explainer.vit-explainer'] = /vitExplainer\.\w+/.exec(text) ?? [];
  await vscode.commands.executeCommand('workbench.action.openSettings', named);
}

/** @param isWhat e.g. `is "abacus"` */
export function settingInvalid(name: SettingName, isWhat: string, mayBe: string): Failure {
  return new Failure(
    'setting-invalid',
    `The setting ${section}.${name} ${isWhat}; it has to be ${mayBe}.`,
    'Correct it in the settings, then retry.',
  );
}

function read(name: SettingName, of: vscode.ConfigurationScope | undefined): unknown {
  return vscode.workspace.getConfiguration(section, of ?? null).get<unknown>(name);
}
