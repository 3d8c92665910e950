/** Settings that are asked for together, and those whose values are files and folders. */
import path from 'node:path';
import * as vscode from 'vscode';
import { cacheLimitBytes } from '../store/cache/cache-limit';
import { pathOfFileId } from '../store/file-id';
import { setting, settingInvalid, settingOrDefault, touches } from './settings/read-setting';
import type { SettingName, SettingValue } from './settings/settings-table';
import { writtenPath } from './settings/written-path';

/** What a new panel starts with. */
export interface ExplainSettings {
  readonly method: SettingValue<'method'>;
  readonly topK: SettingValue<'topK'>;
  readonly preset: SettingValue<'preset'>;
  readonly colourMap: SettingValue<'colourMap'>;
}

/** How paths of pictures in code are found. */
export interface CodeSettings {
  readonly imagePaths: boolean;
  /** Folders that relative paths may be meant from, besides the document's and the workspace's. */
  readonly dataRoots: readonly vscode.Uri[];
}

/** How the worker process runs; a change takes effect with its next start. */
export interface ProcessSettings {
  readonly threads: SettingValue<'threads'>;
  readonly provider: SettingValue<'provider'>;
  readonly idleSeconds: SettingValue<'idleSeconds'>;
  readonly sessionBytes: number;
}

/** @throws Failure `setting-invalid`, naming the setting, its value and what it may be */
export function explainSettings(resource: vscode.Uri): ExplainSettings {
  return {
    method: setting('method', resource),
    topK: setting('topK', resource),
    preset: setting('preset', resource),
    colourMap: setting('colourMap', resource),
  };
}

/**
 * Never fails: a hover is no place to complain about settings, so what is no path is left out.
 * @param document its language may have a setting of its own
 */
export function codeSettings(document: vscode.TextDocument): CodeSettings {
  return {
    imagePaths: settingOrDefault('imagePaths', document),
    dataRoots: settingOrDefault('dataRoots', document).flatMap(dataRoot),
  };
}

/** A relative one is below each workspace folder. */
function dataRoot(root: string): readonly vscode.Uri[] {
  const expanded = writtenPath(root);
  if (path.isAbsolute(expanded)) return [vscode.Uri.file(expanded)];
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.map(({ uri }) => vscode.Uri.joinPath(uri, expanded));
}

/** @throws Failure `setting-invalid` */
export function processSettings(): ProcessSettings {
  return {
    threads: setting('threads'),
    provider: setting('provider'),
    idleSeconds: setting('idleSeconds'),
    sessionBytes: setting('sessionMegabytes') * 2 ** 20,
  };
}

/**
 * How large all caches together may become, in bytes; infinity: no limit.
 * @throws Failure `setting-invalid`
 */
export function cacheLimit(): number {
  return cacheLimitBytes(setting('cacheGigabytes'));
}

/**
 * The default model's id: `starter`, a catalog id, or `file:` and an absolute path.
 * @throws Failure `setting-invalid`
 */
export function defaultModelId(resource: vscode.Uri): string {
  return modelIdFromSetting(setting('model', resource), baseFolder(resource));
}

/** A path becomes `file:` and its absolute form; anything else is an id already. */
export function modelIdFromSetting(value: string, baseFolder: string | undefined): string {
  const named = pathOfFileId(value);
  if (!/[\\/]|\.(onnx|safetensors|safetensors\.index\.json|pth|pt|ckpt|bin|pth\.tar)$/i.test(named))
    return value;
  return `file:${absolutePath('model', named, baseFolder)}`;
}

/**
 * The folder with models of one's own, where one is set.
 * @throws Failure `setting-invalid`
 */
export function modelFolder(): string | undefined {
  const value = setting('modelFolder');
  if (value === '') return undefined;
  const isInWorkspace = value.startsWith('${workspaceFolder}');
  const folder = isInWorkspace ? vscode.workspace.workspaceFolders?.[0] : undefined;
  return absolutePath('modelFolder', value, diskFolder(folder));
}

/** @throws Failure `setting-invalid` for a relative one where there is nothing that it is relative to */
function absolutePath(name: SettingName, value: string, baseFolder: string | undefined): string {
  const expanded = writtenPath(value);
  if (path.isAbsolute(expanded)) return path.normalize(expanded);
  if (baseFolder !== undefined) return path.resolve(baseFolder, expanded);
  throw settingInvalid(
    name,
    `is "${value}", which no open folder of this machine says the beginning of`,
    'an absolute path, or one that begins with ~ or, where a folder is open, with ${workspaceFolder}',
  );
}

/** What of an open panel a change of configuration touches: its maps, only its looks, or nothing. */
export function settingsConcern(
  change: vscode.ConfigurationChangeEvent,
  resource: vscode.Uri,
): 'maps' | 'looks' | 'nothing' {
  if (touches(change, 'maps', resource)) return 'maps';
  return touches(change, 'looks', resource) ? 'looks' : 'nothing';
}

function baseFolder(resource: vscode.Uri): string | undefined {
  const folder =
    vscode.workspace.getWorkspaceFolder(resource) ?? vscode.workspace.workspaceFolders?.[0];
  return diskFolder(folder);
}

function diskFolder(folder: vscode.WorkspaceFolder | undefined): string | undefined {
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
}
