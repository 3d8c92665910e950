/** The probes that lie at the top of the workspace's folders, where training puts them. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import type { ModelListing } from '../../shared/model';
import { listProbeHeads } from '../../store/probe-manifest';

export async function workspaceProbes(): Promise<readonly ModelListing[]> {
  const folders = (vscode.workspace.workspaceFolders ?? [])
    .filter(({ uri }) => uri.scheme === 'file')
    .map(({ uri }) => uri.fsPath);
  const heads = (await Promise.all(folders.map(listProbeHeads))).flat();
  return await Promise.all(
    heads.map(async (head): Promise<ModelListing> => {
      const name = path.basename(head).replace(/\.probe\.safetensors$/i, ' (linear probe)');
      return {
        id: `file:${head}`,
        name,
        onDisk: true,
        bytes: (await stat(head)).size,
        licence: undefined,
        source: 'own',
      };
    }),
  );
}
