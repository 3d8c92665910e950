/** Saving what a panel shows: the drawn picture, the figures as JSON, the maps as a NumPy array. */
import * as vscode from 'vscode';
import { Failure } from '../shared/failure';
import { writeNpy } from '../shared/npy';
import type { ExplainResult } from '../shared/worker-protocol';
import { pictureName } from './panel/picture';

interface SaveRequest {
  readonly format: 'png' | 'json' | 'npy';
  readonly png?: Uint8Array | undefined;
}

const filters: Record<SaveRequest['format'], Record<string, string[]>> = {
  png: { 'PNG picture': ['png'] },
  json: { JSON: ['json'] },
  npy: { 'NumPy array': ['npy'] },
};

/**
 * Asks where to, beside the picture by default, and writes.
 * @throws Failure when there is nothing to write or the place refuses it
 */
export async function saveResult(
  picture: vscode.Uri,
  request: SaveRequest,
  result: ExplainResult,
): Promise<void> {
  const bytes = encode(picture, request, result);
  const stem = pictureName(picture).replace(/\.[^.]*$/, '');
  const target = await vscode.window.showSaveDialog({
    title: 'Save Explanation',
    defaultUri: vscode.Uri.joinPath(picture, '..', `${stem}.${result.method}.${request.format}`),
    filters: filters[request.format],
  });
  if (target === undefined) return;
  try {
    await vscode.workspace.fs.writeFile(target, bytes);
  } catch (error) {
    throw new Failure(
      'internal',
      `${target.path} could not be written.`,
      'Choose another folder, or check its permissions and space.',
      { cause: error },
    );
  }
  const reveal = 'Open';
  const answer = await vscode.window.showInformationMessage(`Saved ${target.path}.`, reveal);
  if (answer === reveal) await vscode.commands.executeCommand('vscode.open', target);
}

function encode(picture: vscode.Uri, request: SaveRequest, result: ExplainResult): Uint8Array {
  switch (request.format) {
    case 'png':
      if (request.png === undefined) {
        throw new Failure(
          'internal',
          'The panel sent no picture.',
          'Wait for the map, then retry.',
        );
      }
      return request.png;
    case 'json':
      return Buffer.from(`${JSON.stringify(figures(picture, result), undefined, 2)}\n`);
    case 'npy':
      return stackedMaps(result);
  }
}

/** The same fields as the command line's `--json`. */
function figures(picture: vscode.Uri, result: ExplainResult): unknown {
  return {
    model: { id: result.modelId, sha256: result.modelSha256 },
    input: picture.scheme === 'file' ? picture.fsPath : picture.toString(),
    method: result.method,
    preset: result.preset,
    grid: result.grid,
    topK: result.topK,
    explanations: result.heatmaps.map(({ index, label, values }) => ({
      index,
      label,
      heatmap: [...values],
    })),
    milliseconds: result.milliseconds,
  };
}

/** float32 `[K, rows, columns]`, classes in the order of the list. */
function stackedMaps({ heatmaps }: ExplainResult): Uint8Array {
  const [first] = heatmaps;
  if (first === undefined) {
    throw new Failure('internal', 'There is no map to save.', 'Wait for the first map.');
  }
  const [rows, columns] = first.shape;
  const values = new Float32Array(heatmaps.length * rows * columns);
  heatmaps.forEach((heatmap, place) => values.set(heatmap.values, place * rows * columns));
  return writeNpy({ shape: [heatmaps.length, rows, columns], values });
}
