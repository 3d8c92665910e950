/** Whether a text is worth reading for paths of pictures: far quicker than reading it for them. */
import { pictureEndings } from '../../shared/picture-endings';

/** Endings without their dot, which code may keep apart from them; `tar` is in too many words. */
const anyEnding = new RegExp(`${pictureEndings.join('|')}|\\btar\\b`, 'i');
/** `.*`, `.jp*g`, `.[jp]*` */
const patternOfEndings = /\.\w*[*?[{]/;

/** False only where no path of a picture or an archive can be in it. */
export function mayNamePictures(text: string): boolean {
  return anyEnding.test(text) || patternOfEndings.test(text);
}
