/** What an assistant calls `explain_image` with, checked: every refusal says what to call it with instead. */
import path from 'node:path';
import * as vscode from 'vscode';
import type { MethodInfo, Targets } from '../../shared/explanation';
import { Failure, failureData } from '../../shared/failure';
import { findClass } from '../../shared/find-class';
import { bestForModel } from '../../shared/method-choice';
import type { ModelDescription } from '../../shared/model';
import { tidyPhrases, withPhrases } from '../../shared/phrases';
import { isImagePath } from '../../shared/picture-endings';
import type { ExplainSettings } from '../settings';
import { FileLookups } from './file-lookups';
import { isOnNetwork } from './network-path';
import { resolveImagePath } from './resolve-image-path';

/** As the manifest's `inputSchema` describes it; what an assistant sends is checked all the same. */
export interface ExplainImageInput {
  readonly path?: unknown;
  readonly method?: string;
  readonly target?: string | number;
  readonly against?: string | number;
  readonly k?: number;
}

const mostClassesNamed = 100;
const mostLikelyNamed = 20;
const mostPicturesNamed = 10;

/** @throws Failure `image-unreadable` */
export async function pictureOf({ path: file }: ExplainImageInput): Promise<vscode.Uri> {
  if (typeof file !== 'string' || file.trim() === '') {
    throw new Failure(
      'image-unreadable',
      `“path” has to be the absolute path of a picture; it is ${file === undefined ? 'missing' : JSON.stringify(file)}.`,
      `Call the tool again with it${workspaceInWords()}.`,
    );
  }
  const isAddress = /^[a-z][a-z0-9+.-]+:\/\//i.test(file);
  if (!isAddress && !path.isAbsolute(file) && !isOnNetwork(file)) throw await relativePath(file);
  const uri = placeOf(file, isAddress);
  if (uri === undefined || !isWithinReach(uri)) {
    throw new Failure(
      'image-unreadable',
      `“${file}” lies neither on this machine nor where the workspace is, and no other machine is asked for pictures.`,
      `Call the tool again with the absolute path of a picture that is here${workspaceInWords()}.`,
    );
  }
  const type = await typeOf(uri);
  if (type !== undefined && (type & vscode.FileType.File) !== 0) return uri;
  const isFolder = type !== undefined && (type & vscode.FileType.Directory) !== 0;
  const pictures = await picturesIn(isFolder ? uri : vscode.Uri.joinPath(uri, '..'));
  throw new Failure(
    'image-unreadable',
    isFolder ? `${file} is a folder.` : `There is no file ${file}.`,
    pictures.length === 0
      ? `Call the tool again with the absolute path of a picture${workspaceInWords()}.`
      : `Call the tool again with a picture that is in ${isFolder ? 'it' : 'its folder'}, e.g. ${pictures.join(', ')}.`,
  );
}

function placeOf(file: string, isAddress: boolean): vscode.Uri | undefined {
  try {
    return isAddress ? vscode.Uri.parse(file, true) : vscode.Uri.file(file);
  } catch {
    return undefined; // `file:////host/share`
  }
}

/**
 * A yes to one picture is no yes to a host that an assistant names: on Windows, asking one for a file
 * tells it who the person is. The host of the workspace is asked anyway.
 */
function isWithinReach({ scheme, authority, path: place }: vscode.Uri): boolean {
  if (scheme === 'file' && authority === '' && !isOnNetwork(place)) return true;
  const folders = vscode.workspace.workspaceFolders ?? [];
  return folders.some(
    ({ uri }) =>
      uri.scheme === scheme &&
      uri.authority.toLowerCase() === authority.toLowerCase() &&
      (authority !== '' || scheme !== 'file'),
  );
}

/** Names the file that is meant, where the workspace has it. */
async function relativePath(file: string): Promise<Failure> {
  const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri) ?? [];
  const meant = await resolveImagePath(file.replace(/\\+/g, '/'), folders, new FileLookups());
  return new Failure(
    'image-unreadable',
    `“path” has to be the absolute path of a picture; “${file}” is not absolute.`,
    meant === undefined
      ? `Call the tool again with the absolute path${workspaceInWords()}.`
      : `Call the tool again with ${meant.uri.fsPath}.`,
  );
}

function workspaceInWords(): string {
  const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri.fsPath) ?? [];
  return folders.length === 0 ? '' : `; the workspace is in ${folders.join(', ')}`;
}

async function typeOf(uri: vscode.Uri): Promise<vscode.FileType | undefined> {
  try {
    return (await vscode.workspace.fs.stat(uri)).type;
  } catch {
    return undefined; // not there, or not to be read
  }
}

async function picturesIn(folder: vscode.Uri): Promise<readonly string[]> {
  try {
    const entries = await vscode.workspace.fs.readDirectory(folder);
    return entries
      .map(([name]) => name)
      .filter(isImagePath)
      .sort()
      .slice(0, mostPicturesNamed);
  } catch {
    return []; // no folder, or none that may be read
  }
}

/**
 * @returns undefined for the best one of the model
 * @throws Failure `method-not-applicable`
 */
export function methodOf(
  { method }: ExplainImageInput,
  settings: ExplainSettings,
  methods: readonly MethodInfo[],
): MethodInfo | undefined {
  const wanted = method === undefined || method === '' ? settings.method : method;
  if (wanted === bestForModel) return undefined;
  const info = methods.find(({ id }) => id === wanted);
  if (info !== undefined) return info;
  throw new Failure(
    'method-not-applicable',
    `There is no method “${wanted}”.`,
    `Call the tool again with one of ${methods.map(({ id }) => id).join(', ')}, or without “method”.`,
  );
}

/**
 * The class whose evidence is wanted, and the one that it is held against where one is named; for a model that compares with phrases, those: the first is it.
 * @throws Failure `class-unknown`, with the classes that may be meant
 */
export function targetOf(
  { target, against }: ExplainImageInput,
  model: ModelDescription,
): { readonly model: ModelDescription; readonly targets: Targets } {
  const wanted = target === undefined ? '' : String(target).trim();
  const other = against === undefined ? '' : String(against).trim();
  if (model.zeroShot !== undefined) {
    const phrases = tidyPhrases(wanted.split(';'));
    if (phrases.length > 0) {
      const targets: Targets =
        other === '' ? { classes: [0] } : { contrast: [0, classOf(other, phrases)] };
      return { model: withPhrases(model, phrases), targets };
    }
    throw new Failure(
      'class-unknown',
      `${model.name} has no classes of its own: it compares the picture with phrases.`,
      'Call the tool again with two or more phrases in “target”, divided by semicolons, e.g. “a photo of a cat; a photo of a dog”; the evidence will be for the first.',
    );
  }
  if (other === '') {
    return {
      model,
      targets: wanted === '' ? { topK: 1 } : { classes: [classOf(wanted, model.labels)] },
    };
  }
  if (wanted === '') {
    throw new Failure(
      'class-unknown',
      '“against” needs a class in “target” that it is held against.',
      'Call the tool again with both, e.g. the most probable class as “target”.',
    );
  }
  return {
    model,
    targets: { contrast: [classOf(wanted, model.labels), classOf(other, model.labels)] },
  };
}

function classOf(target: string, labels: readonly string[]): number {
  try {
    const index = findClass(target, labels);
    if (labels.length === 0 || index < labels.length) return index;
    throw new Failure(
      'class-unknown',
      `The model has ${labels.length} classes, so there is no class ${index}.`,
      `Give a number from 0 to ${labels.length - 1}.`,
    );
  } catch (error) {
    const { code, message, nextStep } = failureData(error);
    const likely = likelyClasses(target, labels);
    if (code !== 'class-unknown' || likely.length === 0) throw error;
    throw new Failure(
      code,
      message,
      `Call the tool again with one of: ${likely.join('; ')}; or without “target”.`,
      { cause: nextStep },
    );
  }
}

/** All where they are few, else those that share a word with what was asked for. */
function likelyClasses(target: string, labels: readonly string[]): readonly string[] {
  const named = labels.map((label, index) => `${index} ${label}`);
  if (labels.length <= mostClassesNamed) return named;
  const words = target.toLowerCase().match(/\p{L}{3,}/gu) ?? [];
  return named
    .filter((label) => words.some((word) => label.toLowerCase().includes(word)))
    .slice(0, mostLikelyNamed);
}

/** @throws Failure `setting-invalid` */
export function classCountOf({ k }: ExplainImageInput, settings: ExplainSettings): number {
  if (k === undefined) return settings.topK;
  if (Number.isInteger(k) && k >= 1 && k <= 20) return k;
  throw new Failure(
    'setting-invalid',
    `“k” is ${JSON.stringify(k)}.`,
    'Call the tool again with a whole number from 1 to 20.',
  );
}
