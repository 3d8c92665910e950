/** The config.json of Hugging Face or timm beside a checkpoint, read with care: any field may be missing. */

export class ModelConfig {
  constructor(
    private readonly root: Readonly<Record<string, unknown>>,
    /** The file it was read from, or why there is none; for messages. */
    readonly origin: string,
  ) {}

  /** A number under any of these names, in the vision part of a two-tower config first. */
  number(...names: readonly string[]): number | undefined {
    return this.find(names, (value) => typeof value === 'number' && Number.isFinite(value)) as
      | number
      | undefined;
  }

  text(...names: readonly string[]): string | undefined {
    return this.find(names, (value) => typeof value === 'string') as string | undefined;
  }

  /** A side length or `[height, width]` under any of these names. */
  size(...names: readonly string[]): readonly [number, number] | undefined {
    const side = this.number(...names);
    if (side !== undefined) return [side, side];
    const pair = this.find(names, (value) => Array.isArray(value) && value.length === 2);
    if (!Array.isArray(pair)) return undefined;
    const [height, width] = pair.map(Number);
    return height && width ? [height, width] : undefined;
  }

  /** `model_type` of the whole file, e.g. `clip` where the vision part says `clip_vision_model`. */
  get modelType(): string | undefined {
    const type = this.root['model_type'];
    return typeof type === 'string' ? type : undefined;
  }

  /** Class names by index, unless they are the placeholders `LABEL_0`, `LABEL_1`, …. */
  get labels(): readonly string[] | undefined {
    const list = this.find(['label_names'], Array.isArray);
    if (Array.isArray(list)) return list.map(String);
    const { id2label } = this.root;
    if (!isRecord(id2label)) return undefined;
    const entries = Object.entries(id2label).map(([id, label]): [number, string] => [
      Number(id),
      String(label),
    ]);
    if (entries.every(([id, label]) => label === `LABEL_${id}`)) return undefined;
    const labels: string[] = [];
    for (const [id, label] of entries) {
      if (Number.isInteger(id) && id >= 0 && id < entries.length) labels[id] = label;
    }
    return Array.from({ length: entries.length }, (_, id) => labels[id] ?? `Class ${id}`);
  }

  /** timm's `pretrained_cfg`: input size, mean, std, interpolation. */
  get pretrained(): Readonly<Record<string, unknown>> | undefined {
    const { pretrained_cfg: config } = this.root;
    return isRecord(config) ? config : undefined;
  }

  private find(names: readonly string[], fits: (value: unknown) => boolean): unknown {
    const places = [
      this.root['vision_config'],
      this.root['model_args'],
      this.root,
      this.root['pretrained_cfg'],
    ].filter(isRecord);
    for (const place of places) {
      for (const name of names) if (fits(place[name])) return place[name];
    }
    return undefined;
  }
}

export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
