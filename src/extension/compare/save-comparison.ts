/** Writing a comparison where the person wants it: as one picture, or as a page that needs nothing else. */
import * as vscode from 'vscode';
import { markup } from '../../dataset/report/html';
import { reportPage } from '../../dataset/report/page';
import type { FromComparison } from '../../shared/protocol/compare';
import { pictureName } from '../panel/picture';
import { writeAndOffer } from '../save-result';

type Drawn = Extract<FromComparison, { kind: 'saveHtml' }>;

const formatNames = { png: 'PNG picture', html: 'Web page' } as const;

/**
 * Asks where to, beside the picture by default, and writes.
 * @throws Failure when the place refuses it
 */
export async function saveComparison(
  format: keyof typeof formatNames,
  picture: vscode.Uri,
  bytes: Uint8Array,
): Promise<void> {
  const stem = pictureName(picture).replace(/\.[^.]*$/, '');
  const target = await vscode.window.showSaveDialog({
    title: 'Save Comparison',
    defaultUri: vscode.Uri.joinPath(picture, '..', `${stem}.compare.${format}`),
    filters: { [formatNames[format]]: [format] },
  });
  if (target !== undefined) await writeAndOffer(target, bytes);
}

const style = `
table.maps { border-collapse: collapse; }
table.maps :is(th, td) { padding: 6px; vertical-align: top; text-align: left; }
table.maps img { display: block; width: 224px; height: auto; }
table.maps p { max-width: 224px; margin: 4px 0 0; font-size: 0.9em; }
`;

/** What the page of a comparison drew, as a page of its own. */
export function comparisonPage({ title, sentences, columns, rows }: Drawn): string {
  const head = columns.map((name) => markup`<th scope="col">${name}</th>`);
  const body = rows.map(({ name, cells }) => {
    const drawn = cells.map(({ words, png }, at) => {
      const alt = [name, columns[at] ?? '', ...words].filter(Boolean).join(', ');
      const picture = png && markup`<img src="${dataUrl(png)}" alt="${alt}">`;
      return markup`<td>${picture}${words.map((word) => markup`<p>${word}</p>`)}</td>`;
    });
    return markup`<tr><th scope="row">${name}</th>${drawn}</tr>
`;
  });
  return reportPage(
    { title, style },
    ...sentences.map(
      (sentence) => markup`<p>${sentence}</p>
`,
    ),
    markup`<div class="wide" role="region" aria-label="Maps" tabindex="0"><table class="maps">
<thead><tr><td></td>${head}</tr></thead>
<tbody>
${body}</tbody>
</table></div>
`,
  );
}

function dataUrl(png: Uint8Array): string {
  return `data:image/png;base64,${Buffer.from(png).toString('base64')}`;
}
