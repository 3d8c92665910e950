/**
 * The lines of a text that comes in portions, those of a portion at a time; they end as on any system.
 *
 * @param longest characters of a line
 * @throws Error whose message is a clause, for a line that is longer
 */
export async function* textLines(
  portions: AsyncIterable<string>,
  longest: number,
): AsyncGenerator<readonly string[], void> {
  let begun = '';
  for await (const portion of portions) {
    const text = begun + portion;
    // The line feed that belongs to a carriage return may be in the next portion.
    const isSplit = text.endsWith('\r');
    const lines = (isSplit ? text.slice(0, -1) : text).split(/\r\n|\r|\n/);
    begun = `${lines.pop() ?? ''}${isSplit ? '\r' : ''}`;
    if (begun.length > longest) throw new Error(`a line in it has more than ${longest} characters`);
    yield lines;
  }
  yield begun.split('\r');
}
