/** What makes drawings and XML files heavy, endless or curious, put in between two of their tags. */
import { pick, type Edit } from '../input';
import { textEdit } from './text';

const blur =
  '<filter id="b" width="900%" height="900%"><feGaussianBlur stdDeviation="900"/></filter>' +
  '<g filter="url(#b)"><g filter="url(#b)"><g filter="url(#b)"><rect width="9000" height="9000"/></g></g></g>';
const shapes = [
  blur,
  '<image href="file:///etc/passwd" width="9" height="9"/>',
  '<image href="http://127.0.0.1:1/x.png" width="9" height="9"/>',
  '<use href="#a"/><g id="a"><use href="#a"/></g>',
  '<script>while(true);</script>',
  '<rect width="1e30" height="-1"/>',
  '<path d="M0 0 L nan 1e400 A 0 0 0 2 3 4"/>',
  `<path stroke-dasharray=".001" stroke="red" d="M0 0 L 9e6 9e6"/>`,
  '<text font-size="1e9">x</text>',
  '<style>@import url(file:///dev/zero);</style>',
  '<pattern id="p" width=".001" height=".001"><rect/></pattern><rect fill="url(#p)" width="99%" height="99%"/>',
];
const markup = [
  '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>&x;',
  '<!DOCTYPE a [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><t>&b;&b;&b;</t>',
  '&x;',
  '<!--',
  '<![CDATA[',
  '</svg>',
  '<a>',
  '<__proto__><toString>1</toString></__proto__>',
  '<?xml version="1.0" encoding="UTF-16"?>',
];

function between(pieces: readonly string[]): Edit {
  return textEdit((text, random) => {
    const tags = [...text.matchAll(/>\s*</g)];
    const at = tags.length === 0 ? 0 : pick(random, tags).index + 1;
    const piece = pick(random, pieces);
    return text.slice(0, at) + piece.repeat(pick(random, [1, 1, 1, 100])) + text.slice(at);
  });
}

const nested: Edit = textEdit((text, random) => {
  const depth = pick(random, [100, 1000, 20_000]);
  return text.replace(/>/, () => `>${'<g>'.repeat(depth)}${'</g>'.repeat(depth)}`);
});

export const svgEdits: readonly Edit[] = [
  between(shapes),
  between(shapes),
  between(markup),
  nested,
];
export const xmlEdits: readonly Edit[] = [between(markup), nested];
