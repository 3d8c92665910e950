/** Model files that no folder of models holds: those of the workspace, and those that were used lately. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelDescription, ModelListing } from '../../shared/model';
import { isPart, modelStem } from '../../store/weight-endings';
import { findFiles } from '../find-files';

const key = 'recentModels';
const mostRecent = 8;
/** A training run leaves hundreds of checkpoints: the newest are listed. */
const mostFound = 500;
const mostListed = 24;
/** What these endings stand for is known; `.bin` and `.tar` may be anything. */
const endings = ['onnx', 'safetensors', 'safetensors.index.json', 'pth', 'pt', 'ckpt'];

export class NearbyModels {
  /** As they were found last. */
  known: readonly ModelListing[] = [];
  private finding: Promise<readonly ModelListing[]> | undefined;
  private foundAt = -Infinity;

  constructor(private readonly memento: vscode.Memento) {}

  /**
   * Looks again; whoever asks meanwhile waits for the same answer.
   * @param oldest what was found before is good enough if it is no older, in milliseconds
   */
  find(oldest: number): Promise<readonly ModelListing[]> {
    if (performance.now() - this.foundAt <= oldest) return Promise.resolve(this.known);
    this.finding ??= this.look().finally(() => (this.finding = undefined));
    return this.finding;
  }

  /** Of a file of one's own: it is among the recent ones from now on. */
  async used({ id }: Pick<ModelDescription, 'id'>): Promise<void> {
    if (!id.startsWith('file:') || this.recent[0] === id) return;
    const others = this.recent.filter((one) => one !== id);
    await this.memento.update(key, [id, ...others].slice(0, mostRecent));
  }

  private get recent(): readonly string[] {
    return this.memento.get<readonly string[]>(key) ?? [];
  }

  private async look(): Promise<readonly ModelListing[]> {
    const files = (await findFiles(endings, mostFound))
      .filter(({ scheme, fsPath }) => scheme === 'file' && !isPart(fsPath))
      .map(({ fsPath }) => fsPath);
    const recent = this.recent.map((id) => id.slice('file:'.length));
    const ofWorkspace = await listed(files, 'workspace');
    const isListed = new Set(ofWorkspace.map(({ id }) => id));
    const others = (await listed(recent, 'recent')).filter(({ id }) => !isListed.has(id));
    this.known = [...others, ...ofWorkspace.slice(0, mostListed)];
    this.foundAt = performance.now();
    return this.known;
  }
}

/** What is not there any more is left out; recent ones in their order, others the newest first. */
async function listed(
  files: readonly string[],
  source: 'workspace' | 'recent',
): Promise<readonly ModelListing[]> {
  const found = await Promise.all(
    files.map(async (file) => {
      const stats = await stat(file).catch(() => undefined);
      return stats?.isFile() ? [{ file, stats }] : [];
    }),
  );
  const there = found.flat();
  if (source === 'workspace') there.sort((a, b) => b.stats.mtimeMs - a.stats.mtimeMs);
  return there.map(({ file, stats }) => ({
    id: `file:${file}`,
    name: modelStem(file).replace(/\.probe$/i, ' (linear probe)'),
    place: placeOf(file),
    onDisk: true,
    bytes: file.endsWith('.json') ? undefined : stats.size,
    licence: undefined,
    source,
  }));
}

/** Its folder, as briefly as it can be named here. */
function placeOf(file: string): string {
  const folder = path.dirname(file);
  const root = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(file));
  if (root === undefined) return folder;
  const inside = path.relative(root.uri.fsPath, folder);
  const isOnly = vscode.workspace.workspaceFolders?.length === 1;
  return isOnly && inside !== '' ? inside : path.join(root.name, inside);
}
