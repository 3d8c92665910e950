/** A text without its middle where it is too long: the end closes what the beginning opens. */
export function shortened(text: string, mostCharacters: number): string {
  const half = Math.floor(mostCharacters / 2);
  return text.length > mostCharacters ? `${text.slice(0, half)}…${text.slice(-half)}` : text;
}
