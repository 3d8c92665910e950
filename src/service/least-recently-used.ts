/** A cache that drops what was used longest ago once its contents cost more than a limit. */
export class LeastRecentlyUsed<Value> {
  /** In order of use, the latest last. */
  private readonly values = new Map<string, Value>();

  /**
   * @param limit of the summed costs; the newest value stays whatever it costs
   * @param costOf what one value costs; asked again each time, since it may grow
   * @param onDrop called with each value that leaves
   */
  constructor(
    private readonly limit: number,
    private readonly costOf: (value: Value) => number,
    private readonly onDrop: (value: Value) => void = () => undefined,
  ) {}

  get(key: string): Value | undefined {
    const value = this.values.get(key);
    if (value !== undefined) {
      this.values.delete(key);
      this.values.set(key, value);
    }
    return value;
  }

  set(key: string, value: Value): void {
    this.values.delete(key);
    this.values.set(key, value);
    this.trim();
  }

  /** Drops until the limit holds. */
  private trim(): void {
    const costs = [...this.values].map(([key, value]) => ({
      key,
      value,
      cost: this.costOf(value),
    }));
    let sum = costs.reduce((total, { cost }) => total + cost, 0);
    for (const { key, value, cost } of costs.slice(0, -1)) {
      if (sum <= this.limit) return;
      this.values.delete(key);
      this.onDrop(value);
      sum -= cost;
    }
  }
}
