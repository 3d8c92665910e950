/** Pointing at the path of a picture shows it small; nothing is inferred before a click. */
import * as vscode from 'vscode';
import { firstArchive, isTar } from '../../shared/tar-path';
import { formatBytes } from '../../shared/format-number';
import { harmless } from '../../shared/harmless';
import { commandIds } from '../commands/command-ids';
import { pictureName } from '../panel/picture';
import { imageAt, looksForImages, type ImageMention } from './image-at';
import type { ImagePreviews, PreviewAnswer } from './image-previews';

/** The editor's hover is 250 pixels high before it scrolls; the links have to be seen without that. */
const shown = { width: 240, height: 130 };

export class ImageHover implements vscode.HoverProvider {
  constructor(private readonly previews: ImagePreviews) {}

  async provideHover(
    document: vscode.TextDocument,
    position: vscode.Position,
    token: vscode.CancellationToken,
  ): Promise<vscode.Hover | undefined> {
    if (!looksForImages(document)) return undefined;
    const image = await imageAt(document, position, token);
    if (image === undefined || token.isCancellationRequested) return undefined;
    if (isTar(image.uri.path)) return new vscode.Hover(archiveText(image), image.range);
    const preview = await this.previews.of(image, () => !token.isCancellationRequested);
    return new vscode.Hover(hoverText(image, preview), image.range);
  }
}

function hoverText(image: ImageMention, preview: PreviewAnswer): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: [commandIds.explainImage, 'vscode.open'] };
  const size = formatBytes(image.size);
  if (preview !== undefined && 'dataUri' in preview) {
    const scale = Math.min(1, shown.width / preview.width, shown.height / preview.height);
    const [width, height] = [preview.width, preview.height].map((side) =>
      Math.max(1, Math.round(side * scale)),
    );
    text.appendMarkdown(`![](${preview.dataUri}|width=${width},height=${height})\n\n`);
    text.appendText(`${preview.width} × ${preview.height} pixels, ${size}`);
  } else {
    text.appendText(`${harmless(pictureName(image.uri))}, ${size}`);
    if (preview !== undefined) text.appendText(`\n${harmless(preview.problem)}`);
  }
  const explain = commandUri(commandIds.explainImage, image.uri.toString());
  const open = commandUri('vscode.open', image.uri);
  text.appendMarkdown(
    `\n\n[Explain Image with ViT](${explain} "Shows what a Vision Transformer sees in it") · [Open](${open})`,
  );
  return text;
}

/** Of the archives of a pattern, the size of the first. */
function archiveText({ uri, size }: ImageMention): vscode.MarkdownString {
  const text = new vscode.MarkdownString();
  text.isTrusted = { enabledCommands: [commandIds.explainFolder] };
  const name = harmless(pictureName(uri));
  text.appendText(
    `${name}, ${formatBytes(size)}${firstArchive(name) === name ? '' : ' in the first'}`,
  );
  const explain = commandUri(commandIds.explainFolder, uri.toString());
  text.appendMarkdown(
    `\n\n[Explain Folder with ViT](${explain} "Shows what a Vision Transformer sees in its pictures")`,
  );
  return text;
}

/** The command that explains what is mentioned. */
export function explainCommandOf({ uri }: Pick<ImageMention, 'uri'>): string {
  return isTar(uri.path) ? commandIds.explainFolder : commandIds.explainImage;
}

/** The address of a command with its one argument, for a link in Markdown too, which a bracket would end. */
export function commandUri(command: string, argument: unknown): string {
  const query = encodeURIComponent(JSON.stringify([argument]));
  return `command:${command}?${query.replaceAll('(', '%28').replaceAll(')', '%29')}`;
}
