/** What the pages of all reports are made of. */
import { markup, type Markup } from './html';
import { reportStyle } from './report-style';

export interface ReportPage {
  readonly title: string;
  /** Sources of pictures besides `data:`, as the content policy writes them. */
  readonly pictureSources?: string | undefined;
  /** Besides that of all reports. */
  readonly style?: string;
  /** What the page tells its surroundings, once it is there. */
  readonly script?: { readonly nonce: string; readonly code: string } | undefined;
}

/** A page that needs nothing else: no font, no script but this one, no picture from elsewhere. */
export function reportPage(
  { title, pictureSources = '', style = '', script }: ReportPage,
  ...content: readonly Markup[]
): string {
  const policy = [
    `default-src 'none'`,
    `img-src data: ${pictureSources}`.trimEnd(),
    `style-src 'unsafe-inline'`,
    ...(script ? [`script-src 'nonce-${script.nonce}'`] : []),
  ].join('; ');
  return `<!doctype html>\n${
    markup`<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}">
<title>${title}</title>
<style>${{ html: `${reportStyle}${style}` }}</style>
</head>
<body>
<main>
<h1>${title}</h1>
${content}
</main>${script && markup`\n<script nonce="${script.nonce}">${{ html: script.code }}</script>`}
</body>
</html>
`.html
  }`;
}

export function section(title: string, ...content: readonly Markup[]): Markup {
  return markup`<section><h2>${title}</h2>
${content}
</section>
`;
}

export type Fact = readonly [name: string, value: string];

export function factList(facts: readonly Fact[]): Markup {
  return markup`<dl class="figures">${facts.map(([name, value]) => markup`<div><dt>${name}</dt><dd>${value}</dd></div>`)}</dl>`;
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)}\u00A0%`;
}
