/** The pictures of the folder that a panel's picture lies in: the way through them, without a gallery. */
import * as vscode from 'vscode';
import { placeAfter, type Way } from '../../shared/filmstrip';
import { isImagePath } from '../../shared/picture-endings';
import type { PanelChannel } from './panel-channel';
import { archiveOf, pictureName } from './picture';

/** As the explorer orders names. */
const byName = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

export class PanelFolder {
  /** In order, as they were when the folder was read last. */
  private names: readonly string[] = [];
  private folder: string | undefined;

  /** @param onGo the person went to this picture */
  constructor(
    private readonly channel: PanelChannel,
    private readonly onGo: (picture: vscode.Uri) => void,
  ) {}

  /** The panel is at this picture; what else its folder holds becomes known. */
  async enter(picture: vscode.Uri, isCurrent: () => boolean): Promise<void> {
    // What is known of the folder already; it is read anew all the same.
    this.tell(picture);
    const names = await picturesBeside(picture);
    if (!isCurrent()) return;
    this.names = names;
    this.folder = folderOf(picture);
    this.tell(picture);
  }

  /** A picture is no part of a folder to walk through while it is a gallery's. */
  leave(): void {
    this.channel.learn({ kind: 'inFolder', folder: undefined });
  }

  step(from: vscode.Uri, by: 1 | -1): void {
    const way = this.wayAt(from);
    const place = way && placeAfter(way, by > 0 ? 'next' : 'previous');
    if (place !== undefined) this.goTo(from, place);
  }

  goTo(from: vscode.Uri, place: number): void {
    const name = this.names[place];
    if (name !== undefined) this.onGo(vscode.Uri.joinPath(from, '..', name));
  }

  /** Where the picture is among those that are known. */
  tell(picture: vscode.Uri): void {
    this.channel.learn({ kind: 'inFolder', folder: this.wayAt(picture) });
  }

  /** Undefined where nothing is known of its folder. */
  private wayAt(picture: vscode.Uri): Way | undefined {
    const { names } = this;
    if (folderOf(picture) !== this.folder || names.length === 0) return undefined;
    const name = pictureName(picture);
    const at = names.indexOf(name);
    const before = names.filter((other) => byName.compare(other, name) < 0).length;
    const title = pictureName(vscode.Uri.joinPath(picture, '..'));
    return {
      title,
      total: names.length,
      at: at < 0 ? undefined : at,
      near: at < 0 ? before : at,
    };
  }
}

/** None where the folder cannot be read, e.g. of a version that a repository holds, or within an archive. */
async function picturesBeside(picture: vscode.Uri): Promise<readonly string[]> {
  if (archiveOf(picture) !== undefined) return [];
  try {
    const entries = await vscode.workspace.fs.readDirectory(vscode.Uri.joinPath(picture, '..'));
    return entries
      .filter(([name, type]) => (type & vscode.FileType.File) !== 0 && isImagePath(name))
      .map(([name]) => name)
      .sort(byName.compare);
  } catch {
    return [];
  }
}

function folderOf(picture: vscode.Uri): string {
  return vscode.Uri.joinPath(picture, '..').toString();
}
