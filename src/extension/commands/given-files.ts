/** What commands are given to work on, by menus, keybindings and other extensions. */
import path from 'node:path';
import * as v from 'valibot';
import * as vscode from 'vscode';
import { Failure } from '../../shared/failure';
import { shortened } from '../../shared/shortened';
import { writtenPath } from '../settings/written-path';

/** A `Uri`, or what is left of one that went through JSON. */
const componentsSchema = v.object({
  scheme: v.pipe(v.string(), v.regex(/^[a-z][a-z\d+.-]*$/i)),
  path: v.string(),
  authority: v.optional(v.string()),
  query: v.optional(v.string()),
  fragment: v.optional(v.string()),
});

/** What a menu of the editor gives beside, or instead of, a file: where it was opened. */
const menuSchema = v.union([
  v.object({ webview: v.string() }),
  v.object({ groupId: v.number() }),
  v.object({ editorIndex: v.number() }),
]);

export function isMenuPlace(given: unknown): boolean {
  return v.is(menuSchema, given);
}

const webSchemes = new Set(['http', 'https']);

/**
 * The files that a command is given: a path, an address, a `Uri` or its parts, a list of these, or
 * nothing.
 *
 * @param clicked the first argument
 * @param selected the second one: from the explorer, its whole selection
 * @throws Failure `internal` for anything else
 */
export function filesGiven(clicked: unknown, selected?: unknown): readonly vscode.Uri[] {
  const isSelection = Array.isArray(selected) && selected.length > 0;
  const given = isSelection ? selected : clicked;
  const files = Array.isArray(given) ? (given as unknown[]) : [given];
  return files.flatMap(fileGiven);
}

function fileGiven(given: unknown): readonly vscode.Uri[] {
  if (given === undefined || given === null || isMenuPlace(given)) return [];
  const uri = typeof given === 'string' ? written(given) : fromParts(given);
  if (uri === undefined) {
    throw new Failure(
      'internal',
      `The command was given ${shortened(described(given), 80)}, which names no file.`,
      'Give it a path, an address such as file:///pictures/cat.jpg, or a list of these.',
    );
  }
  if (webSchemes.has(uri.scheme)) {
    throw new Failure(
      'internal',
      `${uri.toString(true)} is on the web; pictures are read from files only.`,
      'Download it, then explain the file.',
    );
  }
  return [uri];
}

/** Of two letters and more: `C:` is a drive. */
const address = /^[a-z][a-z\d+.-]+:/i;

function written(text: string): vscode.Uri | undefined {
  if (text.trim() === '') return undefined;
  if (address.test(text)) return parsed(text);
  const file = writtenPath(text.trim());
  if (path.isAbsolute(file)) return vscode.Uri.file(file);
  const [folder] = vscode.workspace.workspaceFolders ?? [];
  return folder && vscode.Uri.joinPath(folder.uri, file);
}

function parsed(text: string): vscode.Uri | undefined {
  try {
    return vscode.Uri.parse(text, true);
  } catch {
    return undefined;
  }
}

function fromParts(given: unknown): vscode.Uri | undefined {
  if (given instanceof vscode.Uri) return given;
  const { success, output } = v.safeParse(componentsSchema, given);
  if (!success) return undefined;
  const { scheme, path: itsPath, authority = '', query = '', fragment = '' } = output;
  try {
    return vscode.Uri.from({ scheme, path: itsPath, authority, query, fragment });
  } catch {
    return undefined; // its parts do not fit together
  }
}

function described(given: unknown): string {
  if (typeof given === 'string') return `the text “${given}”`;
  try {
    const text: unknown = JSON.stringify(given);
    if (typeof text === 'string') return text;
  } catch {
    // It holds itself.
  }
  return `something of the type ${typeof given}`;
}
