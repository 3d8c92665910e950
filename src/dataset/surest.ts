const mostKept = 50;

/** Of what comes one after another, the surest; of equally sure ones those that came first. */
export class Surest<Item> {
  /** The surest first. */
  private kept: readonly Item[] = [];

  /** @param surenessOf 0 … 1 */
  constructor(private readonly surenessOf: (item: Item) => number) {}

  get items(): readonly Item[] {
    return this.kept;
  }

  add(item: Item): void {
    const { kept, surenessOf } = this;
    const least = kept[mostKept - 1];
    if (least !== undefined && surenessOf(item) <= surenessOf(least)) return;
    const sorted = [...kept, item].sort((a, b) => surenessOf(b) - surenessOf(a));
    this.kept = sorted.slice(0, mostKept);
  }
}
