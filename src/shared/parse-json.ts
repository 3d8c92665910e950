/** JSON of others: a few megabytes of brackets would take gigabytes, and deep ones the stack of who walks them. */

/** Nobody's files nest deeper than some dozens. */
const deepest = 500;

const quote = 0x22;
const backslash = 0x5c;
const bracket = 0x5b;
const brace = 0x7b;
const closingBracket = 0x5d;
const closingBrace = 0x7d;
const colon = 0x3a;

/** Arrays, objects and their fields that a text may have. */
export const mostParts = {
  /** Half a million tokens of a tokenizer in pairs, and more than the classes of any model. */
  besideModel: 5e6,
  /** Annotations of a dataset of a million boxes. */
  table: 20e6,
} as const;

/** @throws SyntaxError, whose message is a clause */
export function parseJson(text: string, most: number = mostParts.besideModel): unknown {
  checkJson(text, most);
  return JSON.parse(text) as unknown;
}

/** @throws SyntaxError where parsing the text would take too much */
export function checkJson(text: string, most: number = mostParts.besideModel): void {
  let depth = 0;
  let parts = 0;
  let isInString = false;
  // By codes: in texts of hundreds of megabytes an expression takes several times as long.
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (isInString) {
      if (code === backslash) at += 1;
      else if (code === quote) isInString = false;
      continue;
    }
    switch (code) {
      case quote:
        isInString = true;
        break;
      case bracket:
      case brace:
        parts += 1;
        depth += 1;
        break;
      case closingBracket:
      case closingBrace:
        depth -= 1;
        break;
      case colon:
        parts += 1;
    }
    if (depth > deepest) throw new SyntaxError(`it is nested deeper than ${deepest} levels`);
    if (parts > most) throw new SyntaxError(`it has more than ${most} parts`);
  }
}
