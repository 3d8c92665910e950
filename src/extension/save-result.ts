/** Saving what a panel shows: the drawn picture, the figures as JSON, the maps as a NumPy array. */
import * as vscode from 'vscode';
import { changeInFull } from '../shared/change-in-words';
import { Failure } from '../shared/failure';
import { explanationFigures, stackedMaps } from '../shared/explanation-files';
import type { ExplainResult } from '../shared/protocol/explain';
import { describedPng } from './describe-png';
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
  // An array of NumPy says nothing of itself but by its name.
  const changed = result.change === undefined ? '' : '.changed';
  const target = await vscode.window.showSaveDialog({
    title: 'Save Explanation',
    defaultUri: vscode.Uri.joinPath(
      picture,
      '..',
      `${stem}${changed}.${result.method}.${request.format}`,
    ),
    filters: filters[request.format],
  });
  if (target !== undefined) await writeAndOffer(target, bytes);
}

/**
 * Writes, says so, and offers to open it.
 * @throws Failure when the place refuses it
 */
export async function writeAndOffer(target: vscode.Uri, bytes: Uint8Array): Promise<void> {
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
      return result.change === undefined
        ? request.png
        : describedPng(request.png, `What if: ${changeInFull(result.change)}.`);
    case 'json':
      return Buffer.from(`${JSON.stringify(explanationFigures(nameOf(picture), result))}\n`);
    case 'npy':
      return stackedMaps(result);
  }
}

/** A path where there is one, else the address. */
function nameOf(picture: vscode.Uri): string {
  return picture.scheme === 'file' ? picture.fsPath : picture.toString();
}
