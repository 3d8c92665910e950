/** The pictures that a document speaks of, as files. */
import * as vscode from 'vscode';
import { firstArchive, isTar } from '../../shared/tar-path';
import { codeSettings } from '../settings';
import { CodeLines } from './code-lines';
import { constantsOf } from './constant-paths';
import { FileLookups, type ImageFile } from './file-lookups';
import { imagePathAt, imagePathsIn, type PathLiteral } from './image-path-at';
import { syntaxOfLanguage } from './line-syntax';
import { isGlob } from './name-glob';
import { resolveImagePath } from './resolve-image-path';
import type { ConstantOf } from './string-literals';

/** A picture, or an archive of pictures. */
export interface ImageMention extends ImageFile {
  /** The path in the document, without its quotes. */
  readonly range: vscode.Range;
}

/** Whether paths of pictures are looked for in a document, as the settings of its language say. */
export function looksForImages(document: vscode.TextDocument): boolean {
  return document.uri.scheme !== 'output' && codeSettings(document).imagePaths;
}

export async function imageAt(
  document: vscode.TextDocument,
  position: vscode.Position,
  token: vscode.CancellationToken,
): Promise<ImageMention | undefined> {
  const literal = imagePathAt(
    codeOf(document),
    position.line,
    position.character,
    constantsIn(document),
  );
  if (literal === undefined) return undefined;
  const lookups = new FileLookups(() => token.isCancellationRequested);
  return mention(document, position.line, literal, lookups);
}

/**
 * At most `most` pictures of a line, from left to right; patterns are left out, which take longer.
 * @param lookups those of one document together
 */
export async function imagesOfLine(
  document: vscode.TextDocument,
  line: number,
  most: number,
  lookups: FileLookups,
): Promise<readonly ImageMention[]> {
  const literals = imagePathsIn(codeOf(document), line, constantsIn(document))
    .filter(({ path }) => isTar(path) || !isGlob(path))
    .slice(0, most);
  const mentions = await Promise.all(
    literals.map((literal) => mention(document, line, literal, lookups)),
  );
  return mentions.filter((one) => one !== undefined);
}

async function mention(
  document: vscode.TextDocument,
  line: number,
  { path, start, end }: PathLiteral,
  lookups: FileLookups,
): Promise<ImageMention | undefined> {
  // Of archives that a pattern names, the first one is asked for.
  const asked = isTar(path) ? firstArchive(path) : path;
  const found = await resolveImagePath(asked, basesOf(document), lookups);
  if (found === undefined) return undefined;
  const written = path.slice(path.lastIndexOf('/') + 1);
  const uri = asked === path ? found.uri : vscode.Uri.joinPath(found.uri, '..', written);
  const file = { ...found, uri };
  return { ...file, range: new vscode.Range(line, start, line, end) };
}

/** Its own folder, the workspace folders (its own first), and the data roots of the settings. */
function basesOf(document: vscode.TextDocument): readonly vscode.Uri[] {
  const file = fileOf(document);
  const own = vscode.workspace.getWorkspaceFolder(file);
  const folders = vscode.workspace.workspaceFolders ?? [];
  return [
    ...(file.scheme === 'untitled' ? [] : [vscode.Uri.joinPath(file, '..')]),
    ...(own === undefined ? [] : [own.uri]),
    ...folders.filter((folder) => folder !== own).map(({ uri }) => uri),
    ...codeSettings(document).dataRoots,
  ];
}

const knownCode = new WeakMap<
  vscode.TextDocument,
  { readonly version: number; readonly code: CodeLines }
>();

/** The lines of a document as they are now; each is read once. */
function codeOf(document: vscode.TextDocument): CodeLines {
  const { version, lineCount, languageId, uri } = document;
  const syntax = syntaxOfLanguage(languageId, uri.path);
  const known = knownCode.get(document);
  if (known?.version === version && known.code.syntax === syntax) return known.code;
  const code = new CodeLines(lineCount, (line) => document.lineAt(line).text, syntax);
  knownCode.set(document, { version, code });
  return code;
}

const knownConstants = new WeakMap<
  vscode.TextDocument,
  { readonly version: number; readonly constantOf: ConstantOf }
>();

/** Those of a notebook's cell are in any of its cells. */
function constantsIn(document: vscode.TextDocument): ConstantOf {
  const notebook = notebookOf(document);
  const { version } = notebook ?? document;
  const known = knownConstants.get(document);
  if (known?.version === version) return known.constantOf;
  const documents = notebook?.getCells().map((cell) => cell.document) ?? [document];
  const constantOf = constantsOf(documents.map(codeOf));
  knownConstants.set(document, { version, constantOf });
  return constantOf;
}

/** A cell of a notebook lies where the notebook does. */
function fileOf(document: vscode.TextDocument): vscode.Uri {
  return notebookOf(document)?.uri ?? document.uri;
}

function notebookOf(document: vscode.TextDocument): vscode.NotebookDocument | undefined {
  if (document.uri.scheme !== 'vscode-notebook-cell') return undefined;
  return vscode.workspace.notebookDocuments.find((one) =>
    one.getCells().some((cell) => cell.document === document),
  );
}
