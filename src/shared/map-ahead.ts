/**
 * What comes of each item, in their order, with several under way.
 *
 * @param most how many are begun before the first of them is taken
 * @param begin must not reject: nobody awaits its answer before its turn
 */
export async function* mapAhead<Item, Answer>(
  items: AsyncIterable<Item> | Iterable<Item>,
  most: number,
  begin: (item: Item) => Promise<Answer>,
): AsyncGenerator<readonly [Item, Answer], void> {
  const ahead: { readonly item: Item; readonly answer: Promise<Answer> }[] = [];
  for await (const item of items) {
    ahead.push({ item, answer: begin(item) });
    const first = ahead.length > most ? ahead.shift() : undefined;
    if (first !== undefined) yield [first.item, await first.answer];
  }
  for (const { item, answer } of ahead) yield [item, await answer];
}
