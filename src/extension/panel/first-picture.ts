/** What the panel shows before its script has run: the picture, where the page draws it as it is. */
import type { DrawnPicture } from '../../shared/panel/panel-model';
import type { ShownPicture } from './shown-picture';

/** A file that takes longer to read keeps the page waiting no longer: it comes with the other news. */
const mostMilliseconds = 100;

/** Of the same elements as the page draws (`src/webview`): it takes them over, and nothing is loaded twice. */
export async function firstPicture(shown: ShownPicture): Promise<string> {
  const drawn = shown.drawnAtOnce().catch(() => undefined); // what is wrong is told by whoever explains it
  const picture = await Promise.race([drawn, late()]);
  // A long address would travel, and be kept, with every page.
  return picture === undefined || picture.imageSrc.startsWith('data:') ? '' : markupOf(picture);
}

/** As the page has it while it knows nothing else. */
export function markupOf({ uri, fileName, place, imageSrc }: DrawnPicture): string {
  return `<div class="panel-page"><div class="panel">
    <main class="viewer">
      <div class="stage"><div class="messages"></div><div class="scroller"><div class="picture unmeasured"><img src="${escaped(imageSrc)}" alt="${escaped(fileName)}" crossorigin="anonymous" data-uri="${escaped(uri)}" data-place="${escaped(place)}"></div></div></div>
      <div class="caption"></div>
      <div class="toolbar"></div>
    </main>
    <aside class="side"></aside>
  </div></div>`;
}

function late(): Promise<undefined> {
  return new Promise((resolve) => setTimeout(resolve, mostMilliseconds));
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}
