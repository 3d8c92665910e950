/**
 * A text of others (a file's name, a class, a hub's description) for a terminal or a dialog: what
 * would steer a terminal, begin a line of its own or turn the direction of writing is spelled out,
 * `\x1b` or `\u202e`.
 */
export function harmless(text: string): string {
  return text.replace(/[\p{Cc}\u2028-\u202e\u2066-\u2069]/gu, (character) => {
    const code = character.charCodeAt(0);
    return code < 0x100
      ? `\\x${code.toString(16).padStart(2, '0')}`
      : `\\u${code.toString(16).padStart(4, '0')}`;
  });
}
