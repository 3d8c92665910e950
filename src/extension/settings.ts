/** The person's settings, each checked before it is used. */
import { homedir } from 'node:os';
import path from 'node:path';
import * as vscode from 'vscode';
import type { Preset } from '../shared/explanation';
import { presets } from '../shared/method-choice';
import { Failure } from '../shared/failure';
import type { ProviderChoice } from '../shared/provider';
import { cacheLimitBytes } from '../store/cache/cache-limit';

const section = 'vitExplainer';
const providers: readonly ProviderChoice[] = ['cpu', 'auto', 'webgpu', 'cuda', 'dml', 'coreml'];
const colourMaps = ['viridis', 'inferno', 'magma', 'plasma', 'cividis', 'turbo', 'jet'] as const;

/** What a new panel starts with. */
export interface ExplainSettings {
  readonly method: string;
  readonly topK: number;
  readonly preset: Preset;
  readonly colourMap: string;
}

/** How paths of pictures in code are found. */
export interface CodeSettings {
  readonly imagePaths: boolean;
  /** Folders that relative paths may be meant from, besides the document's and the workspace's. */
  readonly dataRoots: readonly vscode.Uri[];
}

/** How the worker process runs; a change takes effect with its next start. */
export interface ProcessSettings {
  readonly threads: number;
  readonly provider: ProviderChoice;
  readonly idleSeconds: number;
  readonly sessionBytes: number;
}

/** @throws Failure `setting-invalid`, naming the setting, its value and what it may be */
export function explainSettings(resource: vscode.Uri): ExplainSettings {
  return {
    method: text('method', resource),
    topK: integer('topK', 1, 20, resource),
    preset: oneOf('preset', presets, resource),
    colourMap: oneOf('colourMap', colourMaps, resource),
  };
}

/**
 * Never fails: a hover is no place to complain about settings, so what is no path is left out.
 * @param document its language may have a setting of its own
 */
export function codeSettings(document: vscode.TextDocument): CodeSettings {
  const configuration = vscode.workspace.getConfiguration(section, document);
  const roots = configuration.get<unknown>('dataRoots');
  return {
    imagePaths: configuration.get<unknown>('imagePaths') !== false,
    dataRoots: (Array.isArray(roots) ? (roots as unknown[]) : [])
      .filter((root) => typeof root === 'string')
      .flatMap(dataRoot),
  };
}

/** A relative one is below each workspace folder. */
function dataRoot(root: string): readonly vscode.Uri[] {
  const expanded = expandHome(root.trim());
  if (expanded === '') return [];
  if (path.isAbsolute(expanded)) return [vscode.Uri.file(expanded)];
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.map(({ uri }) => vscode.Uri.joinPath(uri, expanded));
}

/** @throws Failure `setting-invalid` */
export function processSettings(): ProcessSettings {
  return {
    threads: integer('threads', 0, 256),
    provider: oneOf('provider', providers),
    idleSeconds: integer('idleSeconds', 0, 86_400),
    sessionBytes: integer('sessionMegabytes', 128, 65_536) * 2 ** 20,
  };
}

/**
 * How large all caches together may become, in bytes; infinity: no limit.
 * @throws Failure `setting-invalid`
 */
export function cacheLimit(): number {
  const value = read('cacheGigabytes', undefined);
  if (typeof value !== 'number' || !(value >= 0))
    throw invalid('cacheGigabytes', `is ${JSON.stringify(value)}`, 'a number from 0');
  return cacheLimitBytes(value);
}

/**
 * The default model's id: `starter`, a catalog id, or `file:` and an absolute path.
 * @throws Failure `setting-invalid`
 */
export function defaultModelId(resource: vscode.Uri): string {
  return modelIdFromSetting(text('model', resource), baseFolder(resource));
}

/** A path becomes `file:` and its absolute form; anything else is an id already. */
export function modelIdFromSetting(value: string, baseFolder: string | undefined): string {
  const named = value.startsWith('file:') ? value.slice('file:'.length) : value;
  if (!/[\\/]|\.(onnx|safetensors|safetensors\.index\.json|pth|pt|ckpt|bin|pth\.tar)$/i.test(named))
    return value;
  const expanded = expandHome(named);
  if (path.isAbsolute(expanded)) return `file:${path.normalize(expanded)}`;
  if (baseFolder === undefined) {
    throw invalid(
      'model',
      `is the relative path "${value}", but no folder of this machine is open`,
      'an absolute path',
    );
  }
  return `file:${path.resolve(baseFolder, expanded)}`;
}

/**
 * The folder with models of one's own, where one is set.
 * @throws Failure `setting-invalid`
 */
export function modelFolder(): string | undefined {
  const value = text('modelFolder', undefined, true);
  if (value === '') return undefined;
  const expanded = expandHome(value);
  if (!path.isAbsolute(expanded))
    throw invalid('modelFolder', `is "${value}"`, 'an absolute path, or one that begins with ~');
  return expanded;
}

/** Whether a change of configuration touches how the worker process runs. */
export function affectsProcess(change: vscode.ConfigurationChangeEvent): boolean {
  return ['threads', 'provider', 'idleSeconds', 'sessionMegabytes'].some((name) =>
    change.affectsConfiguration(`${section}.${name}`),
  );
}

/** What of an open panel a change of configuration touches: its maps, only its looks, or nothing. */
export function settingsConcern(
  change: vscode.ConfigurationChangeEvent,
  resource: vscode.Uri,
): 'maps' | 'looks' | 'nothing' {
  const touches = (name: string): boolean =>
    change.affectsConfiguration(`${section}.${name}`, resource);
  if (['preset', 'topK', 'provider'].some(touches)) return 'maps';
  return touches('colourMap') ? 'looks' : 'nothing';
}

/** Writes a setting where it is set already, else for the user. */
export async function writeSetting(
  name: string,
  value: string,
  resource?: vscode.Uri,
): Promise<void> {
  const configuration = vscode.workspace.getConfiguration(section, resource ?? null);
  const inWorkspace = configuration.inspect(name)?.workspaceValue !== undefined;
  await configuration.update(
    name,
    value,
    inWorkspace ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global,
  );
}

/** Shows the setting that a text names, or all of ours. */
export async function openSettings(text: string): Promise<void> {
  const [named = '@ext:vit-explainer.vit-explainer'] = /vitExplainer\.\w+/.exec(text) ?? [];
  await vscode.commands.executeCommand('workbench.action.openSettings', named);
}

function read(name: string, resource: vscode.Uri | undefined): unknown {
  return vscode.workspace.getConfiguration(section, resource ?? null).get<unknown>(name);
}

function text(name: string, resource?: vscode.Uri, mayBeEmpty = false): string {
  const value = read(name, resource);
  if (typeof value !== 'string' || (value.trim() === '' && !mayBeEmpty))
    throw invalid(name, `is ${JSON.stringify(value)}`, 'a text that is not empty');
  return value.trim();
}

function integer(name: string, least: number, most: number, resource?: vscode.Uri): number {
  const value = read(name, resource);
  if (typeof value !== 'number' || !Number.isInteger(value) || value < least || value > most)
    throw invalid(name, `is ${JSON.stringify(value)}`, `a whole number from ${least} to ${most}`);
  return value;
}

function oneOf<Choice extends string>(
  name: string,
  choices: readonly Choice[],
  resource?: vscode.Uri,
): Choice {
  const value = read(name, resource);
  const chosen = choices.find((choice) => choice === value);
  if (chosen === undefined)
    throw invalid(name, `is ${JSON.stringify(value)}`, `one of ${choices.join(', ')}`);
  return chosen;
}

function invalid(name: string, isWhat: string, mayBe: string): Failure {
  return new Failure(
    'setting-invalid',
    `The setting ${section}.${name} ${isWhat}; it has to be ${mayBe}.`,
    'Correct it in the settings, then retry.',
  );
}

function expandHome(file: string): string {
  return file === '~' || file.startsWith('~/') || file.startsWith('~\\')
    ? path.join(homedir(), file.slice(1))
    : file;
}

function baseFolder(resource: vscode.Uri): string | undefined {
  const folder =
    vscode.workspace.getWorkspaceFolder(resource) ?? vscode.workspace.workspaceFolders?.[0];
  return folder?.uri.scheme === 'file' ? folder.uri.fsPath : undefined;
}
