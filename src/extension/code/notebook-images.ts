/** The pictures of a notebook's cell: those it put out, those attached to it, those its text shows. */
import { createHash } from 'node:crypto';
import * as vscode from 'vscode';
import { Failure } from '../../shared/failure';
import { ownValue } from '../../shared/own-value';
import type { Panels } from '../panel/panels';
import { FileLookups } from './file-lookups';
import { imagesOfLine } from './image-at';

interface CellImage {
  readonly label: string;
  /** A file that is there already, or bytes that become one. */
  readonly content: vscode.Uri | { readonly bytes: Uint8Array; readonly ending: string };
}

const endings: Readonly<Record<string, string>> = {
  'image/png': 'png',
  'image/jpeg': 'jpg',
  'image/webp': 'webp',
  'image/gif': 'gif',
  'image/svg+xml': 'svg',
};
/** Pictures of outputs are kept for panels that outlive a reload; the oldest go first. */
const keptImages = 100;
const mostPerLine = 20;

/**
 * Explains a picture of the cell; where it has several, the person picks.
 *
 * @param clicked the cell whose menu it was, or anything else for the cell in front
 * @param storage a folder for pictures that are no files
 * @throws Failure when there is no such cell, or no picture in it
 */
export async function explainNotebookImage(
  clicked: unknown,
  panels: Panels,
  storage: vscode.Uri,
): Promise<void> {
  const cell = cellOf(clicked);
  const images = [...outputsOf(cell), ...attachmentsOf(cell), ...(await mentionsOf(cell))];
  const image = await pick(images);
  if (image === undefined) return;
  const name = cell.notebook.uri.path.replace(/^.*\//, '').replace(/\.ipynb$/i, '');
  const uri =
    image.content instanceof vscode.Uri
      ? image.content
      : await keep(image.content, `${name} cell ${cell.index + 1}`, storage);
  panels.open(uri);
}

function cellOf(clicked: unknown): vscode.NotebookCell {
  if (isCell(clicked)) return clicked;
  const editor = vscode.window.activeNotebookEditor;
  const [selected] = editor?.selections ?? [];
  if (editor !== undefined && selected !== undefined && !selected.isEmpty)
    return editor.notebook.cellAt(selected.start);
  throw new Failure(
    'image-unreadable',
    'No cell of a notebook is in front.',
    'Select the cell with the picture, then try again.',
  );
}

function isCell(value: unknown): value is vscode.NotebookCell {
  return typeof value === 'object' && value !== null && 'notebook' in value && 'outputs' in value;
}

function outputsOf({ outputs }: vscode.NotebookCell): readonly CellImage[] {
  return outputs.flatMap(({ items }, at) => {
    const image = items.find(({ mime }) => ownValue(endings, mime) !== undefined);
    if (image === undefined) return [];
    const ending = ownValue(endings, image.mime) ?? 'png';
    return [{ label: `Output ${at + 1}`, content: { bytes: image.data, ending } }];
  });
}

/** Pictures that were pasted into a text cell: base64 by type, by name, in the cell's metadata. */
function attachmentsOf({ metadata }: vscode.NotebookCell): readonly CellImage[] {
  return entriesOf(metadata.attachments).flatMap(([label, byMime]) =>
    entriesOf(byMime).flatMap(([mime, base64]) => {
      const ending = ownValue(endings, mime);
      if (ending === undefined || typeof base64 !== 'string') return [];
      return [{ label, content: { bytes: Buffer.from(base64, 'base64'), ending } }];
    }),
  );
}

function entriesOf(value: unknown): readonly [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}

async function mentionsOf({ document }: vscode.NotebookCell): Promise<readonly CellImage[]> {
  const lookups = new FileLookups();
  const lines = Array.from({ length: document.lineCount }, (_, line) =>
    imagesOfLine(document, line, mostPerLine, lookups),
  );
  return (await Promise.all(lines))
    .flat()
    .map(({ uri, range }) => ({ label: document.getText(range), content: uri }));
}

async function pick(images: readonly CellImage[]): Promise<CellImage | undefined> {
  const [only] = images;
  if (only === undefined) {
    throw new Failure(
      'image-unreadable',
      'The cell has no picture: none among its outputs, its attachments and the paths in its text.',
      'Run the cell, or select another one, then try again.',
    );
  }
  return images.length === 1
    ? only
    : vscode.window.showQuickPick([...images], {
        title: 'Explain Image with ViT',
        placeHolder: 'A picture of the cell',
      });
}

/** The same picture gets the same file, and so the same panel. */
async function keep(
  { bytes, ending }: { readonly bytes: Uint8Array; readonly ending: string },
  name: string,
  storage: vscode.Uri,
): Promise<vscode.Uri> {
  const hash = createHash('sha256').update(bytes).digest('hex').slice(0, 12);
  const folder = vscode.Uri.joinPath(storage, hash);
  const file = vscode.Uri.joinPath(folder, `${name}.${ending}`);
  try {
    await vscode.workspace.fs.createDirectory(folder);
    await vscode.workspace.fs.writeFile(file, bytes);
    await dropOldest(storage);
  } catch (cause) {
    throw new Failure(
      'cache-unwritable',
      `The picture could not be written to ${file.fsPath}.`,
      'Check the permissions and the space there, then try again.',
      { cause },
    );
  }
  return file;
}

async function dropOldest(storage: vscode.Uri): Promise<void> {
  const entries = await vscode.workspace.fs.readDirectory(storage);
  if (entries.length <= keptImages) return;
  const folders = await Promise.all(
    entries.map(async ([name]) => {
      const uri = vscode.Uri.joinPath(storage, name);
      return { uri, changed: (await vscode.workspace.fs.stat(uri)).mtime };
    }),
  );
  folders.sort((left, right) => right.changed - left.changed);
  for (const { uri } of folders.slice(keptImages))
    await vscode.workspace.fs.delete(uri, { recursive: true });
}
