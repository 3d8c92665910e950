/** Paths of pictures as links: following one explains the picture. */
import { setImmediate } from 'node:timers/promises';
import * as vscode from 'vscode';
import { FileLookups } from './file-lookups';
import { imagesOfLine, looksForImages } from './image-at';
import { commandUri, explainCommandOf } from './image-hover';

/** A manifest may name thousands of pictures, and each is looked up. */
const mostLinks = 200;
const linesAtOnce = 16;
/** The editor's own links open the file there; two links on one text would be one too many. */
const hasOwnLinks = new Set(['markdown', 'html', 'css', 'scss', 'less']);

export class ImageLinks implements vscode.DocumentLinkProvider {
  async provideDocumentLinks(
    document: vscode.TextDocument,
    token: vscode.CancellationToken,
  ): Promise<vscode.DocumentLink[]> {
    if (!looksForImages(document) || hasOwnLinks.has(document.languageId)) return [];
    const lookups = new FileLookups(() => token.isCancellationRequested);
    const links: vscode.DocumentLink[] = [];
    for (let first = 0; first < document.lineCount; first += linesAtOnce) {
      if (lookups.areOver || links.length >= mostLinks) break;
      const lines = Array.from(
        { length: Math.min(linesAtOnce, document.lineCount - first) },
        (_, at) => imagesOfLine(document, first + at, mostLinks, lookups),
      );
      links.push(...(await Promise.all(lines)).flat().map(linkOf));
      await setImmediate(); // a long table is not read in one go
    }
    return links.slice(0, mostLinks);
  }
}

function linkOf({ uri, range }: { uri: vscode.Uri; range: vscode.Range }): vscode.DocumentLink {
  const target = vscode.Uri.parse(commandUri(explainCommandOf({ uri }), uri.toString()));
  const link = new vscode.DocumentLink(range, target);
  link.tooltip = 'Explain'; // the editor adds how to follow it
  return link;
}
