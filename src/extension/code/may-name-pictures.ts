/** Whether a text is worth reading for paths of pictures: far quicker than reading it for them. */
import { pictureEndings } from '../../shared/picture-endings';

/** Endings without their dot, which code may keep apart from them; `tar` is in too many words. */
const anyEnding = new RegExp(`${pictureEndings.join('|')}|\\btar(?![a-z\\d])`, 'i');
/** `.*`, `.jp*g`, `.{j,}pg` */
const patternOfEndings = /\.[a-z]*[*?]|\.\{/i;

/** False only where no path of a picture or an archive is in it, unless its ending is put together from pieces. */
export function mayNamePictures(text: string): boolean {
  return anyEnding.test(text) || patternOfEndings.test(text);
}
